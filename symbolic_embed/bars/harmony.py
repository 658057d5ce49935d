"""Whether what sounds together is one chord.

The chords are those of tonal music, in any position: the four triads, and the seventh chords built on them (dominant,
major, minor, half-diminished, diminished). Fewer tones than a chord has also fit it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRIADS = ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 8))
SEVENTHS = ((0, 4, 7, 10), (0, 4, 7, 11), (0, 3, 7, 10), (0, 3, 6, 10), (0, 3, 6, 9))


def _masks() -> NDArray[np.bool_]:
    """Every pitch-class set that fits a chord is marked in a table of 4,096, one bit a class."""
    fits = np.zeros(4096, bool)
    numbers = np.arange(4096)
    for chord in (*TRIADS, *SEVENTHS):
        for root in range(12):
            tones = sum(1 << (root + tone) % 12 for tone in chord)
            fits |= numbers & ~tones == 0
    return fits


FITS = _masks()
BITS = 1 << np.arange(12)


def is_one_chord(classes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether pitch classes, bool (..., 12), are all in one chord; bool (...). Silence is."""
    return FITS[classes @ BITS]


def sounding_classes(
    onset: NDArray[np.integer], length: NDArray[np.integer], pitch: NDArray[np.integer], *, steps: int
) -> NDArray[np.bool_]:
    """Which pitch class sounds at each step, from notes (n,) in steps; bool (steps, 12)."""
    changes = np.zeros((steps + 1, 12), np.int64)
    end = np.minimum(onset.astype(np.int64) + length.astype(np.int64), steps)
    pitch = pitch.astype(np.int64)
    np.add.at(changes, (np.minimum(onset, steps).astype(np.int64), pitch % 12), 1)
    np.add.at(changes, (end, pitch % 12), -1)
    return changes.cumsum(axis=0)[:-1] > 0
