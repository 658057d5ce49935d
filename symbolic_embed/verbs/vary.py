"""Different variations of one seed, ready to be saved.

All are searched side by side. Each has random numbers of its own, given by its number, so the first three of eight are
the three that are made when three are asked for. One that comes out the same as an earlier one, or as the seed, is
drawn again; where a share of notes is less than a note, a larger one is taken at last. What was changed is measured on
the file, read again. Rests that were asked for are filled (`rests.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from symbolic_embed.composing.retrieving import OwnCells
from symbolic_embed.composing.varying import Theme, Variation
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import NothingNewError, UsageError
from symbolic_embed.library.building import Pieces
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.names import record_of, varied_name
from symbolic_embed.outputs.new_notes import struck_between, with_notes
from symbolic_embed.outputs.proof import Proof
from symbolic_embed.outputs.reread import cells_again, cut_again
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import EventList
from symbolic_embed.verbs.finishing import finished
from symbolic_embed.verbs.rests import FILLED, Models, rests_of, with_rests_filled
from symbolic_embed.verbs.scope import asked_in, recorded, scope_of

REDRAWS = 8  # tries for a variation that is not the same as an earlier one, nor as the seed

Draw = Callable[[list[tuple[int, int]]], list[Output]]


def vary(
    seed: Seed,
    model: Embedder | Models,
    request: VaryRequest,
    *,
    library: Pieces | None = None,
    source: Pieces | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Output]:
    """Different variations of a seed, finished as all outputs are. A `model` that can compose as well is asked to where
    rests are to be filled, and there alone; an embedder leaves them. `library` and `source` are pieces of the user's
    own, (path, piece) or a store: strength is a quantile of the distances in `library`, for the roles of which it has
    enough; cells of `source` are written, not decoded ones. `progress` wraps steps of the work, as often as something
    is drawn. Raises NothingNewError where all that was drawn is the seed, UsageError for `change` with `source`, for
    tracks and bars that the seed does not have, for music of one's own without notes, or where nothing of what was
    chosen may change, MissingComposerError where rests are to be filled and there is none."""
    seed = seed.as_said(request)
    if request.dial.field != "strength" and source is not None:
        raise UsageError("`source` takes cells at a distance; say with `strength` how far", field="strength")
    embedder, models = (model, None) if isinstance(model, Embedder) else (model.embedder, model)
    scope = scope_of(seed, request)
    scale, cells = _own_cells(seed, embedder, library, source)
    quantiles = scale.quantiles() if scale else {}
    theme = Theme.of(embedder, seed.barred, request, scope=scope, own=quantiles)
    rests = rests_of(seed.barred, scope, request, theme.amounts) if models and source is None else []
    if not request.is_still and theme.is_still and not rests:
        raise UsageError(
            "nothing of what was chosen may change: only rests, or all of it is kept; choose more, or `fill` rests"
        )
    trained = models.composer if models and rests else None
    proof = Proof(seed, tuple(asked_in(seed, scope)))

    def write(drawn: VaryRequest) -> list[Output]:
        settings = variation_settings(seed, drawn)
        settings |= {"own_scale": sorted(quantiles), "own_cells": cells is not None}

        def draw(wanted: list[tuple[int, int]], theme: Theme = theme) -> list[Output]:
            sequences = [np.random.SeedSequence([drawn.random_seed, *key]) for key in wanted]
            random_seeds = [int(sequence.generate_state(1)[0]) for sequence in sequences]
            variations = theme.variations(random_seeds, own=cells, are_measured=theme.is_still, progress=progress)
            return [
                _output(seed, theme, *varied, settings={**settings, "variation": number})
                for (number, _), varied in zip(wanted, _written(seed, theme, variations), strict=True)
            ]

        outputs = _different(draw, seed.events, count=drawn.count, tries=1 if theme.is_still else REDRAWS)
        for wider in () if theme.is_still else _wider(theme):
            if all(output.events != seed.events for output in outputs):
                break
            outputs = [
                draw([(number, REDRAWS)], wider)[0] if output.events == seed.events else output
                for number, output in enumerate(outputs, start=1)
            ]
        if trained:
            outputs = [with_rests_filled(output, seed, trained, rests, progress=progress) for output in outputs]
            if theme.is_still and not any(output.record[FILLED] for output in outputs):
                raise NothingNewError(seed.path, "what was asked for rests; another `random_seed` may fill it")
        return [proof.of(output) for output in outputs]

    return finished(write, seed, embedder, request)


def _wider(theme: Theme) -> Iterator[Theme]:
    """The same theme with larger shares of notes, for cells so thin that the share asked for is no whole note."""
    while (wider := theme.wider()) is not None:
        theme = wider
        yield theme


def _own_cells(seed: Seed, embedder: Embedder, *music: Pieces | None) -> list[OwnCells | None]:
    """The cells of each, in the key of the seed; what is given twice is read once."""
    gathered: dict[int, OwnCells] = {}
    for pieces in music:
        if pieces is not None and id(pieces) not in gathered:
            gathered[id(pieces)] = OwnCells.gathered(embedder, pieces, seed=seed.barred)
    return [gathered.get(id(pieces)) for pieces in music]


def variation_settings(seed: Seed, request: VaryRequest) -> dict[str, Any]:
    """What the record of a variation says was asked for. Raises UsageError for tracks and bars that the seed does not
    have."""
    field, amount, of_parts = request.dial
    dials = {"strength": None, "change": None, field: amount, "random_seed": request.random_seed}
    own = {f"part_{field}": [list(pair) for pair in of_parts]} if of_parts else {}
    return dials | own | {"each_bar": request.each_bar} | recorded(scope_of(seed, request))


def _different(draw: Draw, unchanged: EventList, *, count: int, tries: int) -> list[Output]:
    """Outputs 1 to `count`: each the first of `tries` draws that is neither `unchanged` nor the same as an output
    before it, or the last. `draw` makes outputs from their numbers and tries (from 0).

    What is certain to be needed is drawn together: first a draw of each, then another of those that are the same as
    one that stays.
    """
    drawn: dict[tuple[int, int], Output] = {}
    attempt = dict.fromkeys(range(1, count + 1), 0)
    while wanted := [key for key in attempt.items() if key not in drawn]:
        drawn |= dict(zip(wanted, draw(wanted), strict=True))
        before = {unchanged}
        is_settled = True
        for number in attempt:
            output = drawn[number, attempt[number]]
            if output.events in before and attempt[number] + 1 < tries:
                attempt[number] += 1
                is_settled = False
            elif is_settled:
                before.add(output.events)
    return [drawn[key] for key in attempt.items()]


def _written(seed: Seed, theme: Theme, meant: Sequence[Variation]) -> list[tuple[Variation, EventList]]:
    """The events of each variation, and itself as it is measured in them."""
    events = [_events(seed, variation) for variation in meant]
    if theme.is_still:
        return list(zip(meant, events, strict=True))
    cells = theme.ground.cells
    again = [cells_again(cells, seed, cut_again(of_one, seed)) for of_one in events]
    return list(zip(theme.measured(meant, again), events, strict=True))


def _events(seed: Seed, meant: Variation) -> EventList:
    """The seed's events with the notes of a variation."""
    places = meant.track * seed.barred.bars + meant.bar
    free = np.isin(seed.barred.notes.track * seed.barred.bars + seed.barred.note_bar, places)
    removed, added = struck_between(seed.barred, meant.removed, expressed(meant.added, seed.barred), free=free)
    return with_notes(seed, removed=removed, added=added)


def _output(seed: Seed, theme: Theme, change: Variation, events: EventList, *, settings: dict[str, Any]) -> Output:
    embedder, cells = theme.ground.embedder, theme.ground.cells
    by_notes = theme.ground.by_notes
    strength, notes, distance = (
        float(column.mean()) if len(column) else 0.0
        for column in (change.strengths, change.measured if by_notes else np.zeros(0), change.distances)
    )
    dial, measured = ("change", notes) if by_notes else ("strength", strength)
    name = varied_name(
        seed, settings["variation"], random_seed=settings["random_seed"], dial=dial, measured=f"{measured:.2f}"
    )
    record = record_of("vary", seed, embedder, settings)
    record |= {"measured_strength": round(strength, 4), "measured_distance": round(distance, 4)}
    if by_notes:
        record["measured_change"] = round(notes, 4)
    record["directions_redrawn"] = change.redrawn
    record["no_choice"] = [
        f"track {number} {seed.barred.score.tracks[number].name}".rstrip() for number in change.no_choice
    ]
    record["parts"] = parts_recorded(theme, change)
    if theme.patterns is not None:
        record["patterns"] = {"varied": len(theme.patterns), "cells": len(cells), "taken_apart": theme.patterns.apart}
    asked = theme.amounts[change.track] if by_notes else change.asked
    columns = (change.track, change.bar + 1, asked, change.measured)
    record["cells"] = [
        {"track": int(track), "bar": int(bar), "asked": round(float(asked), 3), "measured": round(float(measured), 3)}
        for track, bar, asked, measured in zip(*columns, strict=True)
    ]
    for cell, origin in zip(record["cells"], change.origins, strict=False):
        cell["from"] = origin and {"path": origin.path, "track": origin.track, "bar": origin.bar + 1,
                                   "transposed": origin.semitones}  # fmt: skip
    return Output(name, events, record)


def parts_recorded(theme: Theme, change: Variation) -> list[dict[str, Any]]:
    """What a record says of each part that varies, on the dial: what was asked of it, what its cells aimed at on
    average, and what was measured. Drums aim lower, and what their groove holds may keep them lower still."""
    parts = np.unique(change.track)
    aimed, measured = theme.ground.asked, change.measured
    if not theme.ground.by_notes:
        aimed, measured = theme.amounts[change.track], change.strengths
    return [
        {
            "track": int(part),
            "asked": round(float(theme.amounts[part]), 4),
            "aimed_at": round(float(aimed[change.track == part].mean()), 4),
            "measured": round(float(measured[change.track == part].mean()), 4),
        }
        for part in parts
    ]
