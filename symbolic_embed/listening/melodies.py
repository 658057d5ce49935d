"""A melody as it was heard: its pitch at each instant, and the notes that were made of it.

Pitches are MIDI numbers with fractions (69.0 is 440 Hz), times are seconds of the recording. Nobody who sings without
an instrument keeps to 440 Hz, and few stay where they began: `tuning` says by how much all of it is off, `offset` what
is taken out of each note, where it drifts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEARD = "heard"  # the kind of the warning that music which was heard in a recording carries
LOWEST, HIGHEST = 0, 127  # MIDI numbers


@dataclass(frozen=True, eq=False)
class PitchCurve:
    """What a tracker heard, frame by frame. `times`: the middle of each frame in seconds, float64 (frames,), evenly
    spaced; `pitch`: MIDI numbers with fractions, float64 (frames,), nan where unvoiced; `confidence`: how sure the
    tracker is that there is a pitch, float64 (frames,), 0 to 1."""

    times: NDArray[np.float64]
    pitch: NDArray[np.float64]
    confidence: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SungNotes:
    """The notes of a melody, one after another, in the order of their onsets. `onset`, `end`: seconds, float64
    (notes,), `end` of one at most `onset` of the next; `pitch`: MIDI numbers with fractions as they were sung, float64
    (notes,); `confidence`: 0 to 1, float64 (notes,); `loudness`: decibels below the loudest, float64 (notes,), at most
    0; `offset`: semitones to take out of each pitch before it is rounded, float64 (notes,); `tuning`: the offset of
    them all, -.5 to .5."""

    onset: NDArray[np.float64]
    end: NDArray[np.float64]
    pitch: NDArray[np.float64]
    confidence: NDArray[np.float64]
    loudness: NDArray[np.float64]
    offset: NDArray[np.float64]
    tuning: float

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def rounded(self) -> NDArray[np.int64]:
        """The MIDI number that each note is written as, int64 (notes,)."""
        return np.clip(np.rint(self.pitch - self.offset), LOWEST, HIGHEST).astype(np.int64)
