"""Files are put where they belong whole, or not at all."""

import os

import pytest
from midi_bytes import NOTE, midi, track

from symbolic_embed.errors import OutputError, OutputExistsError
from symbolic_embed.score import Event, EventList, Notes, Score, Track, parse, read
from symbolic_embed.score.writing import verified
from symbolic_embed.score.writing.verified import verified_bytes, write

SCORE = Score(480, (Track(Notes.of([0], [480], [60], [64])),))


def test_a_score_or_events_are_written_and_read_back(tmp_path):
    write(SCORE, tmp_path / "score.mid")
    assert read(tmp_path / "score.mid").tracks[0].notes == SCORE.tracks[0].notes
    events = parse(midi(track("00 f0 02 43 f7", NOTE)))
    write(events, tmp_path / "events.mid")
    assert parse((tmp_path / "events.mid").read_bytes()) == events
    assert sorted(os.listdir(tmp_path)) == ["events.mid", "score.mid"]


def test_what_exists_is_not_touched_without_force(tmp_path):
    (tmp_path / "old.mid").write_bytes(b"precious")
    with pytest.raises(OutputExistsError, match=r"old.mid: exists already, nothing was written; `force` overwrites it"):
        write(SCORE, tmp_path / "old.mid")
    assert (tmp_path / "old.mid").read_bytes() == b"precious"
    write(SCORE, tmp_path / "old.mid", force=True)
    assert read(tmp_path / "old.mid").note_count == 1
    assert os.listdir(tmp_path) == ["old.mid"]


@pytest.mark.parametrize("force", [False, True])
def test_a_place_that_cannot_be_written_is_named(tmp_path, force):
    with pytest.raises(OutputError, match=r"new.mid: cannot be written: there is no folder .*nowhere; make it first"):
        write(SCORE, tmp_path / "nowhere" / "new.mid", force=force)


def test_what_does_not_read_back_is_never_put_anywhere(tmp_path):
    end = Event(0, b"\xff\x2f\x00")
    for events, words in [
        (EventList(480, ((Event(9, b"\x90\x3c\x40"), end),)), "goes back in time"),
        (EventList(480, ((Event(0, b"\x3c\x40"), end),), source="odd"), "odd: "),
        (EventList(0, ((end,),)), "a division of 0"),
        (EventList(480, ((Event(2**31, b"\x90\x3c\x40"), Event(2**31, end.message)),)), "cannot be said in MIDI"),
    ]:
        with pytest.raises(OutputError, match=words):
            write(events, tmp_path / "new.mid")
    assert os.listdir(tmp_path) == []


def test_verified_bytes_are_the_file():
    events = parse(midi(track(NOTE)))
    assert verified_bytes(events) == midi(track(NOTE))


@pytest.mark.parametrize("reader", ["parse", "read_bytes"])
def test_both_readers_must_find_what_was_written(monkeypatch, reader):
    """Each is made to find a note less than there is; the other finds all."""
    events = parse(midi(track(NOTE)))
    assert verified_bytes(events)
    less = parse(midi(track()))
    monkeypatch.setattr(verified, reader, lambda *_, **__: less if reader == "parse" else less.score())
    with pytest.raises(OutputError, match="read back, it is not what was to be written; nothing was written"):
        verified_bytes(events)
