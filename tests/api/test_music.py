"""A seed may be a path, bytes, or an object of a library; all mean the same piece."""

import composers
import midi_bytes
import mido
import pretty_midi
import pytest
import symusic

from symbolic_embed.api.music import UNNAMED, events_of, piece_of, pieces_in, seed_of
from symbolic_embed.errors import MidiError, NoNotesError


@pytest.fixture
def band(tmp_path):
    path = tmp_path / "band.mid"
    path.write_bytes(composers.band_seed().events.to_bytes())
    return path


def notes_of(barred):
    return [
        sorted(zip(t.notes.onset_ticks.tolist(), t.notes.duration_ticks.tolist(), t.notes.pitch.tolist(), strict=True))
        for t in barred.score.tracks
    ]


def test_paths_bytes_and_objects_are_one_piece(band):
    by_path = piece_of(band)
    seeds = [
        str(band),
        band.read_bytes(),
        mido.MidiFile(band),
        symusic.Score(str(band)),
        pretty_midi.PrettyMIDI(str(band)),
    ]
    for music in seeds:
        assert notes_of(piece_of(music)) == notes_of(by_path)
        assert notes_of(seed_of(music).barred) == notes_of(by_path)


def test_what_it_is_called(band):
    assert seed_of(band).stem == "band"
    assert seed_of(band.read_bytes()).path == UNNAMED
    assert events_of(band).source == str(band)


def test_what_is_no_music():
    with pytest.raises(TypeError, match="dict"):
        seed_of({})
    with pytest.raises(MidiError, match="not MIDI"):
        seed_of(b"once upon a time")
    with pytest.raises(NoNotesError):
        piece_of(midi_bytes.midi(midi_bytes.track()))


def test_folders_are_walked_and_bad_files_told_of(band):
    (band.parent / "bad.mid").write_bytes(b"no")
    with pytest.raises(MidiError):
        list(pieces_in(band.parent, None))
    told = {}
    assert [path for path, _ in pieces_in([band.parent], told.__setitem__)] == [str(band)]
    assert list(told) == [str(band.parent / "bad.mid")]
