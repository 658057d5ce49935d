"""Rests that a variation was asked for: there is nothing in them to vary, so they are filled, as `fill` fills them.

A rest is music, and most parts that rest somewhere shall go on doing so. So a rest is filled only where its bars were
asked for (`bars`), and the part plays nothing in any of them; and only if the part itself was named (in `tracks`, with
bars or an amount of its own), or if all that was chosen rests there. What is kept of a rest is the rest: where
something is kept (`melody`, `chords`, `rhythm`) nothing is filled. Parts that play are varied first, and those that
fill hear them as they are then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import parts_meant
from symbolic_embed.composing.filling import Filled, fill_gap
from symbolic_embed.composing.gaps import Gap, gaps
from symbolic_embed.composing.scope import Scope
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.outputs.names import filled_name
from symbolic_embed.outputs.reread import cut_again, parts_of_seed
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import FillRequest, VaryRequest
from symbolic_embed.verbs.drawing import REDRAWS
from symbolic_embed.verbs.fill import stretches_recorded, with_fillings
from symbolic_embed.verbs.scope import parts_named

FILLED = "filled"  # in a record: what was filled, not varied


class Models(Protocol):
    """What embeds, and what writes new music; each is loaded when it is asked for."""

    @property
    def embedder(self) -> Embedder: ...

    @property
    def composer(self) -> TrainedComposer: ...


@dataclass(frozen=True)
class Rests:
    """Parts that play nothing in any of some bars (both from 0), and are to be filled there."""

    parts: tuple[int, ...]
    bars: tuple[int, ...]


def rests_of(barred: BarredScore, scope: Scope, request: VaryRequest, amounts: NDArray[np.float64]) -> list[Rests]:
    """The rests that a request asks for, parts with the same bars together; `amounts`: how far each part shall go,
    float64 (parts,). One of a part that is not to go anywhere is none."""
    if not scope.limits_bars or scope.locks.names():
        return []
    own, chosen = dict(scope.own_bars), scope.tracks
    asked = {part: own.get(part, scope.bars) for part in range(len(amounts)) if chosen is None or part in chosen}
    bars = {part: tuple(sorted(own)) for part, own in asked.items() if own and amounts[part] > 0}
    resting = [part for part, own in bars.items() if not _begins(barred, part, own)]
    if len(resting) < len(bars):
        named = _named(barred, request) | own.keys()
        resting = [part for part in resting if part in named]
    alike = dict.fromkeys(bars[part] for part in resting)
    return [Rests(tuple(part for part in resting if bars[part] == same), same) for same in alike]


def with_rests_filled(
    output: Output,
    seed: Seed,
    trained: TrainedComposer,
    rests: Sequence[Rests],
    *,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> Output:
    """A variation of a seed with its rests filled, each drawn again while it stays one; called a filling where nothing
    else was varied. The record says which parts and bars were filled. Chance is that of the output's random seed and
    number."""
    settings = output.record["settings"]
    random = np.random.default_rng([settings["random_seed"], settings["variation"]])
    recorded, notes = [], 0
    for rest in rests:
        within = replace(seed, events=output.events, barred=cut_again(output.events, seed))
        parts = np.flatnonzero(np.isin(parts_of_seed(within.barred, seed.barred), rest.parts)).tolist()
        found = gaps(within.barred, bars=rest.bars, tracks=parts)
        fillings = [_filling(trained, gap, random, progress=progress) for gap in found]
        output = replace(output, events=with_fillings(within, fillings))
        recorded.append({"tracks": list(rest.parts), "stretches": stretches_recorded(found, fillings)})
        notes += sum(len(filling.added) for filling in fillings)
    record: dict[str, Any] = {**output.record, FILLED: recorded if notes else []}
    if output.record["cells"]:
        return replace(output, record=record)
    name = filled_name(seed, settings["variation"], random_seed=settings["random_seed"])
    return replace(output, name=name, record=record)


def _filling(
    trained: TrainedComposer,
    gap: Gap,
    random: np.random.Generator,
    *,
    progress: Callable[[Sequence[int]], Iterable[int]],
) -> Filled:
    """What fills a stretch: the first of some draws that is no rest, or a rest."""
    for _ in range(1 + REDRAWS):
        (filling,) = fill_gap(trained, gap, FillRequest.model_validate({}), random=random, progress=progress)
        if len(filling.added):
            break
    return filling


def _named(barred: BarredScore, request: VaryRequest) -> frozenset[int]:
    """The parts that a request names: as tracks, or with an amount of their own."""
    field, _, of_parts = request.dial
    amounts = {part for track, _ in of_parts for part in parts_meant(track, barred, field=field)}
    return parts_named(barred, request.tracks or (), field="tracks") | amounts


def _begins(barred: BarredScore, part: int, bars: Sequence[int]) -> bool:
    """Whether a part begins a note in one of some bars."""
    return bool(np.isin(barred.note_bar[barred.notes.track == part], bars).any())
