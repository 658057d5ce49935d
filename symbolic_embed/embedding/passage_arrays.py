"""Passages, and what they are made of, as arrays: for whoever keeps and compares them, without the model.

Passages are of all parts together, and of each part alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOGETHER = -1  # in place of a part: all of them


@dataclass(frozen=True, eq=False)
class Passages:
    """Passages of a piece, by size, then part, then bar. track: int64 (passages,), TOGETHER or a number from 0; bar,
    bars: int64 (passages,), the first, from 0, and how many. turning: float32 (passages, places, out), place by place
    of the circle of pitch classes; blind: float32 (passages, d). Both of length one."""

    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    bars: NDArray[np.int64]
    turning: NDArray[np.float32]
    blind: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.track)

    def where(self, chosen: NDArray[np.bool_]) -> Passages:
        """Those that a mask chooses."""
        return Passages(
            self.track[chosen], self.bar[chosen], self.bars[chosen], self.turning[chosen], self.blind[chosen]
        )


@dataclass(frozen=True, eq=False)
class PassageCells:
    """The cells of a piece of `bars` bars, as `Passages` are made of them: vectors float32 (cells, dim); track, bar
    (from 0) and role (a number in ROLES), int64 (cells,)."""

    vectors: NDArray[np.float32]
    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    role: NDArray[np.int64]
    bars: int
