"""Histograms by hand, against loops, and how far they overlap."""

from itertools import pairwise

import numpy as np
import pytest
import strategies
from hypothesis import given
from strategies import of_notes

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.evaluation.histograms import BINS, features, histograms, overlap


def counts(row):
    return {int(place): int(row[place]) for place in np.flatnonzero(row)}


def test_histograms_by_hand():
    found = histograms(
        of_notes([(0, 0, 60, 6), (0, HELD, 40, 6), (12, 0, 64, 6), (12, 0, 90, 6)], [], [(3, DRUM, 36, 3)])
    )
    assert [counts(row) for row in found["density"]] == [{3: 1}, {0: 1}, {1: 1}]
    assert [counts(row) for row in found["range"]] == [{30: 1}, {}, {0: 1}]
    assert [counts(row) for row in found["intervals"]] == [{12 + 4: 1, 24: 1}, {}, {}]
    assert [counts(row) for row in found["onsets"]] == [{0: 1, 12: 2}, {}, {3: 1}]


@given(strategies.windows())
def test_histograms_are_those_of_loops(windows):
    found = histograms(windows)
    for number, (_, notes) in enumerate(strategies.contents(windows)):
        begun = sorted(((onset, flags & DRUM, pitch) for onset, flags, pitch, _ in notes if not flags & HELD))
        pitches = [pitch for _, _, pitch in begun]
        assert counts(found["density"][number]) == {min(len(begun), 64): 1}
        assert counts(found["range"][number]) == ({max(pitches) - min(pitches): 1} if begun else {})
        steps = [max(-12, min(12, b - a)) + 12 for a, b in pairwise(pitches)]
        assert counts(found["intervals"][number]) == {step: steps.count(step) for step in steps}
        onsets = [onset for onset, _, _ in begun]
        assert counts(found["onsets"][number]) == {onset: onsets.count(onset) for onset in onsets}
    assert {name: rows.shape[1] for name, rows in found.items()} == BINS


def test_features_are_numbers_and_shares():
    row = features(of_notes([(0, 0, 60, 6), (12, 0, 64, 6), (24, 0, 60, 6)]))[0]
    assert row[:2].tolist() == [3, 4]
    assert counts(row[2:27] * 2) == {12 + 4: 1, 12 - 4: 1}
    assert row[27:][[0, 12, 24]] == pytest.approx([1 / 3] * 3)
    assert not features(of_notes([])).any()


def test_overlap_is_what_two_repertoires_share():
    """Windows are pooled: 3 of 4 against 1 of 4 in the first bin, 1 of 4 against 3 of 4 in the second."""
    first, second = np.array([[2.0, 0], [1, 1]]), np.array([[1.0, 3]])
    assert overlap(first, second) == 0.5
    assert overlap(first, first) == 1
    assert overlap(np.array([[1.0, 0]]), np.array([[0.0, 7]])) == 0
