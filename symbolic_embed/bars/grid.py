"""The grid: steps of a twelfth of a quarter note, counted through the whole piece.

A sixteenth is three steps, an eighth triplet four; both fall on whole steps. Every bar starts on a step of its own, so
a bar of an odd length (cut short by a new signature, or 1/128 at 100 ticks a quarter) is given whole steps and the last
of them is short. Where a step lies in ticks is always rounded the same way; what a note deviates from its step is kept
beside it as a *residue*, so nothing is lost by looking at music through the grid.

The grid is made of *segments*, stretches in which steps have one length. In a file with a metre a segment is a bar. In
a performance, whose barlines mean nothing, it is one estimated beat.

A piece that was written on goes on along the grid it had (`Grid.continued`), so that its bars keep their numbers:
whoever looks at the longer piece alone might estimate other beats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.errors import MidiError
from symbolic_embed.score.metre import MetreMap
from symbolic_embed.score.score import Score

STEPS_PER_QUARTER: Final = 12
WINDOW_STEPS = 48  # what the encoder sees at once: a bar of 4/4
MAX_STEPS = 10_000_000
UNREACHED = 2**60  # a tick and a step beyond all music


@dataclass(frozen=True, eq=False)
class Grid:
    """Steps and ticks of a piece.

    segment_ticks, segment_steps: int64 (segments,), where each segment starts; steps count from 0 through the piece.
    ticks_per_step: float64 (segments,).
    bar_steps: int64 (bars + 1,), the step on which each bar starts, and the end of the last.
    next_bar_steps: how many steps a bar after the last has.
    confidence: how surely there are the beats that were estimated, 0 to 1; 1 in a file with a metre.
    """

    segment_ticks: NDArray[np.int64]
    segment_steps: NDArray[np.int64]
    ticks_per_step: NDArray[np.float64]
    bar_steps: NDArray[np.int64]
    next_bar_steps: int
    confidence: float = 1.0

    @property
    def bars(self) -> int:
        return len(self.bar_steps) - 1

    def step_of(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The nearest step to each tick; int64. Before the first barline: step 0."""
        segment = np.maximum(np.searchsorted(self.segment_ticks, ticks, side="right") - 1, 0)
        into, ticks_per_step = ticks - self.segment_ticks[segment], self.ticks_per_step[segment]
        within = np.maximum(np.rint(into / ticks_per_step), 0)
        next_is_nearer = self._segment_lengths[segment] - into <= np.abs(into - within * ticks_per_step)
        steps = self.segment_steps[segment] + within.astype(np.int64)
        return np.where(next_is_nearer, self._next_steps[segment], steps)

    def tick_of(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """The tick on which each step lies; int64. Steps beyond the last bar go on at its pace."""
        segment = np.searchsorted(self.segment_steps, steps, side="right") - 1
        within = (steps - self.segment_steps[segment]) * self.ticks_per_step[segment]
        return self.segment_ticks[segment] + np.floor(within + 0.5).astype(np.int64)

    def bar_of(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """The index (from 0) of the bar each step lies in; steps beyond the last bar count to it."""
        return np.clip(np.searchsorted(self.bar_steps, steps, side="right") - 1, 0, self.bars - 1)

    def bar_length(self, bar: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """Steps in a bar (or bars)."""
        length: NDArray[np.int64] = self.bar_steps[np.asarray(bar) + 1] - self.bar_steps[bar]
        return length

    def continued(self, bars: int) -> Grid:
        """The same grid with more bars after the last, a segment each."""
        begins = int(self.bar_steps[-1]) + self.next_bar_steps * np.arange(bars + 1)
        return replace(
            self,
            segment_ticks=np.concatenate([self.segment_ticks, self.tick_of(begins[:-1])]),
            segment_steps=np.concatenate([self.segment_steps, begins[:-1]]),
            ticks_per_step=np.concatenate([self.ticks_per_step, np.full(bars, self.ticks_per_step[-1])]),
            bar_steps=np.concatenate([self.bar_steps, begins[1:]]),
        )

    @cached_property
    def _next_steps(self) -> NDArray[np.int64]:
        """The step on which the segment after each one starts; after the last there is none to reach."""
        return np.append(self.segment_steps[1:], UNREACHED)

    @cached_property
    def _segment_lengths(self) -> NDArray[np.int64]:
        """Ticks from each segment to the next."""
        return np.diff(self.segment_ticks, append=UNREACHED)


def metric_grid(score: Score, metre: MetreMap, *, offset_ticks: int = 0) -> Grid:
    """The grid of a file whose barlines are meant: one segment a bar, all moved by `offset_ticks`.

    Raises MidiError where the piece has more than MAX_STEPS steps.
    """
    ticks_per_step = score.division / STEPS_PER_QUARTER
    lengths = np.maximum(np.ceil(np.diff(metre.barline_ticks) / ticks_per_step - 1e-9).astype(np.int64), 1)
    bar_steps = ranges.offsets(lengths)
    if bar_steps[-1] > MAX_STEPS:
        raise MidiError(score.source, f"{bar_steps[-1]} steps of a twelfth of a quarter note; {MAX_STEPS} are allowed")
    starts = metre.barline_ticks[:-1] + offset_ticks
    following = metre.following
    next_bar_steps = -(-4 * STEPS_PER_QUARTER * following.numerator // following.denominator)
    return Grid(starts, bar_steps[:-1], np.full(len(starts), ticks_per_step), bar_steps, next_bar_steps)


def beat_grid(
    beat_ticks: NDArray[np.int64],
    *,
    pick_up: int = 0,
    beats_per_bar: int = 4,
    steps_per_beat: int = STEPS_PER_QUARTER,
    period_ticks: float | None = None,
) -> Grid:
    """The grid of a performance: one segment a beat (int64 (beats,), increasing), `beats_per_bar` beats to a bar, but
    only `pick_up` in the first where that is not 0, and in the last as many as there are. From the last beat on beats
    are `period_ticks` apart; None: as far as before it."""
    lengths = np.diff(beat_ticks)
    beats = len(beat_ticks)
    last = period_ticks or (lengths[-1] if len(lengths) else 480)
    barlines = np.arange(pick_up or beats_per_bar, beats, beats_per_bar)
    bar_steps = np.concatenate([[0], barlines, [beats]]) * steps_per_beat
    segment_steps = np.arange(beats) * steps_per_beat
    ticks_per_step = np.append(lengths, last) / steps_per_beat
    return Grid(beat_ticks.astype(np.int64), segment_steps, ticks_per_step, bar_steps, beats_per_bar * steps_per_beat)
