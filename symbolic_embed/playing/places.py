"""Where in the bar notes begin, in quarters, and on which subdivision of the quarter they are meant.

A player is never exactly on the grid, and swing is meant to lie beside it: eighths in a swung bar begin at 0 and 2/3 of
a quarter and are still two eighths, late by a sixth. So the subdivision of a part is the coarsest that tells its notes
apart: no two strokes of one thing share a place, none lies further from its place than swing does (`FARTHEST`), and
those that share one in several bars lie together there. Onsets at 0 and 2/3 are eighths; with one at 1/3 between them
they are triplets.

A bar that is shorter than its metre says at which end it is cut: a pick-up, the first, lacks its beginning, so that its
notes lie where they lead to; any other lacks its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore

SUBDIVISIONS: Final = (1, 2, 3, 4, 6, 8, 12)  # places a quarter
FARTHEST: Final = 0.19  # quarters from a place: the second of two swung eighths is 1/6 late
OF_A_PLACE: Final = 0.4  # and no further than this share of the way to the next place
FLAM: Final = 0.07  # quarters: two strokes as near as this are one, struck twice
TOGETHER: Final = 0.1  # quarters around the middle of all that have one place
ALLOWED: Final = 0.05  # share of notes that may fit a subdivision less well than they would another


@dataclass(frozen=True, eq=False)
class BarPlaces:
    """The bars of a piece, as places are counted in them.

    metre: of each bar, such as "4/4". quarters: float64 (bars,), how long a bar of its metre is. begin: float64
    (bars,), where in it the bar begins: 0 but in a pick-up. number: int64 (bars,), how many bars of its metre came
    directly before it, a pick-up not counted: where cycles of several bars stand.
    """

    barred: BarredScore
    metre: tuple[str, ...]
    quarters: NDArray[np.float64]
    begin: NDArray[np.float64]
    number: NDArray[np.int64]

    @classmethod
    def of(cls, barred: BarredScore) -> BarPlaces:
        """Those of a piece."""
        signatures = barred.metre.signatures
        full = np.array([4 * one.numerator / one.denominator for one in signatures])
        begin = np.zeros(len(full))
        begin[0] = max(full[0] - int(barred.grid.bar_length(0)) / STEPS_PER_QUARTER, 0.0)
        metre = tuple(map(str, signatures))
        bars = np.arange(len(metre))
        changes = np.array([before != after for before, after in pairwise(("", *metre))])
        number = bars - np.maximum.accumulate(np.where(changes, bars, 0))
        if begin[0]:
            following = np.flatnonzero(changes)[1:].min(initial=len(bars))
            number[:following] -= 1
        return cls(barred, metre, full, begin, number)

    @cached_property
    def quarter_ticks(self) -> NDArray[np.float64]:
        """How many ticks a quarter lasts in each segment of the grid; float64 (segments,)."""
        return self.barred.grid.ticks_per_step * STEPS_PER_QUARTER

    def segment(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The segment of the grid that each tick lies in; int64."""
        return np.maximum(np.searchsorted(self.barred.grid.segment_ticks, ticks, side="right") - 1, 0)

    def positions(self, ticks: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The bar that each tick lies in, and how many quarters into it, int64 and float64; before the first bar
        less than none."""
        grid, segment = self.barred.grid, self.segment(ticks)
        steps = grid.segment_steps[segment] + (ticks - grid.segment_ticks[segment]) / grid.ticks_per_step[segment]
        bar = np.clip(np.searchsorted(grid.bar_steps, steps, side="right") - 1, 0, grid.bars - 1)
        return bar, (steps - grid.bar_steps[bar]) / STEPS_PER_QUARTER + self.begin[bar]


def places_in_bar(quarters: float, division: int) -> int | None:
    """How many places of a subdivision a bar has; None where they do not fill it."""
    places = Fraction(quarters).limit_denominator(64) * division
    return int(places) if places.denominator == 1 else None


def subdivision(positions: NDArray[np.float64], struck: NDArray[np.int64], *, quarters: float) -> int:
    """The coarsest subdivision of the quarter on which notes can be told apart.

    positions: float64 (n,), quarters from the first barline on, in bars of `quarters`; struck: int64 (n,), what each
    note strikes: of one thing no two share a place. Where none fits, the coarsest of those that fit nearly best.
    """
    fitting = [division for division in SUBDIVISIONS if places_in_bar(quarters, division)] or [SUBDIVISIONS[-1]]
    misfits = np.array([_misfit(positions, struck, division, quarters) for division in fitting])
    return fitting[int(np.argmax(misfits <= misfits.min() + ALLOWED))]


def _misfit(positions: NDArray[np.float64], struck: NDArray[np.int64], division: int, quarters: float) -> float:
    """The share of notes that do not fit a subdivision."""
    if not len(positions):
        return 0.0
    place = np.rint(positions * division)
    beside = positions - place / division
    in_bar = np.mod(place, round(quarters * division)).astype(np.int64)
    middle = np.array([np.median(beside[in_bar == one]) for one in range(in_bar.max() + 1) if (in_bar == one).any()])
    middle = middle[np.unique(in_bar, return_inverse=True)[1]]
    is_far = np.abs(beside) > min(FARTHEST, OF_A_PLACE / division) + 1e-9
    order = np.lexsort((positions, struck))
    again = np.zeros(len(positions), bool)
    same = (np.diff(struck[order]) == 0) & (np.diff(place[order]) == 0) & (np.diff(positions[order]) > FLAM)
    again[order[1:]] = same
    return float(np.mean(is_far | again | (np.abs(beside - middle) > TOGETHER)))
