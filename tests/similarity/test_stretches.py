"""Stretches of bars that earn most."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.similarity.stretches import best_stretches


def stretches(*earned, shortest=1):
    return list(best_stretches(np.array(earned, float), shortest=shortest))


def test_a_bar_that_costs_little_does_not_end_a_stretch():
    assert stretches(-1, 2, 2, -1, 2, -5, 3, 3, -1) == [(1, 5), (6, 8)]
    assert stretches(-1, 2, 2, -9, 2, -5, 3, 3, -1) == [(1, 3), (4, 5), (6, 8)]


def test_stretches_that_are_too_short_are_left_out():
    assert stretches(-1, 2, 2, -9, 2, -5, 3, 3, 3, shortest=3) == [(6, 9)]
    assert stretches(1, 1, shortest=3) == []


def test_where_nothing_earns_there_is_none():
    assert stretches() == stretches(-1, -2) == stretches(0, 0) == []


@given(st.lists(st.integers(-5, 5), max_size=30), st.integers(1, 4))
def test_the_best_of_all_is_among_them_and_none_overlap(earned, shortest):
    found = stretches(*earned, shortest=shortest)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(found))
    assert all(end - begin >= shortest and sum(earned[begin:end]) > 0 for begin, end in found)
    if shortest == 1:
        sums = [sum(earned[i:j]) for i in range(len(earned)) for j in range(i + 1, len(earned) + 1)]
        assert max((sum(earned[i:j]) for i, j in found), default=0) == max([0, *sums])
