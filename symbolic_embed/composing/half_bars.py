"""The harmony of half bars: which pitch classes sound in each, and so which notes belong to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, Windows
from symbolic_embed.encodings import note_rows

HALF_BAR = 24  # steps
HALVES = WINDOW_STEPS // HALF_BAR


def classes_in_halves(windows: Windows, *, place: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each place the pitch classes that sound in its halves, in any of its windows; where nothing does, all; bool
    (places, 2, 12). `place`: int64 (windows,)."""
    pitched = ~windows.is_drum
    owner, onset = place[windows.note_window[pitched]], windows.onset[pitched].astype(np.int64)
    end, pitch_class = onset + windows.length[pitched], windows.pitch[pitched] % 12
    sounding = np.zeros((int(place.max(initial=-1)) + 1, HALVES, 12), bool)
    for half in range(HALVES):
        here = (onset < (half + 1) * HALF_BAR) & (end > half * HALF_BAR)
        sounding[owner[here], half, pitch_class[here]] = True
    return sounding | ~sounding.any(axis=2, keepdims=True)


def tokens_in(classes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pitch tokens of pitch classes, bool (windows, 2, 12), at each step, and all drums; bool (windows, 48,
    tokens)."""
    tokens = np.arange(note_rows.PITCH_TOKENS)
    allowed: NDArray[np.bool_] = np.repeat(classes, HALF_BAR, axis=1)[..., tokens % note_rows.FIRST_DRUM % 12]
    return allowed | (tokens >= note_rows.FIRST_DRUM)
