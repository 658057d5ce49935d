"""Which of several candidates is taken."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing.candidates import best_candidate, pitched

CHORD = np.array([[0, 60, 24, 0], [0, 64, 24, 0]])  # C and E for two quarters


def cell(*pitches, onset=0, length=12):
    return np.array([[onset, pitch, length] for pitch in pitches]).reshape(-1, 3)


def best(candidates, *, others=CHORD, rare: int | None = None):
    """The candidate that is taken; `rare`: a pitch class that the piece hardly has."""
    classes = np.zeros(12, np.float32)
    if rare is not None:
        classes[rare] = -4.0
    return best_candidate(candidates, others, steps=48, classes=classes)


def test_the_candidate_that_makes_chords_is_taken_and_the_first_of_equals():
    clash, half, fits, also = cell(61), np.concatenate([cell(67), cell(61, onset=12)]), cell(67), cell(72)
    assert best([clash, half, fits, also]) is fits
    assert best([clash, half]) is half
    assert best([also, fits]) is also
    assert best([clash]) is clash
    assert best([clash, fits], others=CHORD[:0]) is clash


def test_what_rubs_loses_against_what_only_makes_no_chord():
    """Beside C and E: D flat, B, D flat an octave higher, E flat, F; D rubs with neither."""
    for rubs in (61, 59, 85, 63, 53):
        assert best([cell(rubs), cell(62)]).tolist() == cell(62).tolist()


def test_what_sounds_only_beside_silence_does_not_win_over_what_fits():
    late, fits = cell(61, onset=36), cell(67)
    assert best([late, fits]) is fits


def test_of_what_fits_that_is_taken_which_the_piece_is_used_to():
    assert best([cell(67), cell(72)], rare=7).tolist() == cell(72).tolist()
    assert best([cell(67), cell(72)], rare=0).tolist() == cell(67).tolist()
    assert best([cell(67), cell(69)], others=CHORD[:0], rare=7).tolist() == cell(69).tolist()


def test_drums_make_no_chords():
    keys, kit = np.array([[0, 60, 24, 0], [0, 62, 12, HELD]]), np.array([[0, 36, 3, DRUM]])
    assert pitched([keys, kit]).tolist() == keys.tolist()
    assert pitched([]).shape == (0, 4)
