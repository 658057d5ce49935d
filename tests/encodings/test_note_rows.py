"""Note rows: what the decoder writes, and back; lengths by the nearest class."""

import numpy as np
import pytest
import strategies
from hypothesis import given
from strategies import contents, of_notes

from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.note_rows import FIRST_DRUM, LENGTHS, length_class


def kept(windows):
    """What note rows say they keep: no held notes, long lengths as the nearest of nine, the shorter of two."""
    return [
        (
            steps,
            [
                (onset, flags, pitch, min(LENGTHS.tolist(), key=lambda known: (abs(known - length), known)))
                for onset, flags, pitch, length in notes
                if not flags & HELD
            ],
        )
        for steps, notes in contents(windows)
    ]


@given(strategies.windows())
def test_what_is_kept_comes_back(windows):
    rows, counts = note_rows.encode(windows)
    assert contents(note_rows.decode(rows, counts, steps=windows.steps)) == kept(windows)


@given(strategies.windows())
def test_twice_is_once(windows):
    rows, counts = note_rows.encode(windows)
    again, as_many = note_rows.encode(note_rows.decode(rows, counts, steps=windows.steps))
    assert (again.tolist(), as_many.tolist()) == (rows.tolist(), counts.tolist())


def test_a_window_as_rows():
    """Middle C for a quarter and a bass drum on the beat, an E held over a barline, a bar of rest."""
    window = of_notes([(0, 0, 60, 12), (0, DRUM, 36, 3), (0, HELD, 40, 9), (30, 0, 64, 80)], [])
    rows, counts = note_rows.encode(window)
    assert rows.tolist() == [[0, 60, 11], [0, FIRST_DRUM + 36, 2], [30, 64, LENGTHS.tolist().index(84)]]
    assert counts.tolist() == [3, 0]


@pytest.mark.parametrize(
    ("steps", "nearest"),
    [
        (1, 1),
        (48, 48),
        (51, 48),
        (52, 54),
        (57, 54),
        (58, 60),
        (66, 60),
        (168, 144),
        (169, 192),
        (216, 192),
        (255, 240),
    ],
)
def test_the_nearest_length_and_the_shorter_of_two_equally_near(steps, nearest):
    assert LENGTHS[length_class(np.array([steps]))] == nearest


def test_lengths_of_drums_mean_nothing():
    rows, _ = note_rows.encode(of_notes([(0, DRUM, 36, 40), (5, 0, 60, 3)]))
    assert rows.tolist() == note_rows.encode(of_notes([(0, DRUM, 36, DRUM_LENGTH), (5, 0, 60, 3)]))[0].tolist()
