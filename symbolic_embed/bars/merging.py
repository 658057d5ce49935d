"""Several windows as one: what some parts do together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.windows import Windows


def merge(windows: Windows, *, groups: NDArray[np.int64], steps: NDArray[np.int64]) -> Windows:
    """One window for each group, holding the notes of all windows of that group; a note that is there twice is kept
    once.

    groups: int64 (windows,), to which of the new windows each belongs; steps: int64 (new windows,), their lengths. A
    new window that no window belongs to is empty. Of two equal notes the longer stays.
    """
    columns = (groups[windows.note_window], windows.onset, windows.flags, windows.pitch, windows.length)
    notes = np.stack([column.astype(np.int64) for column in columns], axis=1)
    notes = notes[np.lexsort((-notes[:, 4], *notes[:, 3::-1].T))]
    is_new = np.ones(len(notes), bool)
    is_new[1:] = (notes[1:, :4] != notes[:-1, :4]).any(axis=1)
    return Windows.of_notes(notes[is_new], steps=steps, track=-1)
