"""Laying a piece out on a page: how many systems there are, and which bars each holds.

Places are counted in quarter notes from the beginning of the file. A system is filled with whole bars until it is as
long as the others; a page has twelve at most, so the longer the piece, the longer its systems.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.score.score import Track

MOST_SYSTEMS = 12
SHORTEST_SYSTEM = 32.0  # quarters: eight bars of 4/4


class SystemNotes(NamedTuple):
    """Notes in a system: start and end in quarters, pitch, velocity; float64 (notes,)."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    pitch: NDArray[np.float64]
    velocity: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class System:
    """Some bars in a row.

    barlines: float64 (bars + 1,), in quarters. numbers: of the bars, from 1. metres: of each bar, where it begins or
    changes, else None. division: ticks a quarter.
    """

    barlines: NDArray[np.float64]
    numbers: tuple[int, ...]
    metres: tuple[str | None, ...]
    division: int

    @property
    def start(self) -> float:
        return float(self.barlines[0])

    @property
    def quarters(self) -> float:
        """How long it is."""
        return float(self.barlines[-1] - self.barlines[0])

    def notes(self, track: Track) -> SystemNotes:
        """The notes of a part that sound here, cut to the system; of drums those that are struck here."""
        start, end = track.notes.onset_ticks / self.division, track.notes.offset_ticks / self.division
        last = self.start + self.quarters
        here = (start < last) & (end > self.start)
        if track.is_drum:
            here &= start >= self.start
        start, end = np.maximum(start[here], self.start), np.minimum(end[here], last)
        return SystemNotes(start, end, track.notes.pitch[here].astype(float), track.notes.velocity[here].astype(float))


def systems(barred: BarredScore) -> list[System]:
    """The systems of a piece, one at least."""
    barlines = barred.metre.barline_ticks / barred.score.division
    longest = max(SHORTEST_SYSTEM, (barlines[-1] - barlines[0]) / MOST_SYSTEMS)
    while len(ends := _ends(barlines, longest)) > MOST_SYSTEMS:
        longest *= 1.02  # systems end at barlines, and so a little early
    return [stretch(barred, first, end) for first, end in pairwise([0, *ends])]


def stretch(barred: BarredScore, first: int, end: int) -> System:
    """The bars from `first`, from 0, to before `end`, as one system."""
    division = barred.score.division
    signatures = [str(signature) for signature in barred.metre.signatures[max(first - 1, 0) : end]]
    metres = [text if n == 0 or text != signatures[n - 1] else None for n, text in enumerate(signatures)]
    barlines = barred.metre.barline_ticks[first : end + 1] / division
    return System(barlines, tuple(range(first + 1, end + 1)), tuple(metres[first - end :]), division)


def _ends(barlines: NDArray[np.float64], longest: float) -> list[int]:
    """The bar after the last of each system, where each takes what fits into `longest` quarters, one bar at least."""
    ends = [0]
    while ends[-1] < len(barlines) - 1:
        reach = np.searchsorted(barlines, barlines[ends[-1]] + longest + 1e-6, side="right") - 1
        ends.append(max(int(reach), ends[-1] + 1))
    return ends[1:]
