"""Right notes, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from strategies import of_notes, windows

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.encodings.note_counts import NoteCounts, count_notes, mean_over_sets

EVERY = np.ones(1, bool)


def test_a_note_is_right_by_onset_and_pitch_and_once_more_with_its_length():
    original = of_notes([(0, 0, 60, 12), (12, 0, 62, 12), (24, 0, 64, 12), (36, 0, 65, 12)])
    written = of_notes([(0, 0, 60, 12), (12, 0, 62, 24), (25, 0, 64, 12)])
    counts = count_notes(original, written, chosen=EVERY)
    assert counts == NoteCounts(original=4, written=3, right=2, right_with_length=1, windows=1)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.recall == pytest.approx(2 / 4)
    assert counts.f1 == pytest.approx(4 / 7)
    assert counts.f1_with_length == pytest.approx(2 / 7)


def test_a_drum_is_no_pitch_and_a_held_note_belongs_elsewhere():
    original = of_notes([(0, 0, 36, 3), (0, HELD, 60, 12)])
    assert count_notes(original, of_notes([(0, DRUM, 36, 3)]), chosen=EVERY) == NoteCounts(1, 1, 0, 0, 1)


def test_each_window_is_its_own():
    first, second = [(0, 0, 60, 12)], [(0, 0, 62, 12)]
    original, written = of_notes(first, second), of_notes(second, second)
    assert count_notes(original, written, chosen=np.array([True, True])) == NoteCounts(2, 2, 1, 1, 2)
    assert count_notes(original, written, chosen=np.array([False, True])) == NoteCounts(1, 1, 1, 1, 1)


@given(windows())
def test_what_comes_back_whole_is_perfect(some):
    counts = count_notes(some, some, chosen=np.ones(len(some), bool))
    assert counts.original == counts.written == counts.right == counts.right_with_length
    assert counts.f1 in (0, 1)  # 0 where no note begins


def test_counts_add_up_and_sets_count_alike():
    large, small = NoteCounts(1000, 1000, 1000, 500, 100), NoteCounts(10, 10, 5, 0, 1)
    assert large + small == NoteCounts(1010, 1010, 1005, 500, 101)
    assert NoteCounts() + small == small
    means = mean_over_sets([large, small])
    assert means == pytest.approx({"precision": 0.75, "recall": 0.75, "f1": 0.75, "f1_with_length": 0.25})
    assert NoteCounts().f1 == 0
