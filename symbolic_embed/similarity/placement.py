"""How well a fragment fits at each place of a piece, when it is laid along it, bar beside bar.

Music is given as *lines*: all parts together are one, a part alone is one, and in each a bar either has an embedding or
is silent. A bar costs the distance of the two embeddings that lie beside each other, as a share of sqrt(2 dim), which
is the distance of two at right angles: 0 for the same notes, about 1 for random ones. A bar that has nothing beside it
costs 1, whichever of the two is silent there, before the piece begins or after its end. Where both are silent nothing
is said. The cost of a place is the mean over the bars of which something is said.

What the piece has before and after the fragment costs nothing; `tests/naive.py` lays them bar by bar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.likeness import Likeness, squares

ALONE = 1.0
BARS = Likeness()
TILE = 1_000_000  # distances at a time


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

    @cached_property
    def silent(self) -> NDArray[np.int64]:
        """Line and bar of each bar in which a line is silent; int64 (bars, 2)."""
        is_silent = np.ones((self.count, self.bars), bool)
        is_silent[self.line, self.bar] = False
        return np.argwhere(is_silent)


def placement_costs(fragment: Lines, piece: Lines) -> NDArray[np.float32]:
    """What it costs to lay each line of a fragment, in each of its keys, along each line of a piece, in its first key,
    at each place; float32 (keys, fragment's lines, piece's lines, places).

    At place p the last bar of the fragment lies beside bar p of the piece: `first_bar` says where its first one lies.
    """
    before, places = fragment.bars - 1, fragment.bars - 1 + piece.bars
    nothing = len(piece.line)  # in place of a row of the piece
    beside = np.full((piece.count, places + before), nothing)
    beside[piece.line, piece.bar + before] = np.arange(nothing)
    costs = np.zeros((len(fragment.versions), fragment.count, piece.count, places), np.float32)
    said = np.zeros(costs.shape[1:], np.int64)
    for row, distances in _distances(fragment, piece):  # (keys, piece's rows + 1)
        costs[:, fragment.line[row]] += distances.take(beside[:, _from(fragment.bar[row], places)], axis=1)
        said[fragment.line[row]] += 1
    sounds = beside < nothing
    for line, bar in fragment.silent:
        costs[:, line] += np.float32(ALONE) * sounds[:, _from(bar, places)]
        said[line] += sounds[:, _from(bar, places)]
    costs /= np.maximum(said, 1)
    return costs


def first_bar(place: int, fragment: Lines) -> int:
    """The bar of the piece that the fragment's first bar lies beside at a place; below 0 before the piece begins."""
    return place - fragment.bars + 1


def _from(bar: int, places: int) -> slice:
    """At each of so many places the bar of the piece, counted from the first place on, beside a bar of the fragment."""
    return slice(bar, bar + places)


def _distances(fragment: Lines, piece: Lines) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Each row of a fragment, and how far it is in each key from each row of a piece, and last from nothing; float32
    (keys, piece's rows + 1)."""
    keys, rows, dim = fragment.versions.shape
    others = piece.versions[0]
    at_a_time = max(1, TILE // (keys * (len(others) + 1)))
    for start in range(0, rows, at_a_time):
        some = np.ascontiguousarray(fragment.versions[:, start : start + at_a_time])
        distances = np.full((*some.shape[:2], len(others) + 1), ALONE, np.float32)
        squared = squares(some.reshape(-1, dim), others)
        apart = BARS.distances(squared)
        apart /= (2 * dim) ** 0.5
        distances[..., :-1] = apart.reshape(keys, -1, len(others))
        yield from ((start + number, distances[:, number]) for number in range(some.shape[1]))
