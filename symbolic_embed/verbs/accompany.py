"""From a seed to new parts beside its own, ready to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.composing.accompanying import accompany_piece, new_track, roles_of
from symbolic_embed.composing.borrowing import borrow, gathered
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.outputs.expression import expressed_beside
from symbolic_embed.outputs.names import accompanied_name, record_of
from symbolic_embed.outputs.proof import asked_new_parts, proved
from symbolic_embed.outputs.seed_file import Output, Seed, with_parts
from symbolic_embed.outputs.written_notes import WrittenNotes


def accompany(
    seed: Seed,
    trained: TrainedComposer,
    *,
    parts: Iterable[str] | None = None,
    variations: int = 1,
    temperature: float = 0.9,
    top_p: float = 0.95,
    random_seed: int = 0,
    lenders: Iterable[tuple[str, BarredScore]] | None = None,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> list[Output]:
    """The seed with new parts beside its own: "chords", "bass", "drums", "melody"; by default those it lacks. What is
    there stays. The parts are decoded, or borrowed from pieces (path, piece) of `lenders`. Raises UsageError for an
    unknown part, or one that no lender has."""
    roles = roles_of(parts, seed.barred)
    settings: dict[str, Any] = {"parts": roles, "random_seed": random_seed, "borrowed": lenders is not None}
    if lenders is not None:
        loans = gathered(trained.embedder, lenders, seed=seed.barred, roles=roles)
        outputs = []
        for number in progress(range(1, variations + 1)):
            drawn = int(np.random.SeedSequence([random_seed, number]).generate_state(1)[0])
            notes, origins = borrow(trained.embedder, seed.barred, loans, roles=roles, seed=drawn)
            output = _accompanied(seed, trained.embedder, notes, roles, settings={**settings, "variation": number})
            taken = {
                role: [{"path": path, "bar": bar + 1} for path, bar in of_role] for role, of_role in origins.items()
            }
            outputs.append(replace(output, record={**output.record, "borrowed_from": taken}))
        return outputs
    accompaniments = accompany_piece(
        trained,
        seed.barred,
        roles=roles,
        variations=variations,
        temperature=temperature,
        top_p=top_p,
        seed=random_seed,
        progress=progress,
    )
    settings |= {"temperature": temperature, "top_p": top_p}
    return [
        _accompanied(seed, trained.embedder, notes, roles, settings={**settings, "variation": number})
        for number, notes in enumerate(accompaniments, start=1)
    ]


def _accompanied(
    seed: Seed, embedder: Embedder, notes: WrittenNotes, roles: list[str], *, settings: dict[str, Any]
) -> Output:
    of_track = dict(enumerate(roles, start=len(seed.barred.score.tracks)))
    played = expressed_beside(notes, seed.barred, roles=of_track)
    events = with_parts(seed, [new_track(role) for role in roles], added=played)
    name = accompanied_name(seed, settings["variation"], random_seed=settings["random_seed"])
    record = record_of("accompany", seed, embedder, settings)
    record["new_parts"] = [
        {"name": new_track(role).name, "role": role, "notes": int((notes.track == track).sum())}
        for track, role in of_track.items()
    ]
    return proved(Output(name, events, record), seed, asked=asked_new_parts(seed, events))
