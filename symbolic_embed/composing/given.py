"""What parts that are not written play, window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from symbolic_embed.bars import BarredScore, bar_windows
from symbolic_embed.composing.context import Rows, cells_of_parts, without_doubles
from symbolic_embed.encodings.cell_rolls import Rolls


class Given(NamedTuple):
    """What parts that are not written play in a window: what each sounds there, held notes too, and what it begins,
    uint8 (parts, 48, 128)."""

    rows: tuple[Rows, ...]
    cells: Rolls

    def together(self) -> Rows:
        """What all of them sound."""
        return without_doubles(np.concatenate([np.zeros((0, 4), np.int64), *self.rows]))


def given_windows(barred: BarredScore, parts: Sequence[int]) -> list[Given]:
    """What some parts of a piece play in each of its windows."""
    cells = cells_of_parts(barred, order=parts)
    rows = [_rows_of(barred, part) for part in parts]
    return [Given(tuple(of_part[window] for of_part in rows), cells[:, window]) for window in range(cells.shape[1])]


def _rows_of(barred: BarredScore, part: int) -> list[Rows]:
    """What a part sounds in each window."""
    windows = bar_windows(replace(barred, notes=barred.notes.where(barred.notes.track == part)))
    rows = np.stack([windows.onset, windows.pitch, windows.length, windows.flags], axis=1).astype(np.int64)
    return np.split(rows, windows.offsets[1:-1])
