"""How a part plays, in numbers.

    density       notes a quarter
    polyphony     notes that sound at once, on average over the time in which any does; drums: that are struck at once
    pitch         the mean pitch of its notes; lowest and highest
    note_length   the mean length of its notes in quarters; of drums it means nothing

All come from sums that can be added: what a part has written so far and what a candidate would add are measured
together by adding two rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.grid import STEPS_PER_QUARTER

PITCHES = 128  # a pitch token from here on is a drum
ABOVE_ALL = 10_000


@dataclass(frozen=True, eq=False)
class Played:
    """Sums over what is played, a row for each of several cells, parts or candidates; float64 (n,) each.

    notes; steps: the time in which they could be, in steps; sounding: steps that notes sound, each for itself; time:
    steps in which any sounds; pitch_sum: all pitches; length_sum: all lengths, in steps; lowest, highest: pitch.
    """

    notes: NDArray[np.float64]
    steps: NDArray[np.float64]
    sounding: NDArray[np.float64]
    time: NDArray[np.float64]
    pitch_sum: NDArray[np.float64]
    length_sum: NDArray[np.float64]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]

    def __add__(self, other: Played) -> Played:
        """Both one after the other; a single row is added to each of many."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in _SUMS}
        lowest, highest = np.minimum(self.lowest, other.lowest), np.maximum(self.highest, other.highest)
        return Played(**sums, lowest=lowest, highest=highest)

    @property
    def density(self) -> NDArray[np.float64]:
        """Notes a quarter."""
        return self.notes * STEPS_PER_QUARTER / np.maximum(self.steps, 1)

    @property
    def polyphony(self) -> NDArray[np.float64]:
        """Notes at once, where any sounds; NaN without notes."""
        return _ratio(self.sounding, self.time)

    @property
    def pitch(self) -> NDArray[np.float64]:
        """The mean pitch; NaN without notes."""
        return _ratio(self.pitch_sum, self.notes)

    @property
    def note_length(self) -> NDArray[np.float64]:
        """The mean length in quarters; NaN without notes."""
        return _ratio(self.length_sum, self.notes * STEPS_PER_QUARTER)


_SUMS = ("notes", "steps", "sounding", "time", "pitch_sum", "length_sum")


def nothing_played() -> Played:
    """One row to which others are added."""
    return played_in([np.zeros((0, 3), np.int64)], steps=0)


def played_in(cells: Sequence[NDArray[np.int64]], *, steps: int) -> Played:
    """What is played in each of several cells of `steps` steps, each int64 (notes, 3): onset, pitch token, length in
    steps. A note sounds until the end of its cell at the most; its length is what it says."""
    owner = ranges.owners(np.array([len(cell) for cell in cells], np.int64))
    table = np.concatenate([np.zeros((0, 3), np.int64), *cells])
    return _summed(table, owner=owner, count=len(cells), steps=steps)


def played_by(barred: BarredScore, part: int, *, bars: range | None = None) -> Played:
    """What a part plays in a stretch of bars (None: all); one row."""
    bars = range(barred.bars) if bars is None else bars
    start, end = int(barred.grid.bar_steps[bars.start]), int(barred.grid.bar_steps[bars.stop])
    inside = (barred.notes.track == part) & (barred.note_bar >= bars.start) & (barred.note_bar < bars.stop)
    notes = barred.notes.where(inside)
    token = notes.pitch + PITCHES * int(barred.part_is_drum[part])
    table = np.stack([notes.onset_steps - start, token, notes.length_steps], axis=1).astype(np.int64)
    return _summed(table, owner=np.zeros(len(table), np.int64), count=1, steps=end - start)


def _summed(table: NDArray[np.int64], *, owner: NDArray[np.int64], count: int, steps: int) -> Played:
    onset, token, length = table.T
    pitch, is_drum = token % PITCHES, token >= PITCHES
    sounds = np.where(is_drum, 1, np.clip(length, 1, np.maximum(steps - onset, 1)))
    at = np.repeat(owner * (steps + 1), sounds) + ranges.rows(onset, sounds)
    time = np.bincount(np.unique(at) // (steps + 1), minlength=count)
    lowest, highest = np.full(count, ABOVE_ALL), np.full(count, -ABOVE_ALL)
    np.minimum.at(lowest, owner, pitch)
    np.maximum.at(highest, owner, pitch)
    totals = [np.bincount(owner, weights, minlength=count) for weights in (None, sounds, pitch, length)]
    columns = (totals[0], np.full(count, steps), totals[1], time, totals[2], totals[3], lowest, highest)
    return Played(*(column.astype(np.float64) for column in columns))


def _ratio(whole: NDArray[np.float64], parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """A quotient; NaN where nothing is divided."""
    return np.where(parts > 0, whole / np.maximum(parts, 1e-9), np.nan)
