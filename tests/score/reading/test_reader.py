"""The short cut through symusic and the walk say the same of every file."""

import random
from unittest.mock import patch

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from midi_bytes import NOTE, midi, riff, track, with_running_status

from symbolic_embed.errors import MidiError
from symbolic_embed.score import parse, read, read_bytes
from symbolic_embed.score.reading import plain


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
