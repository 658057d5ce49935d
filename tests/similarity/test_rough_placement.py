"""What laying costs at least, about: never more than it costs, and what it is where a bar is alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.similarity.placement import Lines, placement_costs
from symbolic_embed.similarity.rough_placement import AXES, RoughLines, principal_axes

DIM = 6  # not more than AXES: nothing is lost beside them


def lines(random, *, count, bars, keys=1):
    """Lines, each with at least one bar in it, of embeddings of length sqrt(DIM)."""
    sounds = random.random((count, bars)) < 0.7
    sounds[:, random.integers(bars)] = True
    line, bar = np.nonzero(sounds)
    points = random.normal(size=(keys, len(line), DIM))
    points *= DIM**0.5 / np.linalg.norm(points, axis=-1, keepdims=True)
    return Lines(line, bar, points.astype(np.float32), bars)


def rough_costs(fragment, piece):
    begins = np.searchsorted(piece.line, np.arange(piece.count))
    return RoughLines.of(fragment, principal_axes(fragment)).costs(piece.versions[0], begins)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 4))
def test_no_place_costs_less(seed, keys, bars):
    random = np.random.default_rng(seed)
    fragment, piece = lines(random, count=2, bars=bars, keys=keys), lines(random, count=3, bars=7)
    assert np.all(rough_costs(fragment, piece) <= placement_costs(fragment, piece).min(axis=-1) + 1e-3)


def test_one_bar_costs_what_its_nearest_does():
    random = np.random.default_rng(0)
    fragment, piece = lines(random, count=1, bars=1, keys=3), lines(random, count=3, bars=7)
    least = np.minimum(placement_costs(fragment, piece).min(axis=-1), 1)
    assert rough_costs(fragment, piece) == pytest.approx(least, abs=1e-3)


def test_axes_are_those_along_which_a_fragment_has_most():
    points = np.zeros((1, 100, AXES + 8), np.float32)
    points[0, :, 3], points[0, ::2, 7] = 5, 1
    axes = principal_axes(Lines(np.zeros(100, int), np.arange(100), points, 100))
    assert axes.shape == (AXES + 8, AXES)
    assert np.abs(axes[[3, 7], [0, 1]]) == pytest.approx([1, 1], abs=0.05)
