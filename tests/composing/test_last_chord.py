"""The last chord: held, near, and of the tonic."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic_embed.composing.last_chord import last_chord
from symbolic_embed.requests.chord_symbols import chord_of

ALL = np.ones(256, bool)


def cell(*notes: tuple[int, int, int]) -> np.ndarray:
    return np.array(notes, np.int64).reshape(-1, 3)


def closes(before, role: str, *, tonic: str = "C", pitches=ALL) -> list[list[int]]:
    return last_chord(before, role=role, tonic=chord_of(tonic), pitches=pitches, bar_steps=48).tolist()


@pytest.mark.parametrize(
    ("role", "tonic", "before", "pitches"),
    [
        ("bass", "C", [(0, 43, 12), (24, 38, 24)], [36]),
        ("bass", "Am/E", [(0, 38, 12)], [40]),
        ("melody", "C", [(0, 60, 12), (36, 71, 12)], [72]),
        ("melody", "Am", [(36, 74, 12)], [72]),
        ("chords", "C", [(0, 55, 48), (0, 59, 48), (0, 62, 48), (0, 65, 48)], [55, 60, 64]),
    ],
)
def test_each_part_goes_to_the_nearest_tone_and_holds_it(role, tonic, before, pitches):
    """G7 goes to C over G: B up, D and F to E."""
    assert closes(cell(*before), role, tonic=tonic) == [[0, pitch, 48] for pitch in pitches]


def test_a_part_keeps_to_what_it_may_play():
    low = np.zeros(256, bool)
    low[40:60] = True
    assert closes(cell((0, 71, 12)), "melody", pitches=low) == [[0, 55, 48]]
    low[:] = False
    assert closes(cell((0, 71, 12)), "melody", pitches=low) == []


def test_drums_strike_their_bass_drum_and_a_crash_as_far_as_they_have_them():
    beat = cell((0, 128 + 36, 3), (12, 128 + 38, 3))
    assert closes(beat, "drums") == [[0, 128 + 36, 3], [0, 128 + 49, 3]]
    kit = np.zeros(256, bool)
    kit[[128 + 35, 128 + 57]] = True
    assert closes(beat, "drums", pitches=kit) == [[0, 128 + 35, 3], [0, 128 + 57, 3]]
    kit[:] = False
    assert closes(beat, "drums", pitches=kit) == []


def test_a_part_that_has_played_nothing_stays_silent():
    assert closes(cell(), "chords") == []
