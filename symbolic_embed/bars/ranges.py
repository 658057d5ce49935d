"""Ranges laid end to end: how a table is kept whose rows belong to owners of many or few.

A piece has bars, a bar windows, a window notes, each as many as it happens to have. What they have stands in one long
table, owner by owner, and only the counts say whose is whose:

    counts                 2, 0, 3
    offsets(counts)        0, 2, 2, 5       where each owner's rows begin, and where the last one's end
    owners(counts)         0, 0, 2, 2, 2    whose each row is
    ordinals(counts)       0, 1, 0, 1, 2    which of its owner's rows each row is
    rows(starts, counts)                    the rows themselves, where each owner's begin at `starts` in another table
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first row of each owner, and the number of all rows; int64 (owners + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def owners(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The owner of each row; int64 (rows,)."""
    return np.repeat(np.arange(len(counts)), counts)


def ordinals(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of each row among those of its owner, from 0; int64 (rows,)."""
    return rows(np.zeros(len(counts), np.int64), counts)


def rows(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """`counts` numbers from each of `starts` on, range after range; int64 (counts.sum(),)."""
    begins = offsets(counts)
    return np.repeat(starts - begins[:-1], counts) + np.arange(begins[-1])


def earlier(values: NDArray[np.int64] | NDArray[np.str_]) -> NDArray[np.int64]:
    """How often each value has stood before; int64 (n,). In 4, 7, 4, 4: 0, 0, 1, 2."""
    order = np.argsort(values, kind="stable")
    _, counts = np.unique(values[order], return_counts=True)
    result = np.empty(len(values), np.int64)
    result[order] = ordinals(counts)
    return result
