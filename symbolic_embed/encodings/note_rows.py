"""Notes as rows of three classes: onset, pitch, length. This is what the decoder reads and writes.

- onset: the step in the window, 0 to 47;
- pitch: 0 to 127 for pitched notes, 128 to 255 for drums;
- length: every number of steps up to 48 exactly; longer notes by the nearest of nine longer lengths.

Lost: velocities, what is held over from before (it belongs to the window it began in), lengths of drum notes, and the
exact length of notes longer than a bar of 4/4. Rows are ordered by onset, then pitch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, Windows

PITCH_TOKENS = 256
FIRST_DRUM = 128
LENGTHS = np.array([*range(1, 49), 54, 60, 72, 84, 96, 120, 144, 192, 240])


def length_class(steps: NDArray[np.integer]) -> NDArray[np.int64]:
    """The class of the nearest length, the shorter of two equally near; int64, 0 to len(LENGTHS) - 1."""
    middles = (LENGTHS[1:] + LENGTHS[:-1]) / 2
    return np.searchsorted(middles, steps, side="left")


def pitch_tokens(windows: Windows) -> NDArray[np.int64]:
    """The pitch token of every note, of those held over too; int64 (notes,)."""
    return windows.pitch.astype(np.int64) + FIRST_DRUM * windows.is_drum


def encode(windows: Windows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of all notes that begin in the windows, int64 (notes, 3), and how many each window has, int64 (windows,)."""
    begins, drum = windows.begins, windows.is_drum
    window = windows.note_window[begins]
    rows = np.stack(
        [
            windows.onset.astype(np.int64),
            pitch_tokens(windows),
            length_class(np.where(drum, DRUM_LENGTH, windows.length)),
        ],
        axis=1,
    )[begins]
    order = np.lexsort((rows[:, 1], rows[:, 0], window))
    return rows[order], np.bincount(window, minlength=len(windows))


def decode(rows: NDArray[np.int64], counts: NDArray[np.int64], *, steps: NDArray[np.int64]) -> Windows:
    """Windows of the given lengths `steps` (windows,) holding the notes of `rows`; the inverse of `encode` on what
    it keeps. Track, bar and part of bar are numbered as if every window were a bar of one part."""
    onset, token, length = rows.T
    flags = np.where(token >= FIRST_DRUM, DRUM, 0)
    notes = np.stack([ranges.owners(counts), onset, flags, token % FIRST_DRUM, LENGTHS[length]], axis=1)
    return Windows.of_notes(notes, steps=steps)
