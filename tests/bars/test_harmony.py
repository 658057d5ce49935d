"""Chords, told from pitch classes."""

import numpy as np
import pytest

from symbolic_embed.bars.harmony import is_one_chord, sounding_classes


def classes(*tones):
    return np.isin(np.arange(12), [tone % 12 for tone in tones])


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("chord", [(0, 4, 7), (0, 3, 7, 10), (0, 3, 6, 9), (0, 4, 7, 10), (4, 7), (0,), (), (0, 4, 8)])
def test_triads_sevenths_and_what_is_less_are_chords_on_every_root(root, chord):
    assert is_one_chord(classes(*(root + tone for tone in chord)))


@pytest.mark.parametrize("clash", [(0, 1), (0, 2, 4), (0, 1, 4), (0, 4, 7, 9, 10), (0, 6, 7), (0, 3, 4, 7)])
def test_clashes_are_not(clash):
    """A minor second belongs to no chord but the major seventh's, turned round: C and B with E and G."""
    expected = clash == (0, 1)
    assert bool(is_one_chord(classes(*clash))) == expected


def test_what_sounds_when():
    onset, length, pitch = np.array([0, 2, 2, 5]), np.array([3, 1, 200, 2]), np.array([60, 64, 72, 61])
    found = sounding_classes(onset, length, pitch, steps=6)
    assert [set(np.flatnonzero(row)) for row in found] == [{0}, {0}, {0, 4}, {0}, {0}, {0, 1}]
    assert sounding_classes(*np.zeros((3, 0), int), steps=4).shape == (4, 12)
