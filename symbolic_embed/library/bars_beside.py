"""Which bars of a query and of a piece lie beside each other: the nearest pairs, in the version in which they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.features import known
from symbolic_embed.similarity.joint import Comparable, Parts, bar_distances
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness, squares

BEST_PAIRS = 3


class BarsBeside(NamedTuple):
    """The bars of a query beside those of a piece, in the version in which they are nearest: how far apart they are;
    points, float32 (bars, d); and the squared distance of each bar of the query to the nearest of the piece, (bars,).
    """

    version: int
    distance: float
    mine: NDArray[np.float32]
    theirs: NDArray[np.float32]
    squared: NDArray[np.float64]

    def pairs(self, likeness: Likeness) -> list[tuple[int, int]]:
        """The BEST_PAIRS bars of the query that come nearest to a bar of the piece, each with that bar."""
        nearest = np.argsort(rounded(self.squared, likeness), kind="stable")[:BEST_PAIRS]
        return [(int(bar), nearest_to(self.mine[bar], self.theirs, likeness)) for bar in nearest]


def beside_moved(
    here: Comparable, there: Comparable, compared: Parts, versions: NDArray[np.int64], likeness: Likeness
) -> BarsBeside:
    """In one of equally near `versions` of the shorter piece, whose bars are known in all of them."""
    nearest = known(compared.nearest)
    version = int(versions[np.argmin(compared.bars[versions, 0])])  # a melody is as near in every key
    if there.is_transposed:
        squared, mine, theirs = nearest.to_query[version], here.bars[0], there.bars[version]
    else:
        squared, mine, theirs = nearest.to_pieces[version, :, 0], here.bars[version], there.bars[0]
    return BarsBeside(version, float(compared.bars[version, 0]), mine, theirs, squared)


def beside_query_moved(
    moved: Mapping[int, NDArray[np.float32]], theirs: NDArray[np.float32], likeness: Likeness
) -> BarsBeside:
    """In one of equally near versions of the shorter piece, the bars of which are known of the query alone, as points
    (bars, d): for each version the query as it is then moved, if need be the other way."""
    versions = list(moved)
    nearest = nearest_bars(np.stack(list(moved.values())), [theirs])
    distances = bar_distances(nearest, likeness, d=theirs.shape[1])[:, 0]
    best = int(np.argmin(distances))
    mine = moved[versions[best]]
    return BarsBeside(versions[best], float(distances[best]), mine, theirs, nearest.to_pieces[best, :, 0])


def within_transpositions(semitones: int) -> int:
    """An interval as one of the TRANSPOSITIONS: a tritone down is one up."""
    return 6 if semitones == -6 else semitones


def nearest_to(point: NDArray[np.float32], points: NDArray[np.float32], likeness: Likeness) -> int:
    """Which of `points` (n, d) is nearest to `point` (d,); of equally near ones the first."""
    return int(np.argmin(rounded(squares(point[None], points)[0], likeness)))


def rounded(squared: NDArray[np.float64], likeness: Likeness) -> NDArray[np.float32]:
    """Distances in single precision, so that what is equal but for rounding is equal."""
    return likeness.distances(squared).astype(np.float32)
