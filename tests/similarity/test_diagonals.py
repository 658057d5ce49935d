"""Local alignment by diagonals: against alignment place by place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.similarity.alignment import local_scores
from symbolic_embed.similarity.diagonals import padded_scores


def both_ways(random, *, n, counts, most):
    """Scores of a line of n places of three kinds with lines of so many places, that earn `most` at most."""
    line, costs = random.integers(0, 3, n), random.integers(0, 60, n)
    gaps = [random.integers(0, 60, count) for count in counts]
    earned = [random.integers(-100, most + 1, (3, count)) for count in counts]
    padded_gaps = np.zeros((max(counts), len(counts)), np.int64)
    padded = np.zeros((3, max(counts), len(counts)), np.int16)
    for number, count in enumerate(counts):
        padded_gaps[:count, number], padded[:, :count, number] = gaps[number], earned[number]
    together = np.concatenate(earned, axis=1)
    walk = ((together[kind], cost) for kind, cost in zip(line, costs.tolist(), strict=True))
    starts = np.cumsum([0, *counts[:-1]])
    return (
        padded_scores(line, costs, earned=padded, gaps=padded_gaps).tolist(),
        local_scores(walk, gaps=np.concatenate(gaps), starts=starts).tolist(),
    )


@given(st.integers(0, 2**32), st.integers(1, 12), st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_scores_are_those_of_walking_along(seed, n, counts):
    found, walked = both_ways(np.random.default_rng(seed), n=n, counts=counts, most=120)
    assert found == walked


@pytest.mark.parametrize("most", [60, 500])
def test_long_lines_may_earn_more_than_sixteen_bits_hold(most):
    found, walked = both_ways(np.random.default_rng(0), n=300, counts=[300, 280, 7], most=most)
    assert found == walked
    assert (max(found) > 1 << 16) == (most > 60)
