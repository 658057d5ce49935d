"""The short cut through symusic and the walk say the same of every file."""

import random
from unittest.mock import patch

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from midi_bytes import NOTE, meta, midi, riff, track, with_running_status

from symbolic_embed.errors import MidiError
from symbolic_embed.score import parse, read, read_bytes
from symbolic_embed.score.reading import plain
from symbolic_embed.score.reading.plain import plain_music
from symbolic_embed.score.writing.layout import score_to_events

PADDING = meta(1, b"x" * 100) * 2  # a chunk this long is worth the short cut


def outcome(reading):
    """A score with its warnings word for word, or the words of the refusal."""
    try:
        score = reading()
    except MidiError as refusal:
        return refusal.reason
    return score, score.warnings


def both_ways(data):
    with patch.object(plain, "SHORTEST", 0):
        return outcome(lambda: read_bytes(data)), outcome(lambda: parse(data).score())


@pytest.mark.parametrize("message", [b"\xe0\x80\x00", b"\xe0\x00\x80", b"\xb0\x90\x00", b"\x90\x3c\x80", b"\xc0\x81"])
def test_a_data_byte_that_is_none_is_told_of_either_way(message):
    short, long = both_ways(midi(track(b"\x00\x80\x3c\x00\x00" + message)))
    assert short == long


@given(strategies.event_lists(), st.booleans())
@settings(max_examples=120)
def test_the_short_cut_and_the_walk_agree_on_any_events(events, running):
    data = midi(*map(with_running_status, events.chunks), division=events.division) if running else events.to_bytes()
    short, long = both_ways(data)
    assert short == long


@given(strategies.event_lists(odd=False), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=120)
def test_the_short_cut_and_the_walk_agree_on_damaged_bytes(events, randoms, faults):
    data = bytearray(midi(*map(with_running_status, events.chunks)))
    for _ in range(faults):
        place = randoms.randrange(14, len(data))
        data[place] = randoms.choice([0, 0x2F, 0x51, 0x7F, 0x80, 0x91, 0xC0, 0xF0, 0xF8, 0xFF, data[place] ^ 1])
    short, long = both_ways(bytes(data))
    assert short == long


@given(strategies.scores())
@settings(max_examples=30)
def test_what_we_write_ourselves_takes_the_short_cut(score):
    for events in score_to_events(score).chunks:
        assert plain_music(PADDING + with_running_status(events), chunk=0) is not None


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


def test_read_knows_the_file_by_its_name_and_takes_any_container(tmp_path):
    for name, data in (
        ("plain.mid", midi(track(NOTE))),
        ("wrapped.rmi", riff(midi(track(NOTE)))),
        ("odd", midi(track(NOTE))),
    ):
        (tmp_path / name).write_bytes(data)
        score = read(tmp_path / name)
        assert (score.source, score.note_count) == (str(tmp_path / name), 1)


def test_noise_is_read_or_refused_the_same_both_ways():
    noise = random.Random(11)
    for length in (0, 1, 30, 400):
        for _ in range(50):
            data = midi(noise.randbytes(length))
            short, long = both_ways(data)
            assert short == long
