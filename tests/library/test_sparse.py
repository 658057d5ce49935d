"""Where a collection is thin: pieces that were put apart, circles that were left empty, and nothing by chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.library.sparse import FEWEST, MOST_GAPS, NEIGHBOURS, gaps, neighbourhood, odd_ones


def square(count, seed=0):
    return np.random.default_rng(seed).uniform(size=(count, 2))


def round_table(count):
    """Places as far from each other as they can be on a circle."""
    turn = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def ring(count=300):
    random = np.random.default_rng(1)
    turn, away = random.uniform(0, 2 * np.pi, count), random.uniform(0.6, 1, count)
    return np.stack([away * np.cos(turn), away * np.sin(turn)], axis=1)


@given(st.integers(1, 30), st.integers(0, 100))
def test_neighbours_are_what_the_loops_find(count, seed):
    vectors = np.random.default_rng(seed).normal(size=(count, 4))
    found = neighbourhood(vectors)
    for a in range(count):
        apart = sorted((np.linalg.norm(vectors[a] - vectors[b]), b) for b in range(count) if b != a)
        near = [distance for distance, _ in apart[:NEIGHBOURS]]
        assert found.distance[a] == pytest.approx(np.mean(near) if near else 0, abs=1e-6)
        assert found.nearest[a] == (apart[0][1] if apart else a)


def test_what_was_put_apart_is_odd_the_oddest_first():
    cloud = np.random.default_rng(1).normal(size=(60, 8))
    cloud[[7, 30]] += [[40], [25]]
    assert odd_ones(neighbourhood(cloud).distance).tolist()[:2] == [7, 30]


def test_nothing_is_odd_in_an_even_cloud_nor_among_few_or_equal_ones():
    assert not len(odd_ones(neighbourhood(round_table(40)).distance))
    assert not len(odd_ones(neighbourhood(np.ones((50, 3))).distance))
    assert not len(odd_ones(np.array([0.0] * (FEWEST - 2) + [9.0])))


def test_the_middle_of_a_ring_is_a_gap_and_the_pieces_around_it_are_named():
    gap, *others = gaps(ring())
    assert others == []
    assert np.hypot(gap.x, gap.y) < 0.1
    assert 0.5 < gap.radius < 0.7
    away = np.hypot(*(ring() - [gap.x, gap.y]).T)
    assert set(gap.around) == set(np.argsort(away)[: len(gap.around)].tolist())
    assert away.min() == pytest.approx(gap.radius, abs=1e-3)


@pytest.mark.parametrize("seed", range(10))
def test_an_even_cloud_has_no_gap(seed):
    assert gaps(square(300, seed)) == ()


def test_gaps_are_few_the_largest_first_and_lie_within():
    tiles = np.concatenate([square(400, seed) * 0.4 + [x, y] for seed, (x, y) in enumerate(np.ndindex(4, 4))])
    found = gaps(tiles)
    assert 1 <= len(found) <= MOST_GAPS
    assert [gap.radius for gap in found] == sorted((gap.radius for gap in found), reverse=True)
    assert all(0 < gap.x < 3.4 and 0 < gap.y < 3.4 for gap in found)


@pytest.mark.parametrize("places", [square(5), np.ones((40, 2)), np.outer(np.arange(40.0), [1, 2]), np.zeros((1, 2))])
def test_few_places_equal_ones_and_a_line_have_none(places):
    assert gaps(places) == ()
