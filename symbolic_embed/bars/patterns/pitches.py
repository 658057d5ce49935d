"""What each pitched part does with its pitches: how long it stays on one, how far it reaches, how it leaps.

Of notes that a part begins together its line has the highest (`bars.lines`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.lines import struck_highest
from symbolic_embed.bars.patterns.stretch import Stretch

FIFTH = 7  # semitones; what is wider is a leap


def longest_runs(stretch: Stretch) -> NDArray[np.int64]:
    """The longest run of one pitch in the line of each part, in onsets; int64 (parts,), 0 for drums and rests."""
    part, pitch = _lines(stretch)
    starts = np.flatnonzero(np.diff(part * 128 + pitch, prepend=-1))
    longest = np.zeros(stretch.parts, np.int64)
    np.maximum.at(longest, part[starts], np.diff(np.append(starts, len(part))))
    return longest


def ranges_of_parts(stretch: Stretch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The lowest and the highest pitch of each part; int64 (parts,) each. Of drums and rests: 128 and -1."""
    pitched = stretch.pitched
    lowest, highest = np.full(stretch.parts, 128), np.full(stretch.parts, -1)
    np.minimum.at(lowest, pitched.part, pitched.pitch)
    np.maximum.at(highest, pitched.part, pitched.pitch)
    return lowest, highest


def leap_shares(stretch: Stretch) -> NDArray[np.float64]:
    """The share of the steps in the line of each part that are wider than a fifth; float64 (parts,), nan where it has
    no step."""
    part, pitch = _lines(stretch)
    is_step = np.diff(part) == 0
    owner = part[1:][is_step]
    wide = np.abs(np.diff(pitch))[is_step] > FIFTH
    steps = np.bincount(owner, minlength=stretch.parts)
    leaps = np.bincount(owner, wide, minlength=stretch.parts)
    return np.where(steps > 0, leaps / np.maximum(steps, 1), np.nan)


def _lines(stretch: Stretch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The lines of all pitched parts, one after another: part and pitch, int64 (notes,) each."""
    pitched = stretch.pitched
    line = struck_highest(pitched.onset, pitched.pitch, part=pitched.part)
    return pitched.part[line], pitched.pitch[line]
