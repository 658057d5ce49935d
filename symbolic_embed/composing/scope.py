"""What of a piece may change: some of its tracks, some of its bars, and of those not what is locked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.composing.locks import NO_LOCKS, Locks


@dataclass(frozen=True)
class Scope:
    """These tracks and bars (both from 0; None: all) may change, and of them what `locks` do not keep. A part in
    `own_bars` may change in these bars, and in no other."""

    tracks: frozenset[int] | None = None
    bars: frozenset[int] | None = None
    locks: Locks = NO_LOCKS
    own_bars: tuple[tuple[int, frozenset[int]], ...] = ()

    @property
    def limits_bars(self) -> bool:
        """Whether any bars are chosen."""
        return self.bars is not None or bool(self.own_bars)

    def admits(self, track: NDArray[np.int64], bar: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether cells of these parts and bars, (cells,) each, may change, locks apart; bool (cells,)."""
        inside = _among(bar, self.bars)
        for part, bars in self.own_bars:
            inside = np.where(track == part, _among(bar, bars), inside)
        return inside & _among(track, self.tracks)


EVERYTHING = Scope()


def _among(numbers: NDArray[np.int64], wanted: frozenset[int] | None) -> NDArray[np.bool_]:
    return np.ones(len(numbers), bool) if wanted is None else np.isin(numbers, sorted(wanted))
