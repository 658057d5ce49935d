"""The pace of what is written: how many notes begin, how many together, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
ANY = 1 << 20  # more notes than a window has

LATEST = 2  # times the even distance: no note begins later, while others must still follow it


class Last(Protocol):
    """What has been written of several windows, as `grammar.Written` has it."""

    @property
    def count(self) -> int:
        """How many notes."""

    @property
    def onset(self) -> Ints:
        """The onset of the last."""

    @property
    def together(self) -> Ints:
        """How many have begun together with it, itself counted."""


@dataclass(frozen=True, eq=False)
class Pace:
    """How notes follow each other in several windows; int64 (batch,) each.

    most: no onset follows once there are so many notes; those of one onset may still be completed. least_together,
    most_together: how many begin at once. apart: the steps between onsets at the least.
    """

    most: Ints
    least_together: Ints
    most_together: Ints
    apart: Ints

    def rows(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Pace:
        """That of some of the windows."""
        return Pace(self.most[chosen], self.least_together[chosen], self.most_together[chosen], self.apart[chosen])

    def repeated(self, copies: int) -> Pace:
        """That of `copies` windows for each, one after the other."""
        return self.rows(np.repeat(np.arange(len(self.most)), copies))

    def is_unfinished(self, written: Last) -> NDArray[np.bool_]:
        """Whether more must begin together with the last note; bool (batch,)."""
        return (written.together > 0) & (written.together < self.least_together)

    def may_begin(
        self, written: Last, *, steps: Ints, fewest: Ints, higher: NDArray[np.bool_], end: int
    ) -> NDArray[np.bool_]:
        """The onsets that suit the pace, in windows of so many `steps` with `fewest` notes at the least, evenly spread;
        `higher`: whether one more may begin together with the last; bool (batch, end)."""
        onsets, last = np.arange(end), written.onset[:, None]
        begun = (written.together > 0)[:, None]
        left = np.maximum(fewest - written.count, 1)
        latest = np.minimum(written.onset + LATEST * (steps - written.onset) // (left + 1), steps - left)
        onward = (written.count < self.most)[:, None] & (~begun | (onsets >= last + self.apart[:, None]))
        onward &= (onsets <= np.maximum(latest, written.onset + self.apart)[:, None]) & (onsets > last - ~begun)
        onward &= ~(self.is_unfinished(written) & higher)[:, None]
        same = begun & (onsets == last) & (written.together < self.most_together)[:, None]
        allowed: NDArray[np.bool_] = onward | same
        return allowed
