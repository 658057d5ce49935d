"""Subdivisions as they are meant, and where bars begin."""

import numpy as np
import pytest
from played_music import part, seed

from symbolic_embed.playing.places import BarPlaces, places_in_bar, subdivision
from symbolic_embed.score import TimeSignature


@pytest.mark.parametrize(
    ("beat", "division"),
    [
        ([0], 1),
        ([0, 1 / 2], 2),
        ([0, 2 / 3], 2),  # swung eighths
        ([0, 0.6], 2),
        ([0, 1 / 3, 2 / 3], 3),
        ([0, 1 / 4, 1 / 2, 3 / 4], 4),
        ([0, 1 / 3, 1 / 2, 5 / 6], 4),  # swung sixteenths
        ([0, 1 / 2, 3 / 4], 4),
        ([0, 1 / 8, 1 / 4, 3 / 8, 1 / 2], 8),
    ],
)
def test_a_beat_is_divided_as_coarsely_as_tells_its_notes_apart(beat, division):
    positions = np.array([start + place for start in range(16) for place in beat])
    assert subdivision(positions, np.zeros(len(positions), np.int64), quarters=4.0) == division


def test_what_a_player_cannot_help_changes_nothing():
    random = np.random.default_rng(0)
    positions = np.arange(0, 64, 0.25) + random.normal(0, 0.025, 256)
    assert subdivision(positions, np.zeros(256, np.int64), quarters=4.0) == 4


def test_two_strokes_of_a_flam_are_one():
    positions = np.sort(np.concatenate([np.arange(16.0), np.arange(16.0) - 0.05]))
    assert subdivision(positions, np.zeros(32, np.int64), quarters=4.0) == 1


def test_places_fill_the_bar():
    assert places_in_bar(3.5, 2) == 7
    assert places_in_bar(3.5, 3) is None
    positions = np.arange(0, 28, 0.5)
    assert subdivision(positions, np.zeros(len(positions), np.int64), quarters=3.5) == 2


def test_a_pick_up_lies_at_the_end_of_its_bar_and_is_counted_before_the_first():
    metres = [TimeSignature(0, 1, 4), TimeSignature(480, 4, 4)]
    places = BarPlaces.of(seed(part(np.arange(9)), metres=metres).barred)
    assert places.metre == ("1/4", "4/4", "4/4")
    assert places.number.tolist() == [0, 0, 1]
    metres = [TimeSignature(0, 4, 4), TimeSignature(480, 4, 4)]  # a bar that the next signature cuts short
    places = BarPlaces.of(seed(part(np.arange(9)), metres=metres).barred)
    assert places.begin.tolist() == [3, 0, 0]
    assert places.number.tolist() == [-1, 0, 1]
    bar, position = places.positions(np.array([0, 240, 480, 720]))
    assert bar.tolist() == [0, 0, 1, 1]
    assert position.tolist() == [3, 3.5, 0, 0.5]


def test_bars_are_counted_in_rows_of_one_metre():
    metres = [TimeSignature(0, 4, 4), TimeSignature(3840, 3, 4), TimeSignature(6720, 4, 4)]
    places = BarPlaces.of(seed(part(np.arange(22)), metres=metres).barred)
    assert places.metre == ("4/4",) * 2 + ("3/4",) * 2 + ("4/4",) * 2
    assert places.number.tolist() == [0, 1, 0, 1, 0, 1]
