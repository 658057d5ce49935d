"""What sounds at once: which part where, what clashes, what is at the bottom.

Of all pitched parts together; a pitch that two of them sound is one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.harmony import TRIADS
from symbolic_embed.bars.patterns.stretch import Stretch

ROOT_TRIADS = TRIADS[:3]  # an augmented triad has three roots
NOTHING = -1


def sounding_pitches(stretch: Stretch) -> NDArray[np.bool_]:
    """Which pitch sounds at each sixteenth; bool (sixteenths, 128)."""
    pitched = stretch.pitched
    table = np.zeros((stretch.sixteenths, 128), bool)
    table[ranges.rows(pitched.onset, pitched.length), np.repeat(pitched.pitch, pitched.length)] = True
    return table


def sounding_bars(stretch: Stretch) -> NDArray[np.bool_]:
    """In which bars each part sounds, notes that are held over barlines included; bool (parts, bars). Drums sound where
    they are struck."""
    last = np.searchsorted(stretch.bar_starts, stretch.onset + stretch.length, side="left") - 1
    spans = np.where(stretch.part_is_drum[stretch.part], 1, last - stretch.bar + 1)
    sounds = np.zeros((stretch.parts, stretch.bars), bool)
    sounds[np.repeat(stretch.part, spans), ranges.rows(stretch.bar, spans)] = True
    return sounds


def clash_share(stretch: Stretch) -> float | None:
    """Of all pairs of pitches that sound at one time, sixteenth by sixteenth, the share that are a minor second or a
    major seventh apart, be it by octaves more. None where no two ever sound."""
    sounding = sounding_pitches(stretch)
    classes = np.stack([sounding[:, first::12].sum(axis=1) for first in range(12)], axis=1)  # (sixteenths, 12)
    total = classes.sum(axis=1)
    pairs = int((total * (total - 1) // 2).sum())
    return float((classes * np.roll(classes, 1, axis=1)).sum() / pairs) if pairs else None


def bass_roots(stretch: Stretch) -> NDArray[np.int64]:
    """The pitch class of the lowest pitch that sounds on the first sixteenth of each bar; int64 (bars,), NOTHING where
    none does."""
    first = sounding_pitches(stretch)[stretch.bar_starts[:-1]]  # (bars, 128)
    return np.where(first.any(axis=1), first.argmax(axis=1) % 12, NOTHING)


def chord_roots(stretch: Stretch) -> NDArray[np.int64]:
    """The root of the major, minor or diminished triad that sounds longest in each bar; int64 (bars,), NOTHING for a
    bar without pitches. Of equal ones the root that sounds longer counts."""
    classes = np.zeros((stretch.bars, 12))
    sounding = sounding_pitches(stretch)
    for first in range(12):
        at = sounding[:, first::12].any(axis=1).astype(np.int64)
        classes[:, first] = np.add.reduceat(at, stretch.bar_starts[:-1])
    fits = np.stack([sum(np.roll(classes, -tone, axis=1) for tone in triad) for triad in ROOT_TRIADS])
    best = (fits.max(axis=0) + classes / (1 + classes.sum(axis=1, keepdims=True))).argmax(axis=1)
    return np.where(classes.any(axis=1), best, NOTHING)
