"""New bars after a piece: its parts have played it, and play on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from symbolic_embed.bars import WINDOW_STEPS, BarredScore
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.bars.patterns.loops import section_bars
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.form import Recalled, recalled_bars
from symbolic_embed.composing.guidance import FREE, Guidance
from symbolic_embed.composing.history import cells_of
from symbolic_embed.composing.sheet import Played
from symbolic_embed.composing.stretches import continued
from symbolic_embed.composing.takes import Take, batches_of, best_takes
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.errors import UsageError
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import ComposeRequest


@dataclass(frozen=True, eq=False)
class Continuation:
    """New bars after a piece, and which of the takes they are."""

    notes: WrittenNotes
    take: Take


@torch.no_grad()
def continue_piece(
    trained: TrainedComposer,
    barred: BarredScore,
    request: ComposeRequest,
    *,
    guidance: Guidance = FREE,
    random: np.random.Generator | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Continuation]:
    """Different continuations of a piece, in the metre it ends in, for each of its parts; steps count on from its last
    bar. More are drawn than are wanted, and the best are kept, best first (`takes.py`). The form says which sections
    return (`form.py`), `guidance` what the new bars are held to.

    The same request gives the same notes, unless they are drawn from a generator, `random`, that goes on. `progress`
    wraps the iteration over the new windows. Raises UsageError for a form that the piece does not fit.
    """
    recalled = recalled_bars(request, seed_bars=barred.bars, own_section=section_bars(barred))
    _require_one_metre(barred, recalled, form=request.form, length=barred.next_bar_steps)
    choice = Choice(request.temperature, request.top_p, random or np.random.default_rng(request.random_seed))
    batches = batches_of(request)
    each = iter(progress(range(len(batches) * len(_window_lengths(barred)) * request.bars)))
    drawn: list[WrittenNotes] = []
    for batch in batches:
        ensemble = Ensemble.after(trained, barred, order=writing_order(barred.roles), variations=batch)
        ensemble = ensemble.guided(guidance)
        drawn += _drawn(ensemble, barred, request, choice=choice, each=each)
    next(each, None)  # so that what shows the progress ends
    kept = best_takes(
        Stretch.of(barred), [continued(barred, notes, bars=request.bars) for notes in drawn], keep=request.variations
    )
    return [Continuation(drawn[take.number - 1], take) for take in kept]


def _drawn(
    ensemble: Ensemble, barred: BarredScore, request: ComposeRequest, *, choice: Choice, each: Iterator[int]
) -> list[WrittenNotes]:
    """So many takes as the ensemble has variations; `each` is asked for its next before every window."""
    order, takes = writing_order(barred.roles), ensemble.variations
    start, lengths = int(barred.grid.bar_steps[-1]), _window_lengths(barred)
    for known in recalled_bars(request, seed_bars=barred.bars, own_section=section_bars(barred)):
        for part_of_bar, steps in enumerate(lengths):
            next(each)
            played: Played | None = None
            if known is not None and known.of_seed:
                played = [cells_of(barred, bar=known.bar, order=order)[part_of_bar]] * takes
            elif known is not None:
                played = ensemble.sheet.played_in(known.bar * len(lengths) + part_of_bar)
            ensemble.write_window(start=start, steps=steps, choice=choice, played=played)
            start += steps
    return ensemble.finished(end=start)


def _window_lengths(barred: BarredScore) -> list[int]:
    """The windows of each new bar, by their steps."""
    length = barred.next_bar_steps
    return [min(WINDOW_STEPS, length - first) for first in range(0, length, WINDOW_STEPS)]


def _require_one_metre(
    barred: BarredScore, recalled: Sequence[Recalled | None], *, form: str | None, length: int
) -> None:
    """Bars of the seed can only return where the new ones are as long."""
    for known in recalled:
        if known is not None and known.of_seed and int(barred.grid.bar_length(known.bar)) != length:
            raise UsageError(
                f"`form` {form}: bar {known.bar + 1} of the seed has {int(barred.grid.bar_length(known.bar)) / 12:g} "
                f"quarters, its last bar {length / 12:g}; sections return only where the metre stays",
                field="form",
            )
