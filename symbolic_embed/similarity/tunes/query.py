"""A tune that is looked for: notes in seconds and semitones, and whole numbers, the same in every key and tempo.

Nobody who sings keeps to a key or a grid, so pitches may have fractions and onsets are plain times. Pitches are counted
in cents from the first note, times between onsets in hundredths of an octave (of a doubling) from their median: moved
by semitones or played faster, a tune gives the same numbers, and by them the same distance to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import UsageError

FEWEST = 4
LONGEST = 48  # notes that count, from the first
CENTS = 100  # a semitone
TIMES = 100  # a doubling of a time between onsets
SHORTEST = 1 / 64  # of the median, between two onsets


@dataclass(frozen=True, eq=False)
class TuneQuery:
    """A line of notes. onset: seconds, rising, float64 (notes,); pitch: semitones with fractions, float64 (notes,)."""

    onset: NDArray[np.float64]
    pitch: NDArray[np.float64]

    @classmethod
    def of(cls, onset: NDArray[np.float64], pitch: NDArray[np.float64]) -> TuneQuery:
        """The first LONGEST notes. Raises UsageError for fewer than FEWEST."""
        if len(onset) < FEWEST:
            raise UsageError(f"the query has {len(onset)} notes; a tune has at least {FEWEST}")
        return cls(np.asarray(onset[:LONGEST], np.float64), np.asarray(pitch[:LONGEST], np.float64))

    def __len__(self) -> int:
        return len(self.onset)

    @cached_property
    def _median(self) -> float:
        return max(float(np.median(np.diff(self.onset))), 1e-6)

    @cached_property
    def cents(self) -> NDArray[np.int32]:
        """Pitches above that of the first note; int32 (notes,)."""
        cents: NDArray[np.int32] = np.rint(CENTS * (self.pitch - self.pitch[0])).astype(np.int32)
        return cents

    def times(self, apart: int) -> NDArray[np.int32]:
        """From each note to the one so many later: TIMES a doubling of the median; int32 (notes - apart,)."""
        share = (self.onset[apart:] - self.onset[:-apart]) / self._median
        times: NDArray[np.int32] = np.rint(TIMES * np.log2(np.maximum(share, SHORTEST))).astype(np.int32)
        return times
