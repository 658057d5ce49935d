"""Some bars of a piece, with their notes on a grid of sixteenths.

A pattern that is played a little early, or a swung one that is written out in triplets, is the pattern it is: so notes
are moved to the nearest sixteenth of their bar, never to another bar. Of notes of one pitch that a part begins at one
sixteenth the longest stays. A note belongs to the bar in which it begins; it ends with the stretch at the latest, and
one that began before the stretch is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.grid import STEPS_PER_QUARTER, Grid

SIXTEENTH = STEPS_PER_QUARTER // 4  # steps


class NotesOnGrid(Protocol):
    """Notes in columns, int64 (n,), onsets counted in steps through the piece: those of a piece, or new ones."""

    @property
    def track(self) -> NDArray[np.int64]: ...
    @property
    def onset_steps(self) -> NDArray[np.int64]: ...
    @property
    def length_steps(self) -> NDArray[np.int64]: ...
    @property
    def pitch(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True, eq=False)
class Stretch:
    """Notes of some bars in columns, int64 (n,), ordered by part, onset, pitch: the part; the bar, from 0; the place in
    the bar and the length (1 or more), in sixteenths; the pitch.

    bar_starts: int64 (bars + 1,), the sixteenth on which each bar begins, and the end of the last.
    part_is_drum: bool (parts,), as long as the parts of the piece, be they in the stretch or not.
    """

    part: NDArray[np.int64]
    bar: NDArray[np.int64]
    place: NDArray[np.int64]
    length: NDArray[np.int64]
    pitch: NDArray[np.int64]
    bar_starts: NDArray[np.int64]
    part_is_drum: NDArray[np.bool_]

    @classmethod
    def of(cls, barred: BarredScore, bars: range | None = None) -> Stretch:
        """Bars of a piece, from 0; None: all. Raises ValueError for bars that it does not have."""
        return cls.placed(barred.notes, grid=barred.grid, bars=bars, part_is_drum=barred.part_is_drum)

    @classmethod
    def placed(
        cls, notes: NotesOnGrid, *, grid: Grid, part_is_drum: NDArray[np.bool_], bars: range | None = None
    ) -> Stretch:
        """Bars of a grid, from 0, with those of `notes` that begin in them; None: all. Raises ValueError for bars that
        the grid does not have."""
        bars = range(grid.bars) if bars is None else bars
        if bars.step != 1 or bars.start < 0 or bars.stop > grid.bars:
            raise ValueError(f"{bars}: not a stretch of {grid.bars} bars")
        edges = grid.bar_steps[bars.start : max(bars.stop, bars.start) + 1]
        bar_starts = np.append(0, np.cumsum(-(-np.diff(edges) // SIXTEENTH)))
        inside = np.flatnonzero((notes.onset_steps >= edges[0]) & (notes.onset_steps < edges[-1]))
        onset = notes.onset_steps[inside]
        bar = np.searchsorted(edges, onset, side="right") - 1
        place = np.minimum(_sixteenths(onset - edges[bar]), np.diff(bar_starts)[bar] - 1)
        start = bar_starts[bar] + place
        length = np.minimum(np.maximum(_sixteenths(notes.length_steps[inside]), 1), bar_starts[-1] - start)
        part, pitch = notes.track[inside], notes.pitch[inside]
        key = (part * bar_starts[-1] + start) * 128 + pitch
        order = np.lexsort((-length, key))
        order = order[np.diff(key[order], prepend=-1) != 0]
        return cls(part[order], bar[order], place[order], length[order], pitch[order], bar_starts, part_is_drum)

    @property
    def bars(self) -> int:
        return len(self.bar_starts) - 1

    @property
    def parts(self) -> int:
        return len(self.part_is_drum)

    @property
    def sixteenths(self) -> int:
        """How long the stretch is."""
        return int(self.bar_starts[-1])

    @property
    def onset(self) -> NDArray[np.int64]:
        """The sixteenth of the stretch on which each note begins; int64 (n,)."""
        onset: NDArray[np.int64] = self.bar_starts[self.bar] + self.place
        return onset

    @property
    def drums(self) -> Stretch:
        """The notes of drums alone."""
        return self.where(self.part_is_drum[self.part])

    @property
    def pitched(self) -> Stretch:
        """The notes of all parts but drums."""
        return self.where(~self.part_is_drum[self.part])

    def where(self, chosen: NDArray[np.bool_]) -> Stretch:
        """The notes that a mask chooses."""
        names = ("part", "bar", "place", "length", "pitch")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def __len__(self) -> int:
        return len(self.part)


def _sixteenths(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest number of sixteenths; a step is a third of one, so none lies between two."""
    return (steps + SIXTEENTH // 2) // SIXTEENTH
