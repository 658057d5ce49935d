"""Leaps that cells make, with the notes of their part on either side: those wider than a fifth, in the line of the
highest notes. Drums make none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows
from symbolic_embed.bars.lines import struck_highest

FIFTH = 7  # semitones


@dataclass(frozen=True, eq=False)
class Leaps:
    """Of some cell windows, int64 (cells,) each: the pitch of the line before and after them in their part, -1 where
    there is none, and how many leaps there are now."""

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    count: NDArray[np.int64]

    @classmethod
    def of(cls, cells: Windows, barred: BarredScore) -> Leaps:
        """Those of cells of a piece."""
        notes = barred.notes.where(~barred.note_is_drum)
        line = notes.where(struck_highest(notes.onset_steps, notes.pitch, part=notes.track))
        last = int(barred.grid.bar_steps[-1]) + 1
        place = line.track * last + line.onset_steps
        begin = cells.track * last + barred.grid.bar_steps[cells.bar] + WINDOW_STEPS * cells.part_of_bar
        first, end = np.searchsorted(place, begin), np.searchsorted(place, begin + cells.steps)
        track = np.concatenate([[-1], line.track, [-1]])
        pitch = np.concatenate([[-1], line.pitch, [-1]])
        before = np.where(track[first] == cells.track, pitch[first], -1)
        after = np.where(track[end + 1] == cells.track, pitch[end + 1], -1)
        return cls(before, after, _counted(cells, before, after))

    def more_in(self, cells: NDArray[np.int64], written: Windows) -> NDArray[np.int64]:
        """How many more there are in windows that are written for some of the cells; int64 (n,), 0 for fewer."""
        more: NDArray[np.int64] = _counted(written, self.before[cells], self.after[cells]) - self.count[cells]
        return np.maximum(more, 0)


def _counted(windows: Windows, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many leaps there are in windows between two pitches each, -1 for none; int64 (windows,)."""
    begun = windows.keeping(windows.begins & ~windows.is_drum)
    row = struck_highest(begun.onset, begun.pitch, part=begun.note_window)
    has = begun.counted(np.ones(len(begun.onset), bool)) > 0
    first, last = np.flatnonzero(has & (before >= 0)), np.flatnonzero(has & (after >= 0))
    owner = np.concatenate([first, begun.note_window[row], last])
    pitch = np.concatenate([before[first], begun.pitch[row].astype(np.int64), after[last]])
    order = np.argsort(owner, kind="stable")
    leaps = (np.abs(np.diff(pitch[order])) > FIFTH) & (np.diff(owner[order]) == 0)
    return np.bincount(owner[order][1:][leaps], minlength=len(windows))
