"""What notes a window may hold.

Onsets never go back and lie inside the window, pitches rise within one onset and are among those allowed, there or at
that step. A window of a single voice has one note an onset. Where a rhythm is given, onsets and lengths are those, note
for note, and only pitches are free; where a pace is given (`pace.py`), so many begin, so far apart, so many together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.networks.pace import Pace

Rows = NDArray[np.int64] | NDArray[np.bool_]  # some of the windows, by number or by a mask


@dataclass(frozen=True, eq=False)
class Written:
    """What has been written of each window: how many notes (the same for all), onset and pitch of the last one, and how
    many have begun together with it, itself counted; int64 (batch,). Before the first: pitch -1 at onset 0, none."""

    count: int
    onset: NDArray[np.int64]
    pitch: NDArray[np.int64]
    together: NDArray[np.int64]

    @classmethod
    def nothing(cls, batch: int) -> Written:
        return cls(0, np.zeros(batch, np.int64), np.full(batch, -1), np.zeros(batch, np.int64))

    def rows(self, chosen: Rows) -> Written:
        """What has been written of some of the windows."""
        return Written(self.count, self.onset[chosen], self.pitch[chosen], self.together[chosen])

    def and_then(self, note: NDArray[np.int64]) -> Written:
        """The same with one more note each, int64 (batch, 3)."""
        together = np.where(note[:, 0] == self.onset, self.together, 0) + 1
        return Written(self.count + 1, note[:, 0], note[:, 1], together)


@dataclass(frozen=True, eq=False)
class Grammar:
    """The rules of some windows.

    steps: int64 (batch,), lengths. pitches: bool (batch, pitch tokens), or (batch, steps, pitch tokens) where it
    depends on the step. single: bool (batch,), one voice. rhythm: int64 (batch, notes, 2), onset and length class of
    each note, the onset of the end where there are fewer; None leaves both free. fewest: int64 (batch,), a window does
    not end before it has so many notes, as long as more can begin. pace: of how notes follow each other; None: as they
    come.

    With a rhythm each onset must have as many allowed pitches as it has notes.
    """

    steps: NDArray[np.int64]
    pitches: NDArray[np.bool_]
    single: NDArray[np.bool_]
    rhythm: NDArray[np.int64] | None
    fewest: NDArray[np.int64]
    pace: Pace | None = None

    @classmethod
    def of(
        cls,
        *,
        steps: NDArray[np.int64],
        pitches: NDArray[np.bool_],
        single: NDArray[np.bool_] | None = None,
        rhythm: NDArray[np.int64] | None = None,
        fewest: NDArray[np.int64] | None = None,
    ) -> Grammar:
        """Several voices and no fewest notes unless `single` and `fewest` say otherwise."""
        single = np.zeros(len(steps), bool) if single is None else single
        return cls(steps, pitches, single, rhythm, np.zeros(len(steps), np.int64) if fewest is None else fewest)

    def paced(self, pace: Pace | None) -> Grammar:
        """The same rules, and a pace."""
        return replace(self, pace=pace)

    def among(self, tokens: slice) -> Grammar:
        """The same rules of some of the pitch tokens, beside which none is allowed anywhere; numbered from the first of
        them."""
        return replace(self, pitches=self.pitches[..., tokens])

    def rows(self, chosen: Rows) -> Grammar:
        """The rules of some of the windows."""
        rhythm = None if self.rhythm is None else self.rhythm[chosen]
        columns = {name: getattr(self, name)[chosen] for name in ("steps", "pitches", "single", "fewest")}
        some = replace(self, rhythm=rhythm, pace=None if self.pace is None else self.pace.rows(chosen), **columns)
        if rhythm is None:  # what was found out of all windows holds of some
            some.__dict__["highest"] = self.highest[chosen]
            some.__dict__["_opening"] = {end: may[chosen] for end, may in self._opening.items()}
        return some

    @cached_property
    def highest(self) -> NDArray[np.int64]:
        """The highest pitch token that is allowed, -1 where none is; int64 (batch,) or (batch, steps)."""
        last = self.pitches.shape[-1] - 1
        highest: NDArray[np.int64] = last - self.pitches[..., ::-1].argmax(axis=-1)
        return np.where(self.pitches.any(axis=-1), highest, -1)

    def may_begin(self, written: Written, *, end: int) -> NDArray[np.bool_]:
        """Onset classes of the next note, the last of them the end; bool (batch, end + 1), one at least."""
        if self.rhythm is not None:
            is_over = written.count >= self.rhythm.shape[1]
            planned = np.full(len(self.steps), end) if is_over else self.rhythm[:, written.count, 0]
            is_planned: NDArray[np.bool_] = np.arange(end + 1) == planned[:, None]
            return is_planned
        highest = self.highest
        last = highest if highest.ndim == 1 else highest[self._row, written.onset]
        first = written.onset + (self._lowest(written) > last)
        legal = np.empty((len(first), end + 1), bool)
        may = np.greater_equal(np.arange(end), first[:, None], out=legal[:, :end])
        may &= self._begins_anywhere(end)
        may_end = written.count >= self.fewest
        if self.pace is not None:
            may &= self.pace.may_begin(
                written, steps=self.steps, fewest=self.fewest, higher=may[self._row, written.onset], end=end
            )
            may_end &= ~self.pace.is_unfinished(written) | ~may[self._row, written.onset]
        may_end |= ~np.logical_or.reduce(may, axis=1)
        legal[:, end] = may_end
        return legal

    def may_sound(self, written: Written, onset: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Pitch tokens of the next note, whose onset has been chosen; bool (batch, pitch tokens), one at least."""
        lowest = np.where(onset == written.onset, self._lowest(written), 0)
        at_onset = self.pitches if self.pitches.ndim == 2 else self.pitches[self._row, onset]
        may: NDArray[np.bool_] = np.arange(at_onset.shape[1]) >= lowest[:, None]
        may &= at_onset
        if self.rhythm is not None:
            later = (self.rhythm[:, written.count + 1 :, 0] == onset[:, None]).sum(axis=1, keepdims=True)
            above = may[:, ::-1].cumsum(axis=1)[:, ::-1] - may  # how many allowed ones lie above each
            may = may & (above >= later)
        elif self.pace is not None:
            more = np.maximum(self.pace.least_together - 1 - (onset == written.onset) * written.together, 0)
            above = may[:, ::-1].cumsum(axis=1)[:, ::-1] - may
            has_room = may & (above >= more[:, None])
            may = np.where(has_room.any(axis=1, keepdims=True), has_room, may)
        may |= ~np.logical_or.reduce(
            may, axis=1, keepdims=True
        )  # windows that have ended still need some to choose from
        return may

    def may_last(self, written: Written, *, lengths: int) -> NDArray[np.bool_] | None:
        """Length classes of the next note; bool (batch, lengths), None: all."""
        if self.rhythm is None or written.count >= self.rhythm.shape[1]:
            return None
        is_planned: NDArray[np.bool_] = np.arange(lengths) == self.rhythm[:, written.count, 1:]
        return is_planned

    @cached_property
    def _opening(self) -> dict[int, NDArray[np.bool_]]:
        return {}

    @cached_property
    def _row(self) -> NDArray[np.int64]:
        return np.arange(len(self.steps))

    def _begins_anywhere(self, end: int) -> NDArray[np.bool_]:
        """The steps of each window on which some pitch may begin, of `end` steps, whatever was written; bool (batch,
        end)."""
        if end not in self._opening:
            highest = self.highest if self.highest.ndim == 2 else self.highest[:, None]
            self._opening[end] = (np.arange(end) < self.steps[:, None]) & (highest >= 0)
        return self._opening[end]

    def _lowest(self, written: Written) -> NDArray[np.int64]:
        """The lowest pitch token that may begin together with the note written last, behind all where none may;
        (batch,)."""
        return np.where(self.single & (written.pitch >= 0), self.pitches.shape[-1], written.pitch + 1)
