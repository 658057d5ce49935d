"""Whose harmony holds between two pieces.

Two pieces in one key still have their own chords. Parts that come from one and parts that come from the other would
sound both at once, so in each half bar the harmony of one of them holds for all: the first one's on the first half of
the way, then the second's; where something of the first stays as it is, the first one's to the end. What is decoded has
only its pitch classes; what is taken over note for note is moved to the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.composing.half_bars import HALF_BAR, classes_in_halves
from symbolic_embed.encodings import note_rows

MIDDLE = 0.5  # of the way
NEAREST = np.array(sorted(range(-6, 7), key=lambda interval: (abs(interval), interval)))  # semitones, in this order


@dataclass(frozen=True, eq=False)
class JointHarmony:
    """The pitch classes that sound in the halves of each of some windows in either piece, in any of its parts, bool
    (windows, 2, 12), all where it is silent; and whether the first one's hold there to the end, bool (windows,)."""

    first: NDArray[np.bool_]
    second: NDArray[np.bool_]
    is_fixed: NDArray[np.bool_]

    @classmethod
    def of(cls, first: Windows, second: Windows, *, place: NDArray[np.int64], stays: NDArray[np.bool_]) -> JointHarmony:
        """From the windows of all parts, those with one number in `place`, int64 (windows,), at the same time; `stays`,
        bool (windows,), are those of the first piece that no step of the way changes."""
        fixed = np.zeros(int(place.max(initial=-1)) + 1, bool)
        fixed[place[stays]] = True
        of_first, of_second = (classes_in_halves(windows, place=place)[place] for windows in (first, second))
        return cls(of_first, of_second, fixed[place])

    def at(self, share: float) -> NDArray[np.bool_]:
        """The pitch classes that hold at a share of the way; bool (windows, 2, 12)."""
        holds_first = self.is_fixed | (share < MIDDLE)
        return np.where(holds_first[:, None, None], self.first, self.second)


def moved_into(windows: Windows, classes: NDArray[np.bool_]) -> Windows:
    """Windows whose notes are moved to the nearest pitch of these classes, bool (windows, 2, 12), downwards before
    upwards; drums stay."""
    half = windows.onset.astype(np.int64) // HALF_BAR
    wanted = windows.pitch.astype(np.int64)[:, None] + NEAREST
    fits = classes[windows.note_window, half][np.arange(len(half))[:, None], wanted % 12]
    fits &= (wanted >= 0) & (wanted < note_rows.FIRST_DRUM)
    chosen = wanted[np.arange(len(half)), fits.argmax(axis=1)]
    return replace(windows, pitch=np.where(windows.is_drum, windows.pitch, chosen).astype(np.uint8))
