"""Which of several candidates is taken."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing.candidates import best_candidate, pitched, returned_or_new

CHORD = np.array([[0, 60, 24, 0], [0, 64, 24, 0]])  # C and E for two quarters


def cell(*pitches, onset=0, length=12):
    return np.array([[onset, pitch, length] for pitch in pitches]).reshape(-1, 3)


def test_the_candidate_that_makes_chords_is_taken_and_the_first_of_equals():
    clash, half, fits, also = cell(61), np.concatenate([cell(67), cell(61, onset=12)]), cell(67), cell(72)
    assert best_candidate([clash, half, fits, also], CHORD, steps=48) is fits
    assert best_candidate([clash, half], CHORD, steps=48) is half
    assert best_candidate([also, fits], CHORD, steps=48) is also


def test_a_rest_stays_a_rest_and_does_not_win():
    rest, clash = cell(), cell(61)
    assert best_candidate([rest, cell(67)], CHORD, steps=48) is rest
    assert best_candidate([clash, rest], CHORD, steps=48) is clash
    assert best_candidate([clash, cell(67)], CHORD[:0], steps=48) is clash


def test_what_sounds_only_beside_silence_does_not_win_over_what_fits():
    late, fits = cell(61, onset=36), cell(67)
    assert best_candidate([late, fits], CHORD, steps=48) is fits


def test_what_returns_comes_before_what_is_new():
    old, new = cell(60), cell(62)
    assert returned_or_new(old, new) is old
    assert returned_or_new(None, new) is new
    assert returned_or_new(cell(), new).size == 0  # a rest returns too


def test_drums_make_no_chords():
    keys, kit = np.array([[0, 60, 24, 0], [0, 62, 12, HELD]]), np.array([[0, 36, 3, DRUM]])
    assert pitched([keys, kit]).tolist() == keys.tolist()
    assert pitched([]).shape == (0, 4)
