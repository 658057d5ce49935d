"""Loops in order: no order of a few is cheaper, ends are kept, and files in any order give the same."""

from itertools import pairwise, permutations

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import UsageError
from symbolic_embed.library.following import following
from symbolic_embed.library.order import Arrangement, Ends, cost, order, shortest
from symbolic_embed.requests import NextRequest, OrderRequest

LOOPS = {f"{seed}.mid": cut(pieces.piece(seed, bars=2)) for seed in range(6)}


@pytest.mark.parametrize("ends", [Ends(), Ends(first=3), Ends(last=0), Ends(first=5, last=2)])
def test_of_a_few_the_order_found_is_nearly_the_cheapest_there_is(ends):
    excess = []
    for seed in range(20):
        costs = np.random.default_rng(seed).random((6, 6))
        found = shortest(costs, ends)
        assert sorted(found) == list(range(6))
        assert ends.first in (None, found[0])
        assert ends.last in (None, found[-1])
        allowed = [
            list(one) for one in permutations(range(6)) if ends.first in (None, one[0]) and ends.last in (None, one[-1])
        ]
        excess.append(cost(costs, found) - min(cost(costs, one) for one in allowed))
    assert min(excess) > -1e-9
    assert np.median(excess) < 1e-9
    assert np.mean(excess) < 0.1


@pytest.mark.parametrize("count", [0, 1, 2])
def test_there_may_be_few(count):
    assert sorted(shortest(np.ones((count, count)))) == list(range(count))


def test_no_loops_are_an_empty_arrangement(embedder_with_anchor):
    assert order([], embedder_with_anchor, OrderRequest()) == Arrangement((), 0.0, None, None)


def test_neighbours_are_as_far_apart_as_next_says(embedder_with_anchor):
    arrangement = order(LOOPS.items(), embedder_with_anchor, OrderRequest())
    paths = [one.path for one in arrangement.loops]
    assert sorted(paths) == sorted(LOOPS)
    assert [one.place for one in arrangement.loops] == [1, 2, 3, 4, 5, 6]
    assert arrangement.loops[0].distance is None
    for before, after in pairwise(arrangement.loops):
        (said,) = following(LOOPS[before.path], [(after.path, LOOPS[after.path])], embedder_with_anchor, NextRequest())
        assert after.distance == pytest.approx(said.distance, abs=1e-5)
    assert arrangement.total == pytest.approx(sum(one.distance for one in arrangement.loops[1:]), abs=1e-4)
    assert arrangement.total <= arrangement.best_random <= arrangement.median_random


def test_the_order_of_the_files_does_not_matter(embedder_with_anchor):
    backwards = list(LOOPS.items())[::-1]
    assert order(backwards, embedder_with_anchor, OrderRequest()) == order(
        LOOPS.items(), embedder_with_anchor, OrderRequest()
    )


def test_ends_are_kept_or_refused(embedder_with_anchor):
    arrangement = order(LOOPS.items(), embedder_with_anchor, OrderRequest(), first="4.mid", last="1.mid")
    assert (arrangement.loops[0].path, arrangement.loops[-1].path) == ("4.mid", "1.mid")
    with pytest.raises(UsageError, match=r"`last` 9\.mid is none of the 6 files"):
        order(LOOPS.items(), embedder_with_anchor, OrderRequest(), last="9.mid")
    with pytest.raises(UsageError, match="the same file"):
        order(LOOPS.items(), embedder_with_anchor, OrderRequest(), first="4.mid", last="4.mid")
