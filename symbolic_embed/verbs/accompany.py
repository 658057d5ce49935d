"""From a seed to new parts beside its own, ready to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symbolic_embed.composing.accompanying import Accompaniment, accompany_piece, new_track, roles_of
from symbolic_embed.composing.borrowing import Loans, borrow, gathered
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.library.building import Pieces
from symbolic_embed.outputs.expression import expressed_beside
from symbolic_embed.outputs.names import NOT_WRITTEN, accompanied_name, record_of
from symbolic_embed.outputs.new_notes import with_parts
from symbolic_embed.outputs.proof import asked_new_parts, proved
from symbolic_embed.outputs.reread import read_again
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import EventList
from symbolic_embed.verbs.drawing import REDRAWS, drawn_again
from symbolic_embed.verbs.finishing import finished

NOT_BORROWED = {
    "max_copied": "what is borrowed is a copy of your own music",
    "takes": "what is borrowed is not drawn note by note",
}


def accompany(
    seed: Seed,
    trained: TrainedComposer,
    request: AccompanyRequest,
    *,
    lenders: Pieces | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Output]:
    """The seed with new parts beside its own, finished as all outputs are; what is there stays. The parts are decoded,
    or borrowed from the pieces of `lenders`, (path, piece) or a store. `progress` wraps the iteration over the seed's
    windows, or over the variations where parts are borrowed. A part that is a rest in every draw is named in the
    record ("not_written"). Raises NothingNewError where all are, UsageError for a part that no lender has, or where
    what is borrowed is to keep a limit on copying, or is asked for in takes."""
    seed = seed.as_said(request)
    roles = roles_of(request.parts, seed.barred)
    if lenders is None:
        return finished(
            lambda drawn: _decoded(seed, trained, drawn, roles, progress=progress), seed, trained.embedder, request
        )
    for field, reason in NOT_BORROWED.items():
        if getattr(request, field) is not None:
            raise UsageError(f"`{field}` with `source`: {reason}; leave one out", field=field)
    loans = gathered(trained.embedder, lenders, seed=seed.barred, roles=roles)
    return finished(
        lambda drawn: _borrowed(seed, trained.embedder, drawn, loans, progress=progress),
        seed,
        trained.embedder,
        request,
    )


def _decoded(
    seed: Seed,
    trained: TrainedComposer,
    request: AccompanyRequest,
    roles: Sequence[str],
    *,
    progress: Callable[[Sequence[int]], Iterable[int]],
) -> list[Output]:
    settings = _settings(request, roles, borrowed=False)
    settings |= {"temperature": request.temperature, "top_p": request.top_p, "takes": request.takes}
    random = np.random.default_rng(request.random_seed)

    def draw() -> list[Output]:
        accompaniments = accompany_piece(trained, seed.barred, request, roles=roles, random=random, progress=progress)
        return [
            _taken(_output(seed, trained.embedder, made.notes, roles, settings={**settings, "variation": number}), made)
            for number, made in enumerate(accompaniments, start=1)
        ]

    return drawn_again(draw, lacking=_rests, redraws=REDRAWS if request.temperature else 0)


def _taken(output: Output, accompaniment: Accompaniment) -> Output:
    """The same output, whose record says which of the takes it is."""
    return replace(output, record={**output.record, "take": accompaniment.take.record()})


def _borrowed(
    seed: Seed,
    embedder: Embedder,
    request: AccompanyRequest,
    loans: dict[str, Loans],
    *,
    progress: Callable[[Sequence[int]], Iterable[int]],
) -> list[Output]:
    roles = list(loans)
    settings = _settings(request, roles, borrowed=True)
    draws = iter(range(REDRAWS + 1))

    def draw() -> list[Output]:
        again, outputs = next(draws), []
        for number in progress(range(1, request.variations + 1)):
            key = [request.random_seed, number, again][: 2 + (again > 0)]
            drawn = int(np.random.SeedSequence(key).generate_state(1)[0])
            notes, origins = borrow(embedder, seed.barred, loans, roles=roles, seed=drawn)
            output = _output(seed, embedder, notes, roles, settings={**settings, "variation": number})
            taken = {role: [{"path": path, "bar": bar + 1} for path, bar in of] for role, of in origins.items()}
            outputs.append(replace(output, record={**output.record, "borrowed_from": taken}))
        return outputs

    return drawn_again(draw, lacking=_rests)


def _rests(output: Output) -> int:
    """How many of the parts that were asked for have no note."""
    return len(output.record.get(NOT_WRITTEN, ()))


def _settings(request: AccompanyRequest, roles: Sequence[str], *, borrowed: bool) -> dict[str, Any]:
    return {"parts": list(roles), "random_seed": request.random_seed, "borrowed": borrowed}


def _output(
    seed: Seed, embedder: Embedder, notes: WrittenNotes, roles: Sequence[str], *, settings: dict[str, Any]
) -> Output:
    of_track = dict(enumerate(roles, start=len(seed.barred.score.tracks)))
    played = expressed_beside(notes, seed.barred, roles=of_track)
    events = with_parts(seed, [new_track(role) for role in roles], added=played)
    name = accompanied_name(seed, settings["variation"], random_seed=settings["random_seed"])
    record = record_of("accompany", seed, embedder, settings)
    record |= _new_parts(seed, events, notes, of_track)
    return proved(Output(name, events, record), seed, asked=asked_new_parts(seed, events))


def _new_parts(seed: Seed, events: EventList, notes: WrittenNotes, of_track: Mapping[int, str]) -> dict[str, Any]:
    """What the record says of the new parts, as they are in the file: those with notes, and the names of the others.
    Parts that were written have a chunk each, in order."""
    found = {track.chunk: len(track.notes) for track in read_again(events, seed).tracks}
    chunks = iter(range(len(seed.events.chunks), len(events.chunks)))
    parts, rests = [], []
    for track, role in of_track.items():
        name, count = new_track(role).name, 0
        if (notes.track == track).any():
            count = found.get(next(chunks), 0)
        if count:
            parts.append({"name": name, "role": role, "notes": count})
        else:
            rests.append(name)
    return {"new_parts": parts} | ({NOT_WRITTEN: rests} if rests else {})
