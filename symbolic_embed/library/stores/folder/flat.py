"""The nearest rows, exactly: every row is measured, some thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.library.stores.folder.records import Mapped, floats

AT_A_TIME = 8192  # rows in memory
NO_ROW = (1 << 32) - 1  # in place of -1; no file has so many rows


@dataclass(frozen=True, eq=False)
class Stretches:
    """Rows that lie one behind the other: the first of each stretch, and how many; int64 (stretches,), in order."""

    first: NDArray[np.int64]
    count: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int(self.count.sum())

    @classmethod
    def of(cls, pairs: list[tuple[int, int]]) -> Stretches:
        """From (first, count) pairs in any order."""
        first, count = np.array(sorted(pair for pair in pairs if pair[1]), np.int64).reshape(-1, 2).T
        return cls(first, count)

    def between(self, begin: int, end: int) -> Stretches:
        """What of them lies in a range of rows."""
        first = np.clip(self.first, begin, end)
        last = np.clip(self.first + self.count, begin, end)
        kept = last > first
        return Stretches(first[kept], (last - first)[kept])

    def without(self, total: int) -> Stretches:
        """All other rows of so many."""
        first = np.append(0, self.first + self.count)
        count = np.append(self.first, total) - first
        return Stretches(first[count > 0], count[count > 0])

    def blocks(self, at_a_time: int = AT_A_TIME) -> Iterator[NDArray[np.int64]]:
        """The numbers of the rows, some at a time."""
        begins = np.cumsum(self.count) - self.count
        for begin in range(0, self.total, at_a_time):
            some = Stretches(begins, self.count).between(begin, begin + at_a_time)
            stretch = np.searchsorted(begins, some.first, side="right") - 1
            yield ranges.rows(self.first[stretch] + some.first - begins[stretch], some.count)


@dataclass(frozen=True, eq=False)
class Found:
    """The nearest rows to each question, the nearest first; (questions, count): row, int64, -1 where there are fewer;
    similarity, float32, -inf there."""

    row: NDArray[np.int64]
    similarity: NDArray[np.float32]

    @classmethod
    def none(cls, questions: int) -> Found:
        """Nothing yet."""
        return cls(np.zeros((questions, 0), np.int64), np.zeros((questions, 0), np.float32))

    @classmethod
    def one_below_the_other(cls, several: list[Found], count: int) -> Found:
        """What was found for some questions after the other, `count` each."""
        row = np.concatenate([np.zeros((0, count), np.int64), *(one.row for one in several)])
        return cls(row, np.concatenate([np.zeros((0, count), np.float32), *(one.similarity for one in several)]))

    def best(self, count: int) -> Found:
        """The first `count`; equally near ones by row."""
        keys = np.sort(self._keys(), axis=1)[:, :count]
        row = keys & NO_ROW
        upside_down = _turned((keys >> 32).astype(np.int32)).view(np.float32)
        missing = ((0, 0), (0, max(count - row.shape[1], 0)))
        return Found(
            np.pad(np.where(row == NO_ROW, -1, row), missing, constant_values=-1),
            np.pad(0 - upside_down, missing, constant_values=np.float32(-np.inf)),
        )

    def _keys(self) -> NDArray[np.int64]:
        """Whole numbers in the order of the rows: a similarity's bits, upside down, above the row's number."""
        bits = _turned((0 - self.similarity).view(np.int32))
        return (bits.astype(np.int64) << 32) | (self.row & NO_ROW)

    def beside(self, other: Found) -> Found:
        """Those of both, in no order."""
        return Found(
            np.concatenate([self.row, other.row], axis=1),
            np.concatenate([self.similarity, other.similarity], axis=1),
        )


def nearest_of_all(mapped: Mapped, questions: NDArray[np.float32], rows: Stretches, *, count: int) -> Found:
    """The nearest of some rows to each question, float32 (questions, dim)."""
    found = Found.none(len(questions))
    for block in rows.blocks():
        vectors = floats(mapped.at(block)["vector"])
        found = found.beside(_nearest(block, questions @ vectors.T, count)).best(count)
    return found.best(count)


def _nearest(rows: NDArray[np.int64], similarity: NDArray[np.float32], count: int) -> Found:
    """The `count` most similar of a block, in no order."""
    if len(rows) <= count:
        return Found(np.broadcast_to(rows, similarity.shape), similarity)
    kept = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
    return Found(rows[kept], np.take_along_axis(similarity, kept, axis=1))


def _turned(bits: NDArray[np.int32]) -> NDArray[np.int32]:
    """The bits of floating numbers as whole numbers of the same order, and back."""
    return bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))
