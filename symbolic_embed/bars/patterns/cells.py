"""Cells that return, and cells that are new.

A cell is one part in one bar. Two are equal where the same pitches begin on the same sixteenths; how long they sound is
no matter. Rests are no cells. A cell *returns* where the part has played an equal one in an earlier bar; else it is
*new*. A whole bar returns where all parts together do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.hashing import mixed
from symbolic_embed.bars.patterns.stretch import Stretch


def cell_hashes(stretch: Stretch) -> NDArray[np.uint64]:
    """A number for what each part plays in each bar, equal for equal cells of any part; 0 for a rest; uint64 (parts,
    bars)."""
    hashes = np.zeros(stretch.parts * stretch.bars, np.uint64)
    notes = mixed((stretch.place * 128 + stretch.pitch).astype(np.uint64))
    np.add.at(hashes, stretch.part * stretch.bars + stretch.bar, notes)
    return hashes.reshape(stretch.parts, stretch.bars)


def bar_hashes(stretch: Stretch) -> NDArray[np.uint64]:
    """A number for what all parts play in each bar; 0 where all rest; uint64 (bars,)."""
    cells = cell_hashes(stretch)
    of_part = mixed(cells ^ np.arange(1, len(cells) + 1, dtype=np.uint64)[:, None])
    hashes: NDArray[np.uint64] = np.where(cells != 0, of_part, np.uint64(0)).sum(axis=0, dtype=np.uint64)
    return hashes


def cells_that_return(new: Stretch, *, before: Stretch | None = None) -> float | None:
    """The share of the cells of `new` that the part has played before: in an earlier bar of `new`, or in `before`. None
    where there is no cell. The rest of the cells is what is new."""
    cells = cell_hashes(new)
    played = np.zeros((new.parts, 0), np.uint64) if before is None else cell_hashes(before)
    row, _ = np.nonzero(cells)
    if not len(row):
        return None
    both = np.concatenate([played, cells], axis=1)
    part = np.repeat(np.arange(1, new.parts + 1, dtype=np.uint64), both.shape[1])
    keys = mixed(both.ravel() ^ mixed(part)).reshape(both.shape)
    first = np.zeros(keys.size, bool)
    first[np.unique(keys.ravel(), return_index=True)[1]] = True
    first = first.reshape(keys.shape)[:, played.shape[1] :]
    return float((~first[cells != 0]).mean())


def bars_that_return(new: Stretch, *, before: Stretch) -> float | None:
    """The share of the bars of `new`, rests apart, that are bars of `before` in all parts. None where all rest."""
    bars = bar_hashes(new)
    bars = bars[bars != 0]
    return float(np.isin(bars, bar_hashes(before)).mean()) if len(bars) else None


def pairs_kept(before: Stretch, after: Stretch) -> float | None:
    """Of the pairs of equal cells in the parts that differ between two stretches of the same bars, the share that is
    still equal after. None where no part that differs repeats a cell."""
    cells, changed = cell_hashes(before), cell_hashes(after)
    part, bar = np.nonzero((cells != 0) & (cells != changed).any(axis=1)[:, None])
    then = np.stack([part.astype(np.uint64), cells[part, bar]], axis=1)
    pairs = _pairs(then)
    return _pairs(np.column_stack([then, changed[part, bar]])) / pairs if pairs else None


def _pairs(rows: NDArray[np.uint64]) -> int:
    """How many pairs of equal rows there are."""
    counts = np.unique(rows, axis=0, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
