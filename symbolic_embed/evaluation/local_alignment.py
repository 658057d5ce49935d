"""A rival without a model: local alignment of two lines (Smith and Waterman, Identification of common molecular
subsequences, 1981), by which settings of folk songs are found (Janssen, Van Kranenburg and Volk, Finding occurrences of
melodic segments in folk songs employing symbolic similarity measures, 2017).

A line is the row of its intervals, so that it is the same in every key. Equal intervals earn 1, unequal ones and gaps
cost 1: nothing was tuned. The score of two lines is that of the best pair of stretches, and the distance

    d(a, b) = 1 - score(a, b) / sqrt(|a| |b|)

is 0 for the same intervals and 1 where nothing is found. `tests/naive.py` says the same in loops.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.similarity.alignment import local_scores


def alignment_distances(lines: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """The distance of every two lines, given as pitches in order (n,); float64 (lines, lines), 0 on the diagonal. A
    line of fewer than two notes is 1 from all others."""
    intervals = [np.diff(line.astype(np.int64)) for line in lines]
    order = np.argsort([len(row) for row in intervals], kind="stable")  # the shorter one is walked along
    distance = np.ones((len(lines), len(lines)))
    for rank, number in enumerate(order):
        later = order[rank + 1 :]
        if len(intervals[number]) and len(later):
            others = [intervals[other] for other in later]
            scale = np.sqrt(len(intervals[number]) * np.array([len(other) for other in others]))
            distance[number, later] = distance[later, number] = 1 - alignment_scores(intervals[number], others) / scale
    np.fill_diagonal(distance, 0)
    return distance


def alignment_scores(row: NDArray[np.int64], others: Sequence[NDArray[np.int64]]) -> NDArray[np.integer]:
    """The best local score of `row` (n,) with each of `others`, none of which is empty; whole numbers (others,)."""
    counts = np.array([len(other) for other in others], np.int64)
    together = np.concatenate(others)
    earned = {value: np.where(together == value, 1, -1) for value in set(row.tolist())}
    walk = ((earned[value], 1) for value in row.tolist())
    return local_scores(walk, gaps=np.ones(len(together), np.int64), starts=ranges.offsets(counts)[:-1])
