"""By how much a melody is out of tune: the offset that is taken out of its pitches before they are rounded.

The fractions of pitches lie on a circle: 60.9 and 61.1 are near. Their mean direction, long notes counting more, is the
tuning of the whole. Where somebody drifts, the mean about each note, weighted by how near in time the others are,
follows; it is drawn towards the tuning of the whole, so that a few notes do not make their own, and it goes no further
from it than a quartertone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEAR = 5.0  # seconds within which others tell how a note is tuned
WHOLE = 0.15  # how much the tuning of the whole counts beside those near
LONGEST = 1.0  # seconds: a longer note counts no more
FURTHEST = 0.5  # semitones from the tuning of the whole


def offsets_of(
    pitch: NDArray[np.float64], onset: NDArray[np.float64], end: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """The offset of each note in semitones, float64 (notes,), and of the whole, -.5 to .5; 0 without notes."""
    if not len(pitch):
        return np.zeros(0), 0.0
    direction = np.exp(2j * np.pi * pitch) * np.minimum(end - onset, LONGEST)
    whole = direction.sum()
    tuning = float(np.angle(whole) / (2 * np.pi))
    middle = (onset + end) / 2
    near = np.exp(-0.5 * np.square((middle[:, None] - middle) / NEAR))
    about = near @ direction + WHOLE * near.sum(axis=1) / len(pitch) * whole
    away = np.unwrap(np.angle(about * np.exp(-2j * np.pi * tuning)) / (2 * np.pi), period=1.0)
    away -= np.round(np.median(away))
    return tuning + np.clip(away, -FURTHEST, FURTHEST), tuning
