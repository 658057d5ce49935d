"""The short cut through symusic: which chunks take it, and that it says of them what walking says. (`test_reader.py`
holds the two ways equal on any bytes.)"""

from dataclasses import fields

import pytest
import strategies
import symusic
from hypothesis import given, settings
from midi_bytes import NOTE, meta, track, with_running_status

from symbolic_embed.score.chunk import Chunk
from symbolic_embed.score.reading import plain
from symbolic_embed.score.reading.pairing import NoteColumns
from symbolic_embed.score.reading.plain import SHORTEST, first_program, may_change_program, plain_music
from symbolic_embed.score.reading.walking import walk
from symbolic_embed.score.writing.layout import score_to_events

PADDING = meta(1, b"x" * 100) * 2  # a chunk this long is worth the short cut


def rows(notes):
    """The notes of each channel, in order."""
    names = [field.name for field in fields(NoteColumns)]
    return {
        channel: sorted(zip(*(getattr(columns, name).tolist() for name in names), strict=True))
        for channel, columns in notes.items()
    }


@given(strategies.scores())
@settings(max_examples=30)
def test_what_we_write_ourselves_takes_the_short_cut(score):
    """And it finds the music that walking finds: notes, names, programmes above 0, and what the conductor says."""
    for events in score_to_events(score).chunks:
        body = PADDING + with_running_status(events)
        short, long = plain_music(body, chunk=3), Chunk(walk(body).events).music(3)
        assert short is not None
        assert rows(short.notes) == rows(long.notes)
        assert short.programs == {channel: program for channel, program in long.programs.items() if program}
        assert (short.chunk, short.name) == (3, long.name)
        assert sorted(short.conductor) == sorted(long.conductor)
        assert short.end_tick == long.end_tick == events[-1].tick


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (track(PADDING, "00 90 3c 40"), "a note never ends"),
        (track(PADDING, NOTE, "00 91 3c 40"), "a note on another channel never ends"),
        (track(PADDING, NOTE, "00 f8"), "an illegal status"),
        (track(PADDING, NOTE, end=b""), "no end of track"),
        (track(PADDING, NOTE, end=bytes.fromhex("00 ff 2f 00 00 ff 2f 00")), "two ends"),
        (track(PADDING, "00 c0 40", "60 42", end=bytes.fromhex("ff 2f 00")), "the end is a long wait and a programme"),
        (track(PADDING, "00 90 3c 40", "00 ff 01 00", "60 3c 00"), "running status over a meta"),
        (track(PADDING, "00 ff 51 02 00 00", NOTE), "a short tempo"),
        (track(PADDING, meta(3, "Flöte".encode("latin-1")), NOTE), "a name symusic garbles"),
        (track(PADDING, meta(3, b"a"), meta(3, b"b"), NOTE), "two names"),
        (track(PADDING, "00 b0 07 a8", NOTE), "an illegal controller"),
        (track(PADDING, NOTE, "00 c0 05", NOTE), "a part with two programmes"),
        (track(PADDING, meta(1, b"", delta=0xFFFFFFF) * 17, NOTE), "ticks past 32 bits"),
        (track(PADDING, meta(1, b"", delta=0x1FFFFF) * 2100, NOTE), "ticks past 32 bits in smaller steps"),
        (track(b"".join(bytes((0, 0xC0, p & 127)) for p in range(70_000)), NOTE), "programmes that eat memory"),
        (track(NOTE), "too short to be worth it"),
    ],
)
def test_what_symusic_would_get_wrong_is_walked(body, why):
    assert plain_music(body, chunk=0) is None, why


@pytest.mark.parametrize(
    "body",
    [
        track(PADDING, NOTE),
        track(PADDING, NOTE, "00 91 3c 40", "60 81 3c 40", "00 99 23 40", "60 89 23 40"),
        track(PADDING, "00 c0 05", NOTE, meta(0x51, bytes.fromhex("061a80")), meta(6, b"A"), NOTE),
        track(PADDING, meta(3, "ピアノ".encode()), NOTE),
        track(PADDING, "00 f0 03 43 12 f7", NOTE),
        track(PADDING, "f3 60" + NOTE[2:]),  # a delta that looks like a system message
        track(PADDING, "ff 60" + NOTE[2:]),  # and one that looks like a meta event
        track(PADDING, meta(1, b"y" * 200), NOTE),
        track(PADDING, "00 80 3c 00", NOTE),
    ],
)
def test_plain_chunks_take_the_short_cut(body):
    assert plain_music(body, chunk=0) is not None


def test_a_chunk_is_worth_the_short_cut_from_so_many_bytes_on():
    """A text of over 127 bytes takes five more: a delta, FF, its type, two bytes of length."""
    for size, taken in ((SHORTEST, True), (SHORTEST - 1, False)):
        body = track(meta(1, b"x" * (size - 5 - len(track(NOTE)))), NOTE)
        assert len(body) == size
        assert (plain_music(body, chunk=0) is not None) is taken


def test_what_symusic_refuses_or_finds_otherwise_is_walked(monkeypatch):
    """The marks at the end, and our own reading of names and of the conductor's events, are held against its answer."""
    body = track(PADDING, meta(0x51, bytes.fromhex("061a80")), meta(3, b"Flute"), NOTE)
    assert plain_music(body, chunk=0) is not None
    real = plain._parsed

    def tampered(change):
        def parsed(*arguments):
            found = real(*arguments)
            change(found)
            return found

        monkeypatch.setattr(plain, "_parsed", parsed)
        return plain_music(body, chunk=0)

    def with_a_longer_note(found):
        found.tracks[0].notes[0].duration = 10_000

    def without_the_mark(found):
        del found.tracks[0].notes[-1]

    def with_another_tempo(found):
        found.tempos[0].mspq += 1

    def with_a_second_tempo(found):
        found.tempos.append(found.tempos[0])

    def with_a_metre_that_is_not_there(found):
        found.time_signatures.append(symusic.TimeSignature(0, 3, 4))

    def with_another_name(found):
        found.tracks[0].name = "Flut"

    def without_our_marker(found):
        found.markers[-1].text = "FIN"

    assert tampered(lambda found: None) is not None
    for change in (
        with_a_longer_note,
        without_the_mark,
        with_another_tempo,
        with_a_second_tempo,
        with_a_metre_that_is_not_there,
        with_another_name,
        without_our_marker,
    ):
        assert tampered(change) is None, change.__name__
    monkeypatch.setattr(plain, "_parsed", lambda *_: None)
    assert plain_music(body, chunk=0) is None


@pytest.mark.parametrize(
    ("body", "program"),
    [
        (track(NOTE), None),
        (track("00 c0 05", NOTE), 5),
        (track("00 c0 00", NOTE), 0),
        (track("00 c0 05", "00 c0 07", NOTE), 7),
        (track(NOTE, "00 c0 05"), None),
        (track("00 c1 05", NOTE), None),
        (track("00 c0 05", "00 90 3c 00", "00 c0 06", NOTE), 6),  # a note-on of velocity 0 is no note
        (track(meta(1, b"\x90\x3c\x40\xc0\x09"), "00 c0 05", NOTE), 5),  # bytes in a text are no events
    ],
)
def test_the_first_programme_is_the_one_before_the_first_note(body, program):
    assert first_program(body, 0) == program


def test_a_programme_change_may_be_suspected_but_is_never_missed():
    assert not may_change_program(track(NOTE), 0)
    assert may_change_program(track("00 c0 05", NOTE), 0)
    assert not may_change_program(track("00 c0 05", NOTE), 1)
    assert may_change_program(track(meta(1, b"\xc1"), NOTE), 1)
