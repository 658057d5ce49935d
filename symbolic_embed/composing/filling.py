"""New music for an empty or unloved stretch, from what comes before and after.

The parts that fill it have heard what comes after the stretch first, and then what comes before: so both can return in
it. Parts that stay are given, window by window. More takes are drawn than are wanted; those are kept that are not what
stood there over again, and have the fewest failures, and of equals those after which the music behind the stretch is
likeliest (`joining.py`). How parts are asked to play is told in numbers, or in words about how they play around the
stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.composing.checks import Checks
from symbolic_embed.composing.controls import wishes_of
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.failures import failures_of_continuation
from symbolic_embed.composing.gaps import Gap
from symbolic_embed.composing.given import given_windows
from symbolic_embed.composing.guidance import Guidance, temperatures_of
from symbolic_embed.composing.hanging import stays_of
from symbolic_embed.composing.joining import nats_behind
from symbolic_embed.composing.takes import batches_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.outputs.changes import voiced
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import FillRequest


@dataclass(frozen=True, eq=False)
class Filled:
    """A stretch filled: the notes of the seed that go, as indices into `barred.notes`, and those that come; which of
    the takes it is, with its checks; whether it is what stood there over again; and how unlikely the music behind it is
    then, in nats a note, None where there is none."""

    removed: NDArray[np.int64]
    added: WrittenNotes
    number: int
    drawn: int
    checks: Checks
    as_before: bool
    join: float | None

    def record(self) -> dict[str, Any]:
        """As a record has it."""
        join = None if self.join is None else round(self.join, 3)
        said = {"number": self.number, "of": self.drawn, **self.checks.record()}
        return {**said, "as_before": self.as_before, "nats_behind": join}


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
    batches = batches_of(request)
    each = iter(progress(range(len(batches) * len(gap.windows))))
    guidance = _guidance(gap, request)
    drawn: list[WrittenNotes] = []
    joins: list[float | None] = []
    for batch in batches:
        written = _written(trained, gap, choice, guidance=guidance, takes=batch, each=each)
        drawn += written
        joins += nats_behind(trained, gap, written) or [None] * batch
    next(each, None)  # so that what shows the progress ends
    around, filled = gap.around(), []
    for number, (added, join) in enumerate(zip(drawn, joins, strict=True), start=1):
        checks = failures_of_continuation(around, gap.filled(added))
        filled.append(Filled(gap.removed, added, number, len(drawn), checks, gap.is_as_before(added), join))
    return sorted(filled, key=_badness)[: request.variations]


def _badness(filled: Filled) -> tuple[bool, int, float, int]:
    return filled.as_before, len(filled.checks.failures), filled.join or 0.0, filled.number


def _guidance(gap: Gap, request: FillRequest) -> Guidance:
    """What the parts that fill a stretch are held to: how they are asked to play."""
    wishes = wishes_of(gap.barred, request, bars=gap.around_bars)
    asked = [wishes[part] for part in gap.writing]
    return Guidance(
        wishes=tuple(asked) if any(not wish.asks_for_nothing for wish in asked) else (),
        temperatures=temperatures_of(gap.barred, request.part_temperature, order=gap.writing),
        stays=stays_of(gap.barred, order=gap.writing),
    )


def _written(
    trained: TrainedComposer, gap: Gap, choice: Choice, *, guidance: Guidance, takes: int, each: Iterator[int]
) -> list[WrittenNotes]:
    """So many takes of a stretch, written side by side, and cut where they meet what stays."""
    ensemble = Ensemble.among(
        trained,
        gap.barred,
        order=gap.order,
        hearing=gap.hearing(behind=True),
        variations=takes,
        writers=len(gap.writing),
    ).guided(guidance)
    given = given_windows(gap.barred, gap.staying) if gap.staying else [None] * len(gap.bars)
    for window in gap.windows.tolist():
        next(each)
        steps = int(gap.bars.steps[window])
        ensemble.write_window(start=gap.start_of(window), steps=steps, choice=choice, given=given[window])
    return [voiced(gap.barred, gap.removed, notes, end=gap.end) for notes in ensemble.finished(end=gap.end)]
