"""From a seed with an empty or unloved stretch to the seed with new music there, ready to be saved.

What is filled is written from what lies before and behind it, and joined at both ends; everything else stays as it is,
event for event. A stretch that comes out as rests, or as it was, is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from symbolic_embed.composing.filling import Filled, fill_gap
from symbolic_embed.composing.gaps import Gap, gaps
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import NothingNewError, UsageError
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.names import filled_name, record_of
from symbolic_embed.outputs.new_notes import struck_between, with_notes
from symbolic_embed.outputs.proof import Proof, asked_cells
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import FillRequest
from symbolic_embed.score import EventList
from symbolic_embed.verbs.drawing import REDRAWS, drawn_again
from symbolic_embed.verbs.finishing import finished, way_out
from symbolic_embed.verbs.scope import chosen_bars, chosen_parts

PLAYED = {"density", "polyphony", "range", "note_length", "part_temperature"}  # fields that say how parts shall play


def fill(
    seed: Seed,
    trained: TrainedComposer,
    request: FillRequest,
    *,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Output]:
    """The seed with new music in some bars, in all parts or some, finished as all outputs are. `progress` wraps the
    iteration over the windows of each stretch, as often as something is drawn. Raises UsageError for tracks and bars
    that the seed does not have, where it has nothing else, or where no bars are named; NothingNewError where all that
    was drawn is a rest, or as it was."""
    if not request.bars:
        raise UsageError("`bars`: nothing to fill; say which, such as 5-8", field="bars")
    seed = seed.as_said(request)
    tracks, bars = chosen_parts(seed.barred, request), chosen_bars(seed, request.bars)
    found = gaps(seed.barred, bars=bars, tracks=tracks)

    def write(drawn: FillRequest) -> list[Output]:
        random = np.random.default_rng(drawn.random_seed)

        def draw() -> list[Output]:
            fillings = [fill_gap(trained, gap, drawn, random=random, progress=progress) for gap in found]
            return [
                _filled(
                    seed, trained.embedder, found, of_gaps, settings={**_settings(drawn, found), "variation": number}
                )
                for number, of_gaps in enumerate(zip(*fillings, strict=True), start=1)
            ]

        outputs = drawn_again(draw, lacking=_nothing_new, redraws=REDRAWS if drawn.temperature else 0)
        outputs = [output for output in outputs if any(stretch["notes"] for stretch in output.record["stretches"])]
        if not outputs:
            raise NothingNewError(seed.path, way_out(drawn))
        proof = Proof(seed, tuple(asked_cells(seed, tracks=tracks, bars=bars)))
        return [proof.of(output) for output in outputs]

    return finished(write, seed, trained.embedder, request)


def _settings(request: FillRequest, found: Sequence[Gap]) -> dict[str, Any]:
    return {
        "bars": [[gap.first + 1, gap.last + 1] for gap in found],
        "tracks": sorted(found[0].writing),
        "temperature": request.temperature,
        "top_p": request.top_p,
        "takes": request.takes,
        "random_seed": request.random_seed,
        **request.model_dump(mode="json", exclude_defaults=True, include=PLAYED),
    }


def _filled(
    seed: Seed, embedder: Embedder, found: Sequence[Gap], fillings: Sequence[Filled], *, settings: dict[str, Any]
) -> Output:
    """All stretches filled, each with one of its fillings."""
    name = filled_name(seed, settings["variation"], random_seed=settings["random_seed"])
    record = record_of("fill", seed, embedder, settings) | {"stretches": stretches_recorded(found, fillings)}
    if len(fillings) == 1:
        record["take"] = fillings[0].record()
    return Output(name, with_fillings(seed, fillings), record)


def with_fillings(seed: Seed, fillings: Sequence[Filled]) -> EventList:
    """The seed's events with what fills its stretches, one filling for each."""
    removed = np.concatenate([filling.removed for filling in fillings])
    written = WrittenNotes.concatenated(*(filling.added for filling in fillings))
    free = np.zeros(len(seed.barred.notes), bool)
    free[removed] = True
    removed, added = struck_between(seed.barred, removed, expressed(written, seed.barred), free=free)
    return with_notes(seed, removed=removed, added=added)


def stretches_recorded(found: Sequence[Gap], fillings: Sequence[Filled]) -> list[dict[str, Any]]:
    """What a record says of each stretch: its bars, from 1, how many notes fill it, and which take they are."""
    return [
        {"bars": [gap.first + 1, gap.last + 1], "notes": len(filling.added), "take": filling.record()}
        for gap, filling in zip(found, fillings, strict=True)
    ]


def _nothing_new(output: Output) -> int:
    """How many stretches have no note, or those that stood there."""
    return sum(not stretch["notes"] or stretch["take"]["as_before"] for stretch in output.record["stretches"])
