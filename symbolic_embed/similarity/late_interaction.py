"""From distances of bars to a distance of pieces: late interaction.

Each bar of one piece looks for the nearest bar of the other, wherever it stands; the mean of these distances says how
well the one is found in the other. The mean of both ways is the distance:

    d(A, B) = ½ (1/|A| Σ_a min_b δ(a, b) + 1/|B| Σ_b min_a δ(a, b))

It is 0 where both hold the same bars, in whatever order and however often. (Chamfer distance, to those who compare
clouds of points; late interaction since Khattab and Zaharia, ColBERT, 2020, who use one way and a maximum.)

Everything is computed in tiles of bounded size; `tests/naive.py` says the same in four loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.likeness import Likeness, squares

TILE = 2_000_000  # squared distances at a time: 16 MB
COLUMNS = 4096  # bars of other pieces at a time


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each version of a query: which bars find each other.

    to_pieces: (versions, query bars, pieces), the squared distance from each query bar to each piece's nearest bar;
    to_query: (versions, bars), from each bar of the pieces to the nearest query bar; starts: (pieces,), where in the
    bars each piece begins.
    """

    to_pieces: NDArray[np.float64]
    to_query: NDArray[np.float64]
    starts: NDArray[np.int64]

    def distances(self, likeness: Likeness) -> NDArray[np.float64]:
        """The distance of each version of the query to each piece; float64 (versions, pieces)."""
        there = likeness.distances(self.to_pieces).mean(axis=1)
        counts = np.diff(np.append(self.starts, self.to_query.shape[1]))
        back = np.add.reduceat(likeness.distances(self.to_query), self.starts, axis=1) / counts
        both: NDArray[np.float64] = (there + back) / 2
        return both


def nearest_bars(query: NDArray[np.float32], pieces: Sequence[NDArray[np.float32]]) -> Nearest:
    """How near the bars of some versions of a query (versions, bars, d) come to those of each of `pieces` (bars, d), of
    which there is one at least, and each has a bar at least."""
    blocks = [_nearest_in_block(query, block) for block in _blocks(pieces)]
    counts = np.array([len(piece) for piece in pieces], np.int64)
    return Nearest(
        np.concatenate([to_pieces for to_pieces, _ in blocks], axis=2),
        np.concatenate([to_query for _, to_query in blocks], axis=1),
        np.cumsum(counts) - counts,
    )


def _blocks(pieces: Sequence[NDArray[np.float32]]) -> list[list[NDArray[np.float32]]]:
    """Pieces in groups of at most COLUMNS bars, or of one piece."""
    blocks: list[list[NDArray[np.float32]]] = []
    filled = COLUMNS + 1
    for piece in pieces:
        if filled + len(piece) > COLUMNS:
            blocks.append([])
            filled = 0
        blocks[-1].append(piece)
        filled += len(piece)
    return blocks


def _nearest_in_block(
    query: NDArray[np.float32], pieces: list[NDArray[np.float32]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`Nearest.to_pieces` and `Nearest.to_query` for a few pieces."""
    versions, bars, dim = query.shape
    others = np.concatenate(pieces)
    counts = np.array([len(piece) for piece in pieces], np.int64)
    starts = np.cumsum(counts) - counts
    to_pieces = np.empty((versions, bars, len(pieces)))
    to_query = np.full((versions, len(others)), np.inf)
    rows = max(1, TILE // len(others))  # bars of the query at a time; whole versions where they fit
    together = max(1, rows // bars)
    for version in range(0, versions, together):
        of_these = slice(version, version + together)
        for bar in range(0, bars, rows):
            part = query[of_these, bar : bar + rows]
            tile = squares(part.reshape(-1, dim), others).reshape(*part.shape[:2], len(others))
            to_pieces[of_these, bar : bar + rows] = np.minimum.reduceat(tile, starts, axis=2)
            to_query[of_these] = np.minimum(to_query[of_these], tile.min(axis=1))
    return to_pieces, to_query
