"""Cells as rolls: where each note begins, and how long it lasts.

A roll is uint8 (48, 128): at the step and the pitch (of drums: the drum) of each note that begins in the window its
length class + 1, elsewhere 0. It keeps what `note_rows` keeps, but for whether the notes are drums, which their part
knows. Dense, so that any two cells are compared, shifted and read at any place without a search.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, Windows, ranges
from symbolic_embed.encodings import note_rows

PITCHES = 128
Rolls = NDArray[np.uint8]


def cell_rolls(windows: Windows) -> Rolls:
    """The roll of each window; uint8 (windows, 48, 128)."""
    rows, counts = note_rows.encode(windows)
    return rolls_of(rows, counts)


def rolls_of(rows: NDArray[np.int64], counts: NDArray[np.int64]) -> Rolls:
    """The rolls of note rows (notes, 3), so many in each window; uint8 (windows, 48, 128)."""
    rolls = np.zeros((len(counts), WINDOW_STEPS, PITCHES), np.uint8)
    rolls[ranges.owners(counts), rows[:, 0], rows[:, 1] % note_rows.FIRST_DRUM] = rows[:, 2] + 1
    return rolls


def shifted(rolls: Rolls, semitones: int) -> Rolls:
    """Rolls (..., 128) as many semitones higher; what would leave the keyboard is left out."""
    moved = np.roll(rolls, semitones, axis=-1)
    if semitones > 0:
        moved[..., :semitones] = 0
    elif semitones < 0:
        moved[..., semitones:] = 0
    return moved


def places(rolls: Rolls) -> tuple[NDArray[np.int64], ...]:
    """Where notes begin in rolls (..., 48, 128): an index array a dimension, as `numpy.nonzero` gives them. Rolls are
    nearly empty, so eight places are looked at at once, which takes a sixth of the time."""
    flat = np.ascontiguousarray(rolls).reshape(-1)
    words = np.flatnonzero(flat.view(np.uint64))
    bytes_of_words = flat.reshape(-1, 8)[words]
    word, byte = np.nonzero(bytes_of_words)
    return np.unravel_index(words[word] * 8 + byte, rolls.shape)


def keys_of(rolls: Rolls) -> NDArray[np.int64]:
    """The places of the notes of rolls, uint8 (cells, some, 48, 128), as numbers: step times 128, plus pitch; rising,
    filled up with the first number beyond; int64 (cells, some, most)."""
    flat = rolls.reshape(rolls.shape[0] * rolls.shape[1], -1)
    owner, key = places(flat)
    counts = np.bincount(owner, minlength=len(flat))
    keys = np.full((len(flat), max(int(counts.max(initial=0)), 1)), flat.shape[1])
    keys[owner, ranges.ordinals(counts)] = key
    return keys.reshape(*rolls.shape[:2], -1)
