"""The rows of a channel: records of one size, one behind the other, so that the file is seen as memory and any row is
found at once. Vectors are in half precision. Each record has a check sum of its own.
"""

from __future__ import annotations

import mmap
import os
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.channels import Rows
from symbolic_embed.library.stores.folder.damage import DamagedError
from symbolic_embed.library.stores.folder.data import Data

Records = NDArray[np.void]


def record(dim: int) -> np.dtype[np.void]:
    """What a row is, of vectors of so many numbers."""
    numbers: list[tuple[Any, ...]] = [("piece", "<u4"), ("track", "<i4"), ("bar", "<u4"), ("bars", "<u4")]
    return np.dtype([("vector", "<f2", (dim,)), *numbers, ("crc", "<u4")])


def records_of(piece: int, rows: Rows) -> Records:
    """The rows of a piece as they are kept."""
    records = np.zeros(len(rows), record(rows.vectors.shape[1]))
    records["vector"], records["piece"] = rows.vectors, piece
    records["track"], records["bar"], records["bars"] = rows.track, rows.bar, rows.bars
    records["crc"] = _check_sums(records)
    return records


def rows_again(records: Records) -> Rows:
    """What `records_of` was given, vectors rounded to half precision."""
    track, bar, bars = (records[name].astype(np.int64) for name in ("track", "bar", "bars"))
    return Rows(track, bar, bars, floats(records["vector"]))


def floats(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Vectors in half precision as float32: by torch, which is seven times as fast at it as NumPy."""
    if not len(halves):
        return halves.astype(np.float32)
    import torch  # who only looks whether files have changed has no use for it

    vectors: NDArray[np.float32] = torch.from_numpy(np.array(halves)).float().numpy()
    return vectors


class Mapped:
    """The committed rows of a channel: stretches are read, single rows seen through memory that is mapped. What is
    looked at is compared with its check sum, once."""

    def __init__(self, path: str, *, count: int, dim: int) -> None:
        self.path, self.count, self.dim = path, count, dim
        kind = record(dim)
        self._all: Records = np.zeros(0, kind)
        if count:
            if os.path.getsize(path) < count * kind.itemsize:
                raise DamagedError(path, "it ends too early")
            self._all = np.memmap(path, kind, mode="r", shape=(count,))
            self._data = Data(path)
        self._seen = np.zeros(count, bool)

    def at(self, rows: NDArray[np.int64]) -> Records:
        """Some rows. Raises DamagedError where one is not what was written."""
        if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
            return self.stretch(int(rows[0]), len(rows))
        return self._sound(np.asarray(self._all[rows]), rows)

    def let_go(self) -> None:
        """What was seen so far need not stay in memory, where the system can be told so."""
        mapping = getattr(self._all, "_mmap", None)
        if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
            mapping.madvise(mmap.MADV_DONTNEED)

    def stretch(self, first: int, count: int) -> Records:
        """Rows that lie one behind the other; raises as `at` does."""
        if not count:
            return self._all[:0]
        size = self._all.itemsize
        records: Records = np.frombuffer(self._data.stretch(first * size, count * size), self._all.dtype)
        return self._sound(records, np.arange(first, first + count))

    def _sound(self, records: Records, rows: NDArray[np.int64]) -> Records:
        unseen = np.flatnonzero(~self._seen[rows])
        if len(unseen):
            chosen = records[unseen]
            wrong = np.flatnonzero(_check_sums(chosen) != chosen["crc"])
            if len(wrong):
                raise DamagedError(self.path, f"row {int(rows[unseen[wrong[0]]]):,}")
            self._seen[rows[unseen]] = True
        return records


def _check_sums(records: Records) -> NDArray[np.uint32]:
    size = records.dtype.itemsize
    content, counted = memoryview(records.tobytes()), size - 4  # all but the check sum itself
    sums = [zlib.crc32(content[place : place + counted]) for place in range(0, len(content), size)]
    return np.array(sums, np.uint32)
