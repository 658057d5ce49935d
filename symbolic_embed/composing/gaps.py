"""Stretches to be filled: which notes go, which parts fill them, and what is heard around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, bar_windows
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.memory import REMEMBERED
from symbolic_embed.composing.seeding import Hearing
from symbolic_embed.composing.stretches import varied
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.written_notes import WrittenNotes

AFTER = 16  # windows behind the stretch that are heard


@dataclass(frozen=True, eq=False)
class Gap:
    """A stretch of bars, `first` to `last` (from 0, both in it), the parts that fill it, in writing order, and those
    that stay; windows: the numbers of its windows, before and behind: of those that are heard around it, in order."""

    barred: BarredScore
    first: int
    last: int
    writing: tuple[int, ...]
    staying: tuple[int, ...]
    bars: Windows
    windows: NDArray[np.int64]
    before: NDArray[np.int64]
    behind: NDArray[np.int64]

    @property
    def order(self) -> tuple[int, ...]:
        """All parts: those that fill it, then those that stay."""
        return (*self.writing, *self.staying)

    @property
    def removed(self) -> NDArray[np.int64]:
        """The notes of the seed that go."""
        inside = (self.barred.note_bar >= self.first) & (self.barred.note_bar <= self.last)
        return np.flatnonzero(inside & np.isin(self.barred.notes.track, self.writing))

    @property
    def end(self) -> int:
        """The step of the piece on which it ends."""
        return int(self.barred.grid.bar_steps[self.last + 1])

    def start_of(self, window: int) -> int:
        """The step of the piece on which a window begins."""
        bars = self.bars
        return int(self.barred.grid.bar_steps[bars.bar[window]]) + WINDOW_STEPS * int(bars.part_of_bar[window])

    def hearing(self, *, behind: bool) -> Hearing:
        """The windows that are heard before it is filled: what lies before it, after what lies `behind` it or alone."""
        heard = np.concatenate([self.behind, self.before]) if behind else self.before
        return Hearing(heard, int(self.windows[0]))

    def is_as_before(self, added: WrittenNotes) -> bool:
        """Whether new notes are those that go over again: where they begin, and their pitches."""
        going = self.barred.notes.where(self.removed)
        before, after = (
            set(zip(*(column.tolist() for column in (notes.track, notes.onset_steps, notes.pitch)), strict=True))
            for notes in (going, added)
        )
        return before == after

    def filled(self, added: WrittenNotes) -> Stretch:
        """Its bars with new notes in place of those that go."""
        return varied(self.barred, removed=self.removed, added=added, bars=range(self.first, self.last + 1))

    @property
    def around_bars(self) -> range:
        """The bars that its new ones are held against: those before it, or those behind it where they are more."""
        before, behind = range(self.first), range(self.last + 1, self.barred.bars)
        return before if len(before) >= len(behind) else behind

    def around(self) -> Stretch:
        """What stands in them."""
        return Stretch.of(self.barred, self.around_bars)


def gaps(barred: BarredScore, *, bars: Iterable[int], tracks: Iterable[int] | None) -> list[Gap]:
    """The runs of the chosen bars (from 0), to be filled in the chosen parts (None: all). Of the parts that fill them,
    what lies in another run is not heard. Raises UsageError where nothing is left to be heard."""
    chosen = sorted(set(bars))
    windows = bar_windows(barred)
    outside = np.flatnonzero(~np.isin(windows.bar, chosen))
    if not len(outside):
        raise UsageError("`bars`: all of the seed; leave some before or behind to be joined to", field="bars")
    wanted = set(range(len(barred.roles))) if tracks is None else set(tracks)
    order = writing_order(barred.roles)
    writing, staying = (tuple(part for part in order if (part in wanted) == filled) for filled in (True, False))
    found = []
    for run in _runs(chosen):
        inside = np.flatnonzero(np.isin(windows.bar, run))
        behind = outside[outside > inside[-1]][:AFTER]
        before = outside[outside < inside[0]][-(REMEMBERED - 1 - len(behind)) :]
        found.append(Gap(barred, int(run[0]), int(run[-1]), writing, staying, windows, inside, before, behind))
    return found


def _runs(bars: Sequence[int]) -> list[NDArray[np.int64]]:
    """Bars in order as runs without a hole."""
    return np.split(np.array(bars), np.flatnonzero(np.diff(bars) > 1) + 1)
