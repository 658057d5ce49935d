"""A fragment laid along a piece: against laying it bar by bar, and what its bars cost."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.similarity import placement
from symbolic_embed.similarity.placement import Lines, first_bar, placement_costs

bars = st.one_of(st.none(), st.lists(st.integers(-2, 2).map(float), min_size=3, max_size=3))


def music(least, most):
    """Some lines, all of one length, each with a bar in it that is not silent."""
    return st.integers(least, most).flatmap(
        lambda length: st.lists(st.lists(bars, min_size=length, max_size=length).filter(any), min_size=1, max_size=3)
    )


def of(lines, *, keys=1):
    """Lines with embeddings; in each further key all of them are moved a step further off."""
    rows = [(number, bar, vector) for number, line in enumerate(lines) for bar, vector in enumerate(line) if vector]
    line, bar, vectors = zip(*rows, strict=True)
    versions = np.stack([np.array(vectors, np.float32) + key for key in range(keys)])
    return Lines(np.array(line), np.array(bar), versions, len(lines[0]))


@given(music(1, 4), music(1, 6), st.integers(1, 3), st.sampled_from([1, 1_000_000]))
def test_costs_are_those_of_laying_them_bar_by_bar(fragment, piece, keys, tile):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placement, "TILE", tile)
        laid = of(fragment, keys=keys)
        costs = placement_costs(laid, of(piece))
    assert costs.shape == (keys, len(fragment), len(piece), len(piece[0]) + len(fragment[0]) - 1)
    for (key, here, there, place), cost in np.ndenumerate(costs):
        moved = [vector and [value + key for value in vector] for vector in fragment[here]]
        expected = naive.placement_cost(moved, piece[there], first_bar(place, laid))
        assert cost == pytest.approx(expected, abs=1e-3)  # nearer than rounding is 0


def on_sphere(degrees):
    return [float(2**0.5 * np.cos(np.radians(degrees))), float(2**0.5 * np.sin(np.radians(degrees)))]


def test_right_angles_cost_one_and_so_does_nothing():
    """Two bars of which the first is the same and the second at right angles: 1/2. Of two bars one alone: 1/2; or,
    where the other lies beside it, 60 degrees away, the half of 1 and of half the root of two."""
    fragment = of([[on_sphere(0), on_sphere(60)]])
    costs = placement_costs(fragment, of([[on_sphere(0), on_sphere(150)]]))[0, 0, 0]
    assert costs[1] == pytest.approx(0.5)
    alone = placement_costs(fragment, of([[on_sphere(0)]]))[0, 0, 0]
    assert alone == pytest.approx([(1 + 2**0.5 / 2) / 2, 0.5])


def test_where_both_are_silent_nothing_is_said():
    """A bar, a rest, a bar: the rest is no reason to be near, and a bar in its place is one to be far."""
    fragment = of([[on_sphere(0), None, on_sphere(90)]])
    same = placement_costs(fragment, of([[on_sphere(0), None, on_sphere(90)]]))[0, 0, 0]
    assert same[2] == 0
    filled = placement_costs(fragment, of([[on_sphere(0), on_sphere(45), on_sphere(90)]]))[0, 0, 0]
    assert filled[2] == pytest.approx(1 / 3)
    other = placement_costs(fragment, of([[on_sphere(90), None, on_sphere(180)]]))[0, 0, 0]
    assert other[2] == pytest.approx(1.0)
