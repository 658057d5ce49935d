"""The lines of many pieces, end to end, as tunes are looked for in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.tunes import Tunes
from symbolic_embed.similarity.tunes.query import CENTS, TIMES
from symbolic_embed.similarity.tunes.windows import windows_of_lines

_LOGARITHMS = np.rint(TIMES * np.log2(np.maximum(np.arange(1 << 14), 1))).astype(np.int32)


@dataclass(frozen=True, eq=False)
class TuneLines:
    """Of so many pieces; of each line, int64 (lines,): piece, its number; track; counts, its notes. Of the notes, int32
    (notes,): onset, in steps; pitch; bar."""

    pieces: int
    piece: NDArray[np.int64]
    track: NDArray[np.int64]
    counts: NDArray[np.int64]
    onset: NDArray[np.int32]
    pitch: NDArray[np.int32]
    bar: NDArray[np.int32]

    @classmethod
    def of(cls, pieces: Sequence[Tunes]) -> TuneLines:
        """Those of some pieces, in their order."""
        none = np.zeros(0, np.int64)

        def joined(arrays: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
            return np.concatenate([none, *arrays])

        return cls(
            pieces=len(pieces),
            piece=ranges.owners(np.array([len(one.counts) for one in pieces], np.int64)),
            track=joined([one.track for one in pieces]),
            counts=joined([one.counts for one in pieces]),
            onset=joined([one.onset_steps for one in pieces]).astype(np.int32),
            pitch=joined([one.pitch for one in pieces]).astype(np.int32),
            bar=joined([one.bar for one in pieces]).astype(np.int32),
        )

    @cached_property
    def begins(self) -> NDArray[np.int64]:
        """The first note of each line, and the end of the last; int64 (lines + 1,)."""
        return ranges.offsets(self.counts)

    def windows(self, notes: int) -> NDArray[np.float32]:
        """Every so many notes, as rows that a tune's are multiplied with (`windows.of_lines`); made once."""
        if notes not in self._windows:
            self._windows[notes] = windows_of_lines(CENTS * self.pitch, times(np.diff(self.onset)), self.begins, notes)
        return self._windows[notes]

    @cached_property
    def _windows(self) -> dict[int, NDArray[np.float32]]:
        return {}


def times(steps: NDArray[np.int32]) -> NDArray[np.int32]:
    """Numbers of steps, TIMES a doubling; what is not above 0 counts as one step."""
    logarithms: NDArray[np.int32] = _LOGARITHMS.take(steps, mode="clip")
    return logarithms
