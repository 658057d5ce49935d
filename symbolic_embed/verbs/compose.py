"""From a seed to new bars after it, ready to be saved.

A continuation of rests alone is drawn again, and so is one after a performance that does not go on within a beat. Each
output's record says how it was made: settings, seed, checkpoint, and for every written bar the numbers that show
how near or far it is. The same seed file, settings and checkpoint give the same outputs, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.composing.continuing import Continuation, continue_piece
from symbolic_embed.composing.guidance import guidance_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.nearness import nearest_bars
from symbolic_embed.outputs.alone import new_bars_alone
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.names import continued_name, record_of
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.outputs.proof import Proof
from symbolic_embed.outputs.reread import cut_again, is_as_before
from symbolic_embed.outputs.seam import Seam, at_the_seam, from_the_seam
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.verbs.drawing import REDRAWS, drawn_again
from symbolic_embed.verbs.finishing import finished
from symbolic_embed.verbs.fragment import Fragment
from symbolic_embed.verbs.scope import chosen_parts, parts_named

GUIDING = {"tracks", "except_tracks", "loop", "chords", "scale", "ending"}  # fields that say what new bars are held to
GUIDING |= {"density", "polyphony", "range", "note_length", "part_temperature"}


def compose(
    seed: Seed,
    trained: TrainedComposer,
    request: ComposeRequest,
    *,
    like: Fragment | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Output]:
    """Continuations of a seed, in its own tracks, tempo and metre, finished as all outputs are. `like` is the fragment
    that the seed was found by, for the record. `progress` wraps the iteration over the new windows, as often as
    something is drawn. Raises UsageError for a form that the seed does not fit, NothingNewError where all new bars
    are rests."""
    seed = seed.as_said(request)
    outputs = finished(
        lambda drawn: _composed(seed, trained, drawn, progress=progress), seed, trained.embedder, request
    )
    return outputs if like is None else [_found_by(output, like) for output in outputs]


def _composed(
    seed: Seed,
    trained: TrainedComposer,
    request: ComposeRequest,
    *,
    progress: Callable[[Sequence[int]], Iterable[int]],
) -> list[Output]:
    random = np.random.default_rng(request.random_seed)
    barred = seed.barred
    looping = parts_named(barred, request.loop or (), field="loop")
    seam = at_the_seam(seed, bars=request.bars, mode=request.seam)
    proof = Proof(seed, seam.asked, seam.moved)
    guidance = guidance_of(barred, request, chosen=chosen_parts(barred, request), looping=looping)

    def draw() -> list[Output]:
        continuations = continue_piece(trained, barred, request, guidance=guidance, random=random, progress=progress)
        return [
            output if request.alone else proof.of(output)
            for output in (
                _output(seed, trained.embedder, continuation, request, number=number, seam=seam)
                for number, continuation in enumerate(continuations, start=1)
            )
        ]

    redraws = REDRAWS if request.temperature else 0
    return drawn_again(draw, lacking=lambda output: _lacking(output, seed), redraws=redraws)


def _lacking(output: Output, seed: Seed) -> int:
    """2 where all new bars are rests; 1 where those after a performance, whose end is no barline to rest after, do not
    begin with a note within a beat."""
    if is_as_before(output, seed):
        return 2
    if not seed.barred.follows_beats or output.record["settings"]["alone"]:
        return 0
    end = int(seed.barred.grid.bar_steps[-1])
    onsets = cut_again(output.events, seed, more_bars=output.record["settings"]["bars"]).notes.onset_steps
    return int(onsets[onsets >= end].min(initial=end + STEPS_PER_QUARTER) >= end + STEPS_PER_QUARTER)


def _output(
    seed: Seed, embedder: Embedder, continuation: Continuation, request: ComposeRequest, *, number: int, seam: Seam
) -> Output:
    played = from_the_seam(expressed(continuation.notes, seed.barred), seed.barred)
    whole = with_notes(seam.seed, removed=np.zeros(0, np.int64), added=played)
    events = new_bars_alone(seam, whole) if request.alone else whole
    name = continued_name(seed, number, random_seed=request.random_seed, alone=request.alone)
    record = record_of("compose", seed, embedder, {**_settings(request), "variation": number})
    written = cut_again(whole, seed, more_bars=request.bars)
    record["written_bars"] = _nearest_seed_bars(seed, embedder.embed_bars(written))
    return Output(name, events, {**record, "take": continuation.take.record(), "seam": seam.record()})


def _found_by(output: Output, like: Fragment) -> Output:
    """The same output, whose record says by which fragment its seed was found."""
    warnings = [*output.record["warnings"], *like.warnings()]
    return replace(output, record={**output.record, "like": like.record(), "warnings": warnings})


def _settings(request: ComposeRequest) -> dict[str, Any]:
    """All that was asked for about the new bars, as records have it; what was not asked for is left out but where
    records always had it."""
    always = ("bars", "form", "takes", "temperature", "top_p", "random_seed", "alone", "seam")
    asked = request.model_dump(mode="json", exclude_defaults=True, include=GUIDING)
    return {**{name: getattr(request, name) for name in always}, **asked}


def _nearest_seed_bars(seed: Seed, vectors: NDArray[np.float32]) -> list[dict[str, Any]]:
    """For each bar after the seed's last: its number in the whole, the seed's nearest bar, and how far that is."""
    old, new = vectors[: seed.barred.bars], vectors[seed.barred.bars :]
    return [
        {"bar": bar, "nearest_seed_bar": int(nearest) + 1, "distance": round(float(distance), 3)}
        for bar, nearest, distance in zip(range(len(old) + 1, len(vectors) + 1), *nearest_bars(new, old), strict=True)
    ]
