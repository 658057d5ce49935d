"""A set of hashes in few bits each: a binary fuse filter (Graf and Lemire, Binary fuse filters: fast and smaller than
xor filters, 2022).

Every hash has three cells, in three neighbouring segments of one long row, and a value of a few bits; the cells are
filled so that the three of each hash of the set, added bit by bit, are its value. A hash that is not in the set gives
its value by chance, once in 2 ** bits. That takes 1.125 cells a hash, where a Bloom filter of the same chance takes
1.44 times as many bits as the value has.

To fill the cells, a hash that has a cell to itself is taken away, which leaves others with cells to themselves, until
none is left; in the opposite order each one's own cell can be set. All that are free at once are taken in one round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.hashing import mixed

CELLS_PER_HASH = 1.125  # of a large set; smaller ones need more
ATTEMPTS = 20  # random seeds; the first or second works
MOST_BITS = 8


@dataclass(frozen=True, eq=False)
class FuseFilter:
    """cells: uint8 (cells,), values of `bits` bits; segment: cells in one, a power of two; random_seed: of
    where cells are."""

    cells: NDArray[np.uint8]
    bits: int
    segment: int
    random_seed: int

    @property
    def chance(self) -> float:
        """How likely a hash is found that is not there."""
        return 2.0**-self.bits

    def holds(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether each hash (uint64 (n,)) is there, by chance where it is not; bool (n,)."""
        layout = _Layout(self.random_seed, self.segment, len(self.cells), self.bits)
        places, values = layout.of(hashes)
        return np.equal(np.bitwise_xor.reduce(self.cells[places], axis=0), values)


def cells_for(count: int) -> tuple[int, int]:
    """How many cells a set of `count` hashes takes, and how many of them are a segment."""
    count = max(count, 2)
    segment = 2 ** min(18, max(2, int(np.log(count) / np.log(3.33) + 2.25)))
    factor = max(CELLS_PER_HASH, 0.875 + 0.25 * np.log(1e6) / np.log(count))
    return (max(1, -(-int(count * factor) // segment) - 2) + 2) * segment, segment


def fuse_filter(hashes: NDArray[np.uint64], *, bits: int) -> FuseFilter | None:
    """A filter of different hashes, uint64 (n,), with values of 1 to MOST_BITS bits; None where no random
    seed works."""
    size, segment = cells_for(len(hashes))
    for random_seed in range(ATTEMPTS):
        places, values = _Layout(random_seed, segment, size, bits).of(hashes)
        rounds = _rounds(places, size=size)
        if sum(len(free) for free, _ in rounds) < len(hashes):
            continue
        cells = np.zeros(size, np.uint8)
        for free, own in reversed(rounds):
            cells[own] = 0
            cells[own] = values[free] ^ np.bitwise_xor.reduce(cells[places[:, free]], axis=0)
        return FuseFilter(cells, bits, segment, random_seed)
    return None


def packed(known: FuseFilter) -> NDArray[np.uint8]:
    """The cells without their unused bits; uint8 (bytes,)."""
    return np.packbits(np.unpackbits(known.cells[:, None], axis=1)[:, 8 - known.bits :])


def unpacked(content: NDArray[np.uint8], *, cells: int, bits: int) -> NDArray[np.uint8]:
    """The cells of packed ones; uint8 (cells,). Raises ValueError where there are fewer."""
    if len(content) != -(-cells * bits // 8):
        raise ValueError(f"{len(content)} bytes, {cells} cells of {bits} bits expected")
    values = np.unpackbits(content, count=cells * bits).reshape(cells, bits)
    return np.packbits(np.pad(values, [(0, 0), (8 - bits, 0)]), axis=1)[:, 0]


class _Layout(NamedTuple):
    """Where the cells of hashes are, and which values they have: told by a random seed, the cells in a segment, the
    cells in all, and the bits of a value."""

    random_seed: int
    segment: int
    size: int
    bits: int

    def of(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The three cells of each hash, int32 (3, n), and its value, uint8 (n,)."""
        scattered = mixed(hashes ^ mixed(np.array([self.random_seed + 1], np.uint64)))
        starts = np.uint64(self.size // self.segment - 2)
        first = (scattered >> np.uint64(32)) * starts >> np.uint64(32)
        within = mixed(scattered)
        places = np.empty((3, len(hashes)), np.int32)
        for nth in range(3):
            offset = within >> np.uint64(20 * nth) & np.uint64(self.segment - 1)
            places[nth] = (first + np.uint64(nth)) * np.uint64(self.segment) + offset
        return places, (mixed(within) >> np.uint64(64 - self.bits)).astype(np.uint8)


def _rounds(places: NDArray[np.int32], *, size: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Round by round the hashes (indices) that had a cell to themselves, and those cells."""
    numbers = np.arange(places.shape[1])
    left = np.bincount(places.ravel(), minlength=size)
    # The sum of the numbers of all hashes in a cell is, where one is left, its number.
    sums = np.sum([np.bincount(row, weights=numbers, minlength=size) for row in places], axis=0).astype(np.int64)
    alone = np.flatnonzero(left == 1)
    rounds = []
    while len(alone):
        free, which = np.unique(sums[alone], return_index=True)
        rounds.append((free, alone[which]))
        touched = places[:, free]
        np.subtract.at(left, touched.ravel(), 1)
        np.subtract.at(sums, touched.ravel(), np.tile(free, 3))
        neighbours = np.unique(touched)
        alone = neighbours[left[neighbours] == 1]
    return rounds
