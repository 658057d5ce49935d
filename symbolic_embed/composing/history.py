"""What the parts of a piece have played and may bring back, window by window, from the seed's first on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, bar_windows
from symbolic_embed.encodings import note_rows

Cell = NDArray[np.int64]  # one part's notes in one window, (notes, 3): onset, pitch token, length, in steps


class SeedHistory:
    """The windows of a seed, `lengths` in steps; parts in `order`."""

    def __init__(self, barred: BarredScore, *, order: Sequence[int]) -> None:
        windows = bar_windows(barred)
        self.barred, self.order = barred, list(order)
        self.lengths: list[int] = windows.steps.tolist()
        self.places: list[tuple[int, int]] = list(zip(windows.bar.tolist(), windows.part_of_bar.tolist(), strict=True))

    def cell(self, turn: int, window: int) -> Cell:
        """What the part whose turn it is played in a window, counted from 0."""
        bar, part_of_bar = self.places[window]
        return cells_of(self.barred, bar=bar, order=self.order)[part_of_bar][turn]


def cells_of(barred: BarredScore, *, bar: int, order: Sequence[int]) -> list[list[Cell]]:
    """What parts of a piece, in `order`, play in each window of a bar (from 0)."""
    begin, end = (int(step) for step in barred.grid.bar_steps[bar : bar + 2])
    here = barred.note_bar == bar
    notes, drums = barred.notes.where(here), barred.note_is_drum[here]
    table = np.stack(
        [notes.onset_steps, notes.pitch + note_rows.FIRST_DRUM * drums, notes.length_steps], axis=1
    ).astype(np.int64)
    cells = []
    for start in range(begin, end, WINDOW_STEPS):
        inside = (notes.onset_steps >= start) & (notes.onset_steps < start + WINDOW_STEPS)
        cells.append([table[inside & (notes.track == part)] - [start, 0, 0] for part in order])
    return cells
