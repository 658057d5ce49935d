"""New music for an empty or unloved stretch, from what comes before and after.

The parts that fill it have heard what comes after the stretch first, and then what comes before: so both can return in
it. Parts that stay are given, window by window. More takes are drawn than are wanted; those are kept that have the
fewest failures, and of equals those after which the bar behind the stretch is likeliest, as the composer finds it when
it has heard what lies before it and the new bars, and nothing else. How parts are asked to play is told in numbers, or
in words about how they play around the stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, bar_windows
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.composing.context import cells_of_parts, writing_order
from symbolic_embed.composing.controls import wishes_of
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.failures import Checks, failures_of_continuation
from symbolic_embed.composing.guidance import Guidance, temperatures_of
from symbolic_embed.composing.history import SeedHistory
from symbolic_embed.composing.memory import REMEMBERED
from symbolic_embed.composing.sheet import Played
from symbolic_embed.composing.stretches import varied
from symbolic_embed.composing.takes import AT_ONCE, DRAWN
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.composing.window import Given
from symbolic_embed.errors import UsageError
from symbolic_embed.networks.writing import Choice
from symbolic_embed.outputs.changes import voiced
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import FillRequest

AFTER = 16  # windows behind the stretch that are heard
JOINED = 2  # windows behind it that are to be likely


@dataclass(frozen=True, eq=False)
class Filled:
    """A stretch filled: the notes of the seed that go, as indices into `barred.notes`, and those that come; which of
    the takes it is, with its checks; and how likely the music behind it is then, in nats a note, None where there is
    none."""

    removed: NDArray[np.int64]
    added: WrittenNotes
    number: int
    drawn: int
    checks: Checks
    join: float | None

    def record(self) -> dict[str, Any]:
        """As a record has it."""
        failures = [check.name for check in self.checks.failures]
        join = None if self.join is None else round(self.join, 3)
        return {"number": self.number, "of": self.drawn, "failures": failures, "nats_behind": join}


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
    def removed(self) -> NDArray[np.int64]:
        """The notes of the seed that go."""
        inside = (self.barred.note_bar >= self.first) & (self.barred.note_bar <= self.last)
        return np.flatnonzero(inside & np.isin(self.barred.notes.track, self.writing))

    def start_of(self, window: int) -> int:
        """The step of the piece on which a window begins."""
        bars = self.bars
        return int(self.barred.grid.bar_steps[bars.bar[window]]) + WINDOW_STEPS * int(bars.part_of_bar[window])


def gaps(barred: BarredScore, *, bars: Iterable[int], tracks: Iterable[int] | None) -> list[Gap]:
    """The runs of the chosen bars (from 0), to be filled in the chosen parts (None: all). What lies in another run is
    not heard. Raises UsageError where nothing is left to be heard."""
    chosen = sorted(set(bars))
    edges = np.flatnonzero(np.diff(chosen) > 1) + 1
    windows = bar_windows(barred)
    outside = np.flatnonzero(~np.isin(windows.bar, chosen))
    if not len(outside):
        raise UsageError("`bars`: all of the seed; leave some before or behind to be joined to", field="bars")
    wanted = set(range(len(barred.roles))) if tracks is None else set(tracks)
    order = writing_order(barred.roles)
    writing, staying = (tuple(part for part in order if (part in wanted) == filled) for filled in (True, False))
    found = []
    for run in np.split(np.array(chosen), edges):
        inside = np.flatnonzero(np.isin(windows.bar, run))
        before, behind = outside[outside < inside[0]], outside[outside > inside[-1]]
        behind = behind[:AFTER]
        before = before[-(REMEMBERED - 1 - len(behind)) :]
        found.append(Gap(barred, int(run[0]), int(run[-1]), writing, staying, windows, inside, before, behind))
    return found


@torch.no_grad()
def fill_gap(
    trained: TrainedComposer,
    gap: Gap,
    request: FillRequest,
    *,
    random: np.random.Generator,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Filled]:
    """Different fillings of a stretch, best first. `progress` wraps the iteration over its windows."""
    choice = Choice(request.temperature, request.top_p, random)
    takes = (request.takes or DRAWN * request.variations) if request.temperature else request.variations
    batches = [min(AT_ONCE, takes - first) for first in range(0, takes, AT_ONCE)]
    each = iter(progress(range(len(batches) * len(gap.windows))))
    drawn: list[tuple[WrittenNotes, float | None]] = []
    guidance = _guidance(gap, request)
    for batch in batches:
        ensemble = _written(trained, gap, choice, guidance=guidance, takes=batch, each=each)
        drawn += list(zip(_notes(gap, ensemble), _joins(trained, gap, ensemble), strict=True))
    next(each, None)
    around = Stretch.of(gap.barred, _around(gap))
    filled = []
    for number, (added, join) in enumerate(drawn, start=1):
        new = varied(gap.barred, removed=gap.removed, added=added, bars=range(gap.first, gap.last + 1))
        checks = failures_of_continuation(around, new)
        filled.append(Filled(gap.removed, added, number, takes, checks, join))
    return sorted(filled, key=_badness)[: request.variations]


def _badness(filled: Filled) -> tuple[int, float, int]:
    return len(filled.checks.failures), filled.join or 0.0, filled.number


def _guidance(gap: Gap, request: FillRequest) -> Guidance:
    """What the parts that fill a stretch are held to: how they are asked to play."""
    wishes = wishes_of(gap.barred, request, bars=_around(gap))
    asked = [wishes[part] for part in gap.writing]
    return Guidance(
        wishes=tuple(asked) if any(not wish.asks_for_nothing for wish in asked) else (),
        temperatures=temperatures_of(gap.barred, request.part_temperature, order=gap.writing),
    )


def _written(
    trained: TrainedComposer, gap: Gap, choice: Choice, *, guidance: Guidance, takes: int, each: Iterator[int]
) -> Ensemble:
    """So many takes of a stretch, written side by side."""
    order = (*gap.writing, *gap.staying)
    heard = np.concatenate([gap.behind, gap.before])
    ensemble = Ensemble.among(
        trained, gap.barred, order=order, windows=heard, variations=takes, writers=len(gap.writing)
    ).guided(guidance)
    given = _given(gap)
    for window in gap.windows.tolist():
        next(each)
        steps = int(gap.bars.steps[window])
        ensemble.write_window(start=gap.start_of(window), steps=steps, choice=choice, given=given[window])
    return ensemble


def _given(gap: Gap) -> dict[int, Given | None]:
    """What the parts that stay play in each window of a stretch."""
    if not gap.staying:
        return dict.fromkeys(gap.windows.tolist())
    staying = np.isin(gap.barred.notes.track, gap.staying)
    bars = bar_windows(replace(gap.barred, notes=gap.barred.notes.where(staying)))
    rows = np.stack([bars.onset, bars.pitch, bars.length, bars.flags], axis=1).astype(np.int64)
    cells = cells_of_parts(gap.barred, order=gap.staying)
    return {
        window: Given(rows[bars.offsets[window] : bars.offsets[window + 1]], cells[:, window])
        for window in gap.windows.tolist()
    }


def _notes(gap: Gap, ensemble: Ensemble) -> list[WrittenNotes]:
    """What each take came to, cut where it meets what stays."""
    end = int(gap.barred.grid.bar_steps[gap.last + 1])
    return [voiced(gap.barred, gap.removed, notes, end=end) for notes in ensemble.finished(end=end)]


def _joins(trained: TrainedComposer, gap: Gap, written: Ensemble) -> list[float | None]:
    """How likely what comes behind a stretch is after each take, in nats a note, for one that heard only what lies
    before it; None where nothing is there."""
    variations, behind = written.variations, gap.behind[:JOINED]
    if not len(behind):
        return [None] * variations
    judge = Ensemble.among(trained, gap.barred, order=gap.writing, windows=gap.before, variations=variations)
    history, choice = SeedHistory(gap.barred, order=gap.writing), Choice()
    total = len(history.lengths)
    nats, notes = np.zeros(variations), 0
    for window in [*gap.windows.tolist(), *behind.tolist()]:
        if window in behind:
            cells = [history.cell(turn, window) for turn in range(len(gap.writing))]
            played: Played = [cells] * variations
            notes += sum(map(len, cells)) + len(cells)
        else:
            nth = total + int(window - gap.windows[0])
            played = [
                [written.sheet.cell(variation, turn, nth) for turn in range(len(gap.writing))]
                for variation in range(variations)
            ]
        start, steps = gap.start_of(window), int(gap.bars.steps[window])
        if window in behind:
            nats += judge.judged_window(played, start=start, steps=steps)
        else:
            judge.write_window(start=start, steps=steps, choice=choice, played=played)
    return [float(total_nats / max(notes, 1)) for total_nats in nats]


def _around(gap: Gap) -> range:
    """The bars that the new ones are held against: those before the stretch, or those behind it where they are more."""
    before, behind = range(0, gap.first), range(gap.last + 1, gap.barred.bars)
    return before if len(before) >= len(behind) else behind
