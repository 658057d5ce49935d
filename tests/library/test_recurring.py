"""Passages that recur: a stretch that was copied into another piece is found with its bars and its key, and nothing
else is taken for one."""

from dataclasses import replace

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError, SettingsError
from symbolic_embed.library.building import build, featured
from symbolic_embed.library.elsewhere import near_elsewhere
from symbolic_embed.library.features import KINDS, Needs
from symbolic_embed.library.laid_out import harmony_of_bars
from symbolic_embed.library.recurring import Recurrence, recurring
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import DuplicatesRequest
from symbolic_embed.score import Notes
from symbolic_embed.similarity.harmony import bars_of

BAR = 4 * pieces.QUARTER
PASSAGES = DuplicatesRequest(passages=True)
SOURCE = pieces.piece(1, bars=12)


def after_each_other(*stretches):
    """A piece of stretches of pieces for the same parts: (piece, first bar, the one behind its last), from 0."""
    tracks = list(stretches[0][0].tracks)
    notes = [[] for _ in tracks]
    begin = 0
    for score, first, end in stretches:
        for number, track in enumerate(score.tracks):
            onset = track.notes.onset_ticks
            some = track.notes.where((onset >= first * BAR) & (onset < end * BAR))
            notes[number].append((some.onset_ticks + (begin - first) * BAR, some))
        begin += end - first

    def joined(parts):
        onsets = np.concatenate([onset for onset, _ in parts])
        columns = ("duration_ticks", "pitch", "velocity")
        return Notes.of(onsets, *(np.concatenate([getattr(some, name) for _, some in parts]) for name in columns))

    together = [replace(track, notes=joined(parts)) for track, parts in zip(tracks, notes, strict=True)]
    return replace(stretches[0][0], tracks=tuple(together))


def found_in(music, embedder, **fields):
    pieces_of = [(path, cut(score)) for path, score in music.items()]
    return recurring(pieces_of, embedder, DuplicatesRequest(passages=True, **fields))


def with_copied(*, semitones=0, edited=lambda score: score):
    """Two pieces, of which the second has bars 4 to 9 of the first as its bars 3 to 8; and a third with nothing."""
    copied = edited(pieces.transposed(SOURCE, semitones))
    other = after_each_other((pieces.piece(2), 0, 2), (copied, 3, 9), (pieces.piece(3), 0, 3))
    return {"source.mid": SOURCE, "other.mid": other, "third.mid": pieces.piece(9, bars=14)}


def test_a_copied_stretch_is_found_with_its_bars(embedder_with_passages):
    [found] = found_in(with_copied(), embedder_with_passages)
    assert found == Recurrence("source.mid", 4, 9, "other.mid", 3, 8, transposition=0, distance=0.0)


def test_in_another_key_only_where_that_is_asked_for(embedder_with_passages):
    music = with_copied(semitones=3)
    assert found_in(music, embedder_with_passages) == []
    [found] = found_in(music, embedder_with_passages, transpose=True)
    assert (found.bar, found.last_bar, found.other_bar, found.other_last_bar) == (4, 9, 3, 8)
    assert found.transposition == 3
    assert found.distance <= 0.1


def one_wrong_note_in_two_bars(score):
    tracks = list(score.tracks)
    pitch = tracks[0].notes.pitch.astype(int)
    pitch[::12] += 1
    tracks[0] = replace(tracks[0], notes=pieces.with_pitches(tracks[0].notes, pitch))
    return replace(score, tracks=tuple(tracks))


def test_a_few_wrong_notes_do_not_hide_it(embedder_with_passages):
    [found] = found_in(with_copied(edited=one_wrong_note_in_two_bars), embedder_with_passages)
    assert (found.bar, found.last_bar, found.other_bar) == (4, 9, 3)
    assert 0 < found.distance <= 0.1


def test_shorter_stretches_than_asked_for_are_left_out(embedder_with_passages):
    assert found_in(with_copied(), embedder_with_passages, shortest=7) == []
    assert len(found_in(with_copied(), embedder_with_passages, shortest=6)) == 1


def test_unrelated_pieces_have_nothing_in_common(embedder_with_passages):
    music = {f"{seed}.mid": pieces.piece(seed, bars=10) for seed in range(20, 28)}
    for transpose in (False, True):
        assert found_in(music, embedder_with_passages, transpose=transpose, same_file=True) == []


def test_its_own_file_counts_where_that_is_asked_for(embedder_with_passages):
    music = {"twice.mid": after_each_other((SOURCE, 0, 5), (pieces.piece(2), 0, 2), (SOURCE, 0, 5))}
    assert found_in(music, embedder_with_passages) == []
    [found] = found_in(music, embedder_with_passages, same_file=True)
    assert found == Recurrence("twice.mid", 1, 5, "twice.mid", 8, 12, transposition=0, distance=0.0)


def test_what_goes_round_in_itself_is_not_laid_over_itself(embedder_with_passages):
    music = {"round.mid": after_each_other(*[(SOURCE, 0, 4)] * 3)}
    found = found_in(music, embedder_with_passages, same_file=True)
    assert found
    assert all(one.last_bar < one.other_bar for one in found)


def held(pitch, *, bars):
    """A piece of which one part holds a note, struck again in each bar."""
    onsets = 4 * np.arange(bars)
    ticks = pieces.QUARTER * np.stack([onsets, np.full(bars, 4)])
    notes = Notes.of(*ticks, np.full(bars, pitch), np.full(bars, 90))
    return replace(SOURCE, tracks=(replace(SOURCE.tracks[0], notes=notes),))


def test_held_notes_silence_and_drums_say_nothing(embedder_with_passages):
    music = {
        "one.mid": held(60, bars=8),
        "other.mid": held(60, bars=9),
        "drums.mid": pieces.piece(4, bars=6, parts=(pieces.drums,)),
        "more drums.mid": pieces.piece(4, bars=8, parts=(pieces.drums,)),
    }
    assert found_in(music, embedder_with_passages, transpose=True) == []


def test_files_of_the_same_notes_count_once_and_a_store_answers_as_its_files(embedder_with_passages):
    music = {**with_copied(), "copy.mid": SOURCE}
    expected = found_in(music, embedder_with_passages)
    assert [one.path for one in expected] == ["source.mid"]
    store = MemoryStore(embedder_with_passages.embedding_hash, frozenset(KINDS))
    build([(path, cut(score)) for path, score in music.items()], embedder_with_passages, store)
    assert recurring(store, embedder_with_passages, PASSAGES) == expected


def test_nothing_recurs_in_nothing(embedder_with_passages):
    assert recurring([], embedder_with_passages, PASSAGES) == []
    assert recurring([("a.mid", cut(pieces.piece(1, bars=2)))], embedder_with_passages, PASSAGES) == []


def test_a_model_without_passages_is_refused(embedder):
    with pytest.raises(CheckpointError, match="no passage encoder"):
        recurring([("a.mid", cut(SOURCE))], embedder, PASSAGES)


def test_what_is_said_of_passages_needs_them():
    with pytest.raises(SettingsError, match="`shortest` is of passages"):
        DuplicatesRequest(shortest=8)
    with pytest.raises(SettingsError, match="`same_file` is of passages"):
        DuplicatesRequest(same_file=True)


@pytest.mark.parametrize("bars", [3, 7, 8, 9, 15])
def test_harmony_comes_back_bar_by_bar(embedder_with_passages, bars):
    alone = pieces.piece(5, bars=bars, parts=(pieces.chords,))
    (piece,) = featured([("a", cut(alone))], embedder_with_passages, Needs.of("bars", "harmony"))
    found = harmony_of_bars(piece.bars, piece.harmony)
    assert found.shape == (bars, 2, 12)
    np.testing.assert_array_equal(found, bars_of(piece.harmony, most=bars).astype(np.float16))


def test_equal_bars_say_where_harmony_begins_behind_drums_alone(embedder_with_passages):
    melody = pieces.melody(6, bars=8)
    later = replace(melody, notes=melody.notes.where(melody.notes.onset_ticks >= 2 * BAR))
    band = replace(SOURCE, tracks=(later, pieces.drums(7, bars=8)))
    music = after_each_other((band, 0, 2), (band, 2, 5), (band, 2, 5), (band, 5, 8))
    (piece,) = featured([("a", cut(music))], embedder_with_passages, Needs.of("bars", "harmony"))
    found = harmony_of_bars(piece.bars, piece.harmony)
    assert found.any(axis=(1, 2)).tolist() == [False] * 2 + [True] * 9


def test_near_vectors_of_other_owners_are_found_as_by_comparing_all():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(200, 16))
    vectors[100:] = vectors[:100] + 0.05 * random.normal(size=(100, 16))  # each has one that is near
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    owner = np.arange(200) % 10  # so that the near ones have one owner ...
    assert len(near_elsewhere(vectors, owner, similarity=0.9).one) == 0
    assert len(near_elsewhere(vectors, owner, similarity=0.9, at_home=True).one) > 90
    owner[100:] += 10  # ... or two
    near = near_elsewhere(vectors, owner, similarity=0.9)
    expected = {(number, number + 100) for number in range(100)}
    found = set(zip(near.one.tolist(), near.other.tolist(), strict=True))
    assert found <= expected
    assert len(found) > 90
