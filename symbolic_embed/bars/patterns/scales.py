"""The scale that music is in, and how much of it is.

Scales are major, the three minors, dorian and phrygian dominant, on any of twelve roots. As sets of pitch classes
several are one: natural minor and dorian are a major scale from another root, phrygian dominant is a harmonic minor
from its fifth. So three shapes cover all, and a scale here has no root: it is a set.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.patterns.stretch import Stretch

MAJOR, HARMONIC_MINOR, MELODIC_MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11), (0, 2, 3, 5, 7, 9, 11)
SCALES = np.zeros((36, 12), bool)
for _number, _tones in enumerate((MAJOR, HARMONIC_MINOR, MELODIC_MINOR)):
    for _root in range(12):
        SCALES[12 * _number + _root, (np.array(_tones) + _root) % 12] = True


def sounding_time(stretch: Stretch) -> NDArray[np.float64]:
    """For how many sixteenths the notes of each pitch class sound in all parts but drums; float64 (12,)."""
    pitched = stretch.pitched
    return np.bincount(pitched.pitch % 12, pitched.length, minlength=12).astype(np.float64)


def best_scales(stretch: Stretch) -> tuple[NDArray[np.bool_], float] | None:
    """The scales in which most of the sounding time is, bool (scales, 12), and the share of it that is. Several, where
    too few pitches sound to tell. None without pitches."""
    time = sounding_time(stretch)
    if not time.any():
        return None
    shares = SCALES @ time / time.sum()
    return SCALES[shares >= shares.max() - 1e-9], float(shares.max())


def share_in_scale(stretch: Stretch, scales: NDArray[np.bool_]) -> float | None:
    """The share of the sounding time that is in the one of `scales`, bool (scales, 12), that fits best. None without
    pitches."""
    time = sounding_time(stretch)
    return float((scales @ time).max() / time.sum()) if time.any() else None
