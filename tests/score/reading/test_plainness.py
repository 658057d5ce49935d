"""Which chunks are plain: those that walking finds nothing odd in, as far as symusic would not refuse them itself."""

import pytest
import strategies
from hypothesis import given
from midi_bytes import NOTE, meta, track, with_running_status

from symbolic_embed.score.events import quantity
from symbolic_embed.score.reading.plainness import GRAMMAR, MAX_RESERVED, Looks, looks
from symbolic_embed.score.reading.walking import END_OF_TRACK, walk


def delta(size):
    """A waiting time of so many bytes, the smallest there is."""
    return b"\x81" + b"\x80" * (size - 2) + b"\0" if size > 1 else b"\0"


@given(strategies.event_chunks(long=False))
def test_what_is_plain_is_walked_to_its_end_without_a_word(events):
    body = with_running_status(events)
    if looks(body) is not None:
        walked = walk(body)
        assert (walked.warnings, walked.unread) == ((), 0)
        assert walked.events[-1].message == END_OF_TRACK


def runs_through(few, many):
    """Whether `many` holds all of `few`, in their order."""
    rest = iter(many)
    return all(one in rest for one in few)


@given(strategies.event_chunks(odd=False, long=False))
def test_what_is_plain_shows_its_names_and_its_conductors_events(events):
    """All of them, and sometimes more: a tempo of ff 03 00 looks as if a name began in it. Then symusic, which sees
    what is there, is not believed, and the chunk is walked."""
    body = with_running_status(events)
    metas = [message for _, message in events if message[0] == 0xFF]
    names = [message[3:] for message in metas if message[1] == 0x03]
    conductor = [(message[1], message[3:]) for message in metas if message[1] in (0x06, 0x51, 0x58, 0x59)]
    seen = looks(body)
    if seen is not None:
        assert runs_through(names, seen.names)
        assert runs_through(conductor, seen.conductor)
        if body.count(b"\xff") == len(metas):
            assert seen == Looks(names, conductor)


@pytest.mark.parametrize(
    "body",
    [
        track(NOTE),
        track(NOTE, "00 c0 05", "00 f0 02 7e f7"),
        track(meta(3, "Flöte".encode()), NOTE),
        track(meta(1, b"x" * 300), NOTE),
        track(meta(0x20, b"\x0f"), NOTE),
        track(delta(3) + bytes.fromhex("90 3c 40"), "00 80 3c 40"),
        track("f8 60 90 3c 40", "00 80 3c 40"),
    ],
)
def test_plain(body):
    assert looks(body) is not None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "there is nothing"),
        (track(NOTE, end=b""), "no end"),
        (track(NOTE) + track(NOTE), "an end in the middle"),
        (track(meta(0x51, b"\x07\xa1"), NOTE), "a tempo of two bytes"),
        (track(meta(0x20, b"\x10"), NOTE), "a channel prefix of 16"),
        (track(meta(0x54, b"\x18\0\0\0\0"), NOTE), "film time of 24 hours"),
        (track("00 ff 80 00", NOTE), "a meta type above 7F"),
        (track(NOTE, "00 f8"), "a real-time byte"),
        (track("00 f0 02 90 f7", NOTE), "an exclusive message with a byte above 7F"),
        (track("00 90 3c 40", meta(1, b"x"), "60 3c 00"), "running status over a meta"),
        (track(delta(4) + bytes.fromhex("90 3c 40"), "00 80 3c 40"), "a delta of four bytes"),
    ],
)
def test_not_plain(body, why):
    assert looks(body) is None, why


@given(strategies.event_chunks(odd=False, long=False))
def test_the_grammar_knows_every_legal_event(events):
    """Any chunk that a careful program writes, with running status or without."""
    assert GRAMMAR.fullmatch(with_running_status(events))
    written, before = b"", 0
    for tick, message in events:
        written += quantity(tick - before) + message
        before = tick
    assert GRAMMAR.fullmatch(written)


def test_ticks_that_might_pass_32_bits_are_not_plain():
    """Each pair of bytes above 7F counts as a delta of 2**21: 1,024 of them may come to 2**31."""
    few, many = (track(*[b"\x81\x80\0\xc0\x05"] * count) for count in (900, 1024))
    assert looks(few) is not None
    assert looks(many) is None


def test_a_chunk_for_which_symusic_would_reserve_too_much_is_not_plain():
    """It reserves the chunk's size for each programme change; few programmes in a long chunk are fine."""
    programs = [bytes((0, 0xC0, number % 128)) for number in range(2000)]
    size = MAX_RESERVED // 2000
    text = meta(1, b"x" * 127)
    assert looks(track(*programs, text * (size // len(text) + 20))) is None
    assert looks(track(*programs[:50], text * (size // len(text) + 20))) is not None
