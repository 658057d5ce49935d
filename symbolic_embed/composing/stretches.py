"""A seed and what was written for it, as stretches whose counts can be compared (`bars.patterns`).

    seed = Stretch.of(barred)
    continued(barred, notes, bars=8)           new bars after a piece, from notes that were written: no file is needed
    varied(barred, removed=..., added=...)     a piece with other notes
    written_bars(written, barred, bars=...)    bars of a file that was written, cut along the grid of its seed

Each has the parts of the seed, by their numbers there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.outputs.reread import parts_of_seed
from symbolic_embed.outputs.written_notes import WrittenNotes


def continued(barred: BarredScore, written: WrittenNotes, *, bars: int) -> Stretch:
    """The `bars` new bars after a piece, with the written notes that begin in them."""
    new = range(barred.bars, barred.bars + bars)
    return Stretch.placed(written, grid=barred.grid.continued(bars), part_is_drum=barred.part_is_drum, bars=new)


def varied(
    barred: BarredScore, *, removed: NDArray[np.int64], added: WrittenNotes, bars: range | None = None
) -> Stretch:
    """Bars of a piece, from 0 (None: all), without the notes `removed`, indices into `barred.notes`, and with those
    `added`."""
    staying = np.ones(len(barred.notes), bool)
    staying[removed] = False
    notes = barred.notes.where(staying)
    kept = WrittenNotes(notes.track, notes.onset_steps, notes.length_steps, notes.pitch)
    together = WrittenNotes.concatenated(kept, added)
    return Stretch.placed(together, grid=barred.grid, part_is_drum=barred.part_is_drum, bars=bars)


def written_bars(written: BarredScore, seed: BarredScore, *, bars: range | None = None) -> Stretch:
    """Bars of a written file (from 0; None: all), cut along the grid of its seed; without parts that the seed has
    not."""
    part = parts_of_seed(written, seed)[written.notes.track]
    notes = written.notes.where(part >= 0)
    kept = WrittenNotes(part[part >= 0], notes.onset_steps, notes.length_steps, notes.pitch)
    return Stretch.placed(kept, grid=written.grid, part_is_drum=seed.part_is_drum, bars=bars)
