"""Choices that lean: more notes or fewer, thicker or thinner, longer or shorter, higher or lower than they come.

What is added to the logits of each choice, window by window, as long as it is written: for more notes the end is less
likely and the next onset nearer; for thicker music the onset of the last note; for longer notes their logarithm counts,
for higher ones their pitch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NEAR = 6.0  # steps: half a quarter, over which a nearer onset is one unit more likely
OCTAVE = 12.0


@dataclass(frozen=True, eq=False)
class Leaning:
    """How far the choices of each window lean; float32 (batch, 1) each: 0 not at all, 1 by a factor of e. doublings:
    the logarithms to base 2 of the length of each length class, float32 (classes,)."""

    more: Floats
    thick: Floats
    long: Floats
    high: Floats
    doublings: Floats

    @classmethod
    def of(cls, columns: NDArray[np.float64], *, lengths: NDArray[np.int64]) -> Leaning:
        """From four rows of numbers (4, batch), and the length in steps of each length class."""
        more, thick, long, high = columns.astype(np.float32)[:, :, None]
        return cls(more, thick, long, high, np.log2(lengths).astype(np.float32))

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Leaning:
        """That of some of the windows."""
        return Leaning(self.more[chosen], self.thick[chosen], self.long[chosen], self.high[chosen], self.doublings)

    def repeated(self, copies: int) -> Leaning:
        """That of `copies` windows for each, one after the other."""
        return self.rows(np.repeat(np.arange(len(self.more)), copies))

    def onsets(self, last: NDArray[np.int64], *, end: int) -> Floats:
        """What is added to the onset classes, the last of them the end, after the onsets of the last notes (batch,);
        (batch, end + 1)."""
        away = np.maximum(np.arange(end) - last[:, None], 0).astype(np.float32)
        onward = -self.more * np.minimum(away, 4 * NEAR) / (4 * NEAR)
        onward = onward + np.where(away == 0, self.thick, 0.0)
        return np.concatenate([onward, -self.more], axis=1).astype(np.float32)

    def pitches(self, pitches: int) -> Floats:
        """What is added to the pitch tokens, of which the second half are drums; (batch, pitches)."""
        height = (np.arange(pitches) % (pitches // 2) - pitches // 4) / OCTAVE
        height[pitches // 2 :] = 0.0
        return (self.high * height).astype(np.float32)

    def lengths(self) -> Floats:
        """What is added to the length classes; (batch, classes)."""
        return self.long * self.doublings
