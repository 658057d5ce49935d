"""How well a fragment fits at each place of a piece, when it is laid along it, bar beside bar.

Music is given as *lines*: all parts together are one, a part alone is one, and in each a bar either has an embedding or
is silent. A bar costs the distance of the two embeddings that lie beside each other, as a share of sqrt(2 dim), which
is the distance of two at right angles: 0 for the same notes, about 1 for random ones. A bar that has nothing beside it
costs 1, whichever of the two is silent there, before the piece begins or after its end. Where both are silent nothing
is said. The cost of a place is the mean over the bars of which something is said.

What the piece has before and after the fragment costs nothing; `tests/naive.py` lays them bar by bar.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.likeness import Likeness, squares

ALONE = 1.0
BARS = Likeness()


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of music, `bars` long. A row is a bar of one of them in which it is not silent: line and bar, int64
    (rows,), both from 0, and its embeddings in some keys, float32 (keys, rows, dim)."""

    line: NDArray[np.int64]
    bar: NDArray[np.int64]
    versions: NDArray[np.float32]
    bars: int

    @property
    def count(self) -> int:
        """How many lines there are, up to the last that is not silent."""
        return int(self.line.max(initial=-1)) + 1


def placement_costs(fragment: Lines, piece: Lines) -> NDArray[np.float64]:
    """What it costs to lay each line of a fragment, in each of its keys, along each line of a piece, in its first key,
    at each place; float64 (keys, fragment's lines, piece's lines, places).

    At place p the last bar of the fragment lies beside bar p of the piece: `first_bar` says where its first one lies.
    """
    places = piece.bars + fragment.bars - 1
    shape = (fragment.count, piece.count, places)
    costs, said = np.zeros((len(fragment.versions), *shape)), np.zeros(shape)
    for bar in range(fragment.bars):
        rows = np.flatnonzero(fragment.bar == bar)
        place = piece.bar + fragment.bars - 1 - bar  # at which each row of the piece lies beside this bar
        distances = _distances(fragment.versions[:, rows], piece.versions[0])  # (keys, rows, piece's rows)
        silent = np.zeros((piece.count, places))
        silent[piece.line, place] = ALONE
        for line in range(fragment.count):
            if line not in fragment.line[rows]:
                costs[:, line] += silent
                said[line] += silent > 0
        for row, line in enumerate(fragment.line[rows]):
            beside = np.full((len(costs), piece.count, places), ALONE)
            beside[:, piece.line, place] = distances[:, row]
            costs[:, line] += beside
            said[line] += 1
    mean: NDArray[np.float64] = costs / np.maximum(said, 1)
    return mean


def first_bar(place: int, fragment: Lines) -> int:
    """The bar of the piece that the fragment's first bar lies beside at a place; below 0 before the piece begins."""
    return place - fragment.bars + 1


def _distances(versions: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """From each version (keys, rows, dim) to each of `vectors` (others, dim); float64 (keys, rows, others)."""
    keys, rows, dim = versions.shape
    squared = squares(np.ascontiguousarray(versions).reshape(-1, dim), vectors)
    shares: NDArray[np.float64] = BARS.distances(squared) / (2 * dim) ** 0.5
    return shares.reshape(keys, rows, len(vectors))
