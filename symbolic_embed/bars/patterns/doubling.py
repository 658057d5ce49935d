"""Which parts double which: strings in octaves, a bass with the left hand, a tune with its flute.

How much two parts double each other is the Jaccard index of what they begin: of all pairs of a sixteenth and a pitch
class that one of them has, the share that both have. So a doubling in another octave is one too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.patterns.stretch import Stretch

DOUBLES = 0.7  # above this Jaccard index two parts double each other
FEWEST = 4  # notes that two parts begin together, or it may be chance


class Doubling(NamedTuple):
    """Two parts, the lower number first; their Jaccard index; by how many semitones, a multiple of 12, the second
    mostly lies above the first."""

    first: int
    second: int
    likeness: float
    interval: int


def doublings(stretch: Stretch, *, above: float = DOUBLES) -> list[Doubling]:
    """The pairs of pitched parts that double each other by more than `above`, and begin FEWEST notes together or more;
    in order of their numbers."""
    begun, highest = _begun(stretch)
    together, likeness = _compared(begun)
    pairs = np.argwhere(np.triu((likeness > above) & (together >= FEWEST), 1))
    found = []
    for first, second in pairs.tolist():
        both = (begun[first] & begun[second]) > 0
        intervals, counts = np.unique(highest[second, both] - highest[first, both], return_counts=True)
        interval = int(intervals[np.argmax(counts)])
        found.append(Doubling(first, second, float(likeness[first, second]), interval))
    return found


def likeness_of_parts(stretch: Stretch) -> NDArray[np.float64]:
    """How much each pitched part doubles each other; float64 (parts, parts). Two that rest are alike; so are two parts
    of drums, whose strokes do not count here."""
    return _compared(_begun(stretch)[0])[1]


def _begun(stretch: Stretch) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pairs of a sixteenth and a pitch class each part begins, bool (parts, pairs), and the highest pitch that it
    begins there, int64 (parts, pairs)."""
    pitched = stretch.pitched
    keys, column = np.unique(pitched.onset * 12 + pitched.pitch % 12, return_inverse=True)
    highest = np.full((stretch.parts, len(keys)), -1, np.int64)
    np.maximum.at(highest, (pitched.part, column), pitched.pitch)
    return highest >= 0, highest


def _compared(begun: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many pairs each two parts have both, and their Jaccard index; float64 (parts, parts)."""
    return overlaps(begun, begun)


def overlaps(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of sets, rows of bool (n, members) and (m, members): how many members each two have both, and their Jaccard
    index; float64 (n, m). Two empty sets are alike."""
    one, other = first.astype(np.float64), second.astype(np.float64)
    both = one @ other.T
    either = one.sum(axis=1)[:, None] + other.sum(axis=1) - both
    return both, np.where(either > 0, both / np.maximum(either, 1), 1.0)
