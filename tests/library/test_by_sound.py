"""Pieces by what can be heard: recordings beside MIDI, and beside each other."""

from __future__ import annotations

import numpy as np
import pieces
import pytest
import sounds
import tiny

from symbolic_embed.bars import cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError
from symbolic_embed.library.by_sound import (
    Query,
    Sounding,
    query_of_bars,
    query_of_recording,
    ranked_by_sound,
    sounding,
)
from symbolic_embed.library.sounds import compares_sound, is_melody, is_recording, is_sound_file
from symbolic_embed.listening.recordings import wav_of
from symbolic_embed.listening.spectra import RATE, spectra
from symbolic_embed.requests import RankRequest
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


@pytest.fixture(scope="module")
def listener(tmp_path_factory):
    return Embedder.of(tiny.with_sound(tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="module")
def scores():
    return {f"{seed}.mid": pieces.piece(seed, bars=8) for seed in range(4)}


def searched(scores, listener):
    music = [(path, cut(score)) for path, score in scores.items()]
    return list(sounding(music, listener))


def recorded(score):
    return spectra(sounds.played(score_to_events(score)))


def test_a_piece_is_no_distance_from_itself(scores, listener):
    query = query_of_bars(cut(scores["2.mid"]), listener, transpose=False)
    (matches,) = ranked_by_sound([query], searched(scores, listener), listener, RankRequest())
    assert (matches[0].path, matches[0].distance) == ("2.mid", pytest.approx(0, abs=1e-3))
    assert [match.distance for match in matches] == sorted(match.distance for match in matches)
    assert len(matches) == 4


def test_a_recording_is_no_distance_from_itself(scores, listener):
    heard = recorded(scores["1.mid"])
    query = query_of_recording(heard, listener.sound_model, transpose=False)
    recording = Sounding("1.wav", listener.sound_model.counted(heard))
    other = Sounding("3.wav", listener.sound_model.counted(recorded(scores["3.mid"])))
    (matches,) = ranked_by_sound([query], [other, recording], listener, RankRequest())
    assert [match.path for match in matches] == ["1.wav", "3.wav"]
    assert matches[0].distance == pytest.approx(0, abs=1e-3)


def test_transposed_it_is_found_in_its_key(scores, listener):
    query = query_of_bars(cut(pieces.transposed(scores["2.mid"], 3)), listener, transpose=True)
    (matches,) = ranked_by_sound([query], searched(scores, listener), listener, RankRequest(transpose=True))
    assert (matches[0].path, matches[0].transposition) == ("2.mid", -3)


def test_a_recording_is_transposed_by_moving_what_is_heard(scores, listener):
    heard = recorded(scores["1.mid"])
    query = query_of_recording(heard, listener.sound_model, transpose=True)
    assert len(query.keys) == 12
    moved = query_of_recording(heard.moved(2), listener.sound_model, transpose=False)
    up = query.keys[TRANSPOSITIONS.index(2)]
    np.testing.assert_array_equal(up[0].vectors, moved.keys[0][0].vectors)


def test_only_so_many_and_by_path_where_equally_near(scores, listener):
    ways = listener.sound_model.counted(recorded(scores["1.mid"]))
    twins = [Sounding(path, ways) for path in ("b.wav", "a.wav", "c.wav")]
    (matches,) = ranked_by_sound([Query((ways,))], twins, listener, RankRequest(top=2))
    assert [match.path for match in matches] == ["a.wav", "b.wav"]


def test_embeddings_of_windows_do_not_depend_on_their_company(listener):
    melody = np.concatenate([sounds.sine(pitch, 0.5) for pitch in (60, 64, 67, 72, 71, 67, 64, 62) * 4])
    first, second = (listener.sound_model.counted(spectra(melody)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.vectors, other.vectors)


def test_without_an_encoder_the_way_out_is_named(embedder_with_passages):
    assert not embedder_with_passages.has_sound
    with pytest.raises(CheckpointError, match="train embedder --representation chroma"):
        _ = embedder_with_passages.sound_model


@pytest.fixture
def files(tmp_path, scores):
    tune = np.concatenate([sounds.sine(pitch, 0.5) for pitch in (60, 62, 64, 65, 67, 69, 71, 72)])
    chord = sum(sounds.sine(pitch, 4.0, loudness=0.2) for pitch in (48, 55, 60, 64, 67))
    for name, samples in (("tune", tune), ("chord", chord)):
        (tmp_path / f"{name}.wav").write_bytes(wav_of(samples, RATE))
    pieces.folder_of(tmp_path, {"piece.mid": scores["1.mid"]})
    return tmp_path


def test_what_a_file_is_is_told_by_its_content(files):
    disguised = files / "tune.mid"
    disguised.write_bytes((files / "tune.wav").read_bytes())
    assert is_sound_file(str(disguised))
    assert is_sound_file(disguised.read_bytes())
    assert not is_sound_file(str(files / "piece.mid"))
    assert not is_sound_file(str(files / "missing.wav"))


def test_a_tune_is_a_melody_and_a_chord_is_none(files):
    assert is_melody(str(files / "tune.wav"))
    assert not is_melody(str(files / "chord.wav"))


@pytest.mark.parametrize(
    ("query", "searched", "by", "expected"),
    [
        ("piece.mid", ["a.mid"], None, False),
        ("piece.mid", ["a.mid"], "sound", True),
        ("piece.mid", ["a.mid", "b.flac"], None, True),
        ("piece.mid", ["b.flac"], "all", False),
        ("tune.wav", ["a.mid"], None, False),
        ("chord.wav", ["a.mid"], None, True),
        ("chord.wav", ["a.mid"], "tune", False),
    ],
)
def test_when_sound_is_what_counts(files, listener, query, searched, by, expected):
    assert compares_sound(RankRequest(by=by), listener, [str(files / query)], searched) is expected


def test_without_an_encoder_it_is_only_where_it_is_asked_for(files, embedder_with_passages):
    chord = [str(files / "chord.wav")]
    assert not compares_sound(RankRequest(), embedder_with_passages, chord, ["b.flac"])
    assert compares_sound(RankRequest(by="sound"), embedder_with_passages, chord, [])


def test_names_of_recordings():
    assert is_recording("a/b.WAV")
    assert is_recording("x.mp3")
    assert not is_recording("x.mid")
