"""Which of very many vectors are near to each other, and of different owners: every one of them is asked for at once.

Some of the vectors, evenly drawn, are centres. A vector lies at its nearest centre, and looks for its like at the
PROBES nearest ones, so all is looked through in blocks, and the time grows as the power 1.5 of their number. That two
vectors are near is measured; that two near ones lie at centres far apart is possible, and then they are missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

PROBES = 2
MOST = 8  # that one vector finds
AT_A_TIME = 8_192  # vectors
CENTRES = 2.0  # times the root of the number of vectors


class Near(NamedTuple):
    """Pairs of vectors, by number, the smaller first; int64 (pairs,) each. Each pair once."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]


def near_elsewhere(
    vectors: NDArray[np.float16], owner: NDArray[np.int64], *, similarity: float, at_home: bool = False
) -> Near:
    """Pairs of vectors of length one, (n, d), whose inner product is as large as that, and which have different owners,
    int64 (n,), or (`at_home`) any; of each vector the MOST nearest that are found."""
    if len(vectors) < 2:
        return Near(*np.zeros((2, 0), np.int64))
    count = min(len(vectors), max(1, round(CENTRES * len(vectors) ** 0.5)))
    home = _nearest_centres(vectors, vectors[np.linspace(0, len(vectors) - 1, count).astype(int)])
    pairs = [np.zeros((0, 2), np.int64)]
    for asking, there in _met(home, count):
        pairs.append(_near(vectors, owner, asking, there, similarity=similarity, at_home=at_home))
    found = np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)
    return Near(found[:, 0], found[:, 1])


def _nearest_centres(vectors: NDArray[np.float16], centres: NDArray[np.float16]) -> NDArray[np.int64]:
    """Of each vector the PROBES nearest centres, the nearest first; int64 (n, probes)."""
    beside = floats(centres).T
    found = []
    for begin in range(0, len(vectors), AT_A_TIME):
        similarity = floats(vectors[begin : begin + AT_A_TIME]) @ beside
        found.append(similarity.topk(min(PROBES, len(centres)), dim=1).indices.numpy())
    return np.concatenate(found)


def _met(home: NDArray[np.int64], centres: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Of each centre the vectors that look there, and those that lie there, by number."""
    lying = np.argsort(home[:, 0], kind="stable")
    looking = np.argsort(home.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(home[:, 0], minlength=centres))
    ends_looking = np.cumsum(np.bincount(home.ravel(), minlength=centres))
    for asking, there in zip(np.split(looking, ends_looking[:-1]), np.split(lying, ends[:-1]), strict=True):
        yield asking // home.shape[1], there


def _near(
    vectors: NDArray[np.float16],
    owner: NDArray[np.int64],
    asking: NDArray[np.int64],
    there: NDArray[np.int64],
    *,
    similarity: float,
    at_home: bool,
) -> NDArray[np.int64]:
    """Of some vectors the nearest among others, as pairs (n, 2)."""
    found = [np.zeros((0, 2), np.int64)]
    others = floats(vectors[there]).T
    for begin in range(0, len(asking), AT_A_TIME):
        some = asking[begin : begin + AT_A_TIME]
        products = floats(vectors[some]) @ others
        apart = some[:, None] == there if at_home else owner[some][:, None] == owner[there]
        products.numpy()[apart] = -2
        best = products.topk(min(MOST, len(there)), dim=1)
        row, column = np.nonzero(best.values.numpy() >= similarity)
        found.append(np.stack([some[row], there[best.indices.numpy()[row, column]]], axis=1))
    return np.concatenate(found)


def floats(vectors: NDArray[np.float16]) -> Tensor:
    """In single precision; torch does that many times as fast as NumPy."""
    import torch

    return torch.from_numpy(vectors).float()
