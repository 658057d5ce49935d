"""Local alignment: against its table filled cell by cell, and what a line is the same as."""

import math

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.evaluation.local_alignment import alignment_distances

TUNE = np.array([67, 69, 71, 67, 72, 71, 69, 74, 71, 67, 64])
few_pitches = st.lists(st.integers(60, 63), max_size=12)  # few kinds of intervals, so that stretches are found


@given(st.lists(few_pitches, min_size=1, max_size=5))
def test_distances_equal_the_table(lines):
    found = alignment_distances([np.array(line, np.int64) for line in lines])
    for i, first in enumerate(lines):
        for j, second in enumerate(lines):
            a, b = (np.diff(line).tolist() for line in (first, second))
            expected = 1 - naive.local_alignment(a, b) / math.sqrt(len(a) * len(b)) if a and b else 1
            assert found[i, j] == pytest.approx(0 if i == j else expected)


def test_a_note_left_out_costs_little_and_a_key_nothing():
    """2 2 -4 5 -1 -2 5 -3 -4 -3 has ten intervals; without the fourth note, 2 2 1 -1 -2 5 -3 -4 -3, nine. The last six
    are the same and score 6; the first two more are worth just what the gap and the other interval between cost."""
    left_out = np.delete(TUNE, 3)
    distance = alignment_distances([TUNE, TUNE + 5, left_out])
    assert distance[0, 1] == 0
    assert distance[0, 2] == pytest.approx(1 - 6 / math.sqrt(90))


def test_another_interval_costs_as_much_as_a_gap():
    """Seven intervals of which the fourth differs: six are equal, one costs 1, and 5 is more than any stretch of 3."""
    line = np.cumsum([60, 2, 2, 2, 5, 2, 2, 2])
    other = np.cumsum([60, 2, 2, 2, -5, 2, 2, 2])
    assert alignment_distances([line, other])[0, 1] == pytest.approx(1 - 5 / 7)
