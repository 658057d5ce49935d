"""How every verb that writes music ends, whoever asks for it.

Each output is told where its bars come from. Where a limit on copying is set, what shares more with the training data
is written again from another random seed, which then stands in its name and record. What is the seed over again, with
no note that is new, is left out, and where all are, that is an error. Where new notes are to be played as people play,
they are then; only how they are played changes, and the proof is made again. Where a plain layout is asked for, that
comes last, and the bars of a performance behind it: proof and provenance speak of the seed as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import NothingNewError
from symbolic_embed.originality.redrawing import with_origins
from symbolic_embed.outputs.barlines import beat_times, with_barlines
from symbolic_embed.outputs.normalising import normalised_output
from symbolic_embed.outputs.reread import is_as_before
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import BlendRequest, FillRequest, HumanisedRequest, VaryRequest, WritingRequest
from symbolic_embed.verbs.humanising import new_notes_humanised

AnyRequest = TypeVar("AnyRequest", bound=WritingRequest)


def finished(
    write: Callable[[AnyRequest], list[Output]], seed: Seed, embedder: Embedder, request: AnyRequest
) -> list[Output]:
    """What `write` makes of a request, with its provenance, within the request's limit on copying, and normalised if
    that is asked for. `write` is called again, with another random seed, for what is beyond the limit. Raises
    UsageError where there is no fingerprint to hold the limit against."""
    outputs = with_origins(
        lambda random_seed: write(request.model_copy(update={"random_seed": random_seed})),
        seed,
        embedder,
        most=request.max_copied,
        random_seed=request.random_seed,
    )
    if not _may_be_the_seed(request):
        outputs = [output for output in outputs if not is_as_before(output, seed)]
        if not outputs:
            raise NothingNewError(seed.path, way_out(request))
    if isinstance(request, HumanisedRequest) and request.humanise:
        outputs = [new_notes_humanised(output, seed, amount=request.humanise) for output in outputs]
    beats = [beat_times(output, seed) for output in outputs] if request.barlines else []
    if request.normalise:
        outputs = [normalised_output(output, seed) for output in outputs]
    return [with_barlines(output, found) for output, found in zip(outputs, beats, strict=True)] if beats else outputs


def way_out(request: WritingRequest) -> str:
    """What may bring something new where nothing was."""
    if isinstance(request, VaryRequest):
        return "a larger `change` or `strength` goes further"
    if isinstance(request, FillRequest):
        return "a higher `temperature` or another `random_seed` may find more"
    return "another `random_seed` may find more"


def _may_be_the_seed(request: WritingRequest) -> bool:
    """Whether a result that is the seed again is one: of a variation of nothing, and on the way from a piece to one
    that is like it."""
    return (isinstance(request, VaryRequest) and request.is_still) or isinstance(request, BlendRequest)
