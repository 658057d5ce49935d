"""What a composer asks for, each as one function: from a seed to outputs, ready to be saved. (`variants.py` has the
one that varies, `between.py` the one that asks for two seeds.)

Each output's record says how it was made: settings, seed, checkpoint, and for every written bar or cell the numbers
that show how near or far it is. The same seed file, settings and checkpoint give the same outputs, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.composing.accompanying import accompany_piece, new_track, roles_of
from symbolic_embed.composing.band import WrittenNotes
from symbolic_embed.composing.borrowing import borrow, gathered
from symbolic_embed.composing.continuing import continue_piece
from symbolic_embed.composing.expressing import expressed, expressed_beside
from symbolic_embed.composing.files import Output, Seed, new_bars_alone, with_notes, with_parts
from symbolic_embed.composing.naming import accompanied_name, continued_name, record_of
from symbolic_embed.composing.nearness import nearest_bars
from symbolic_embed.composing.proof import asked_after, asked_new_parts, proved
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.score.editing.in_place import release_pedals


def compose(
    seed: Seed,
    trained: TrainedComposer,
    *,
    bars: int = 8,
    form: str | None = None,
    variations: int = 1,
    temperature: float = 0.9,
    top_p: float = 0.95,
    random_seed: int = 0,
    alone: bool = False,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> list[Output]:
    """`variations` continuations of a seed by `bars` bars, in its own tracks, tempo and metre; `alone` leaves out the
    seed itself."""
    settings = {"bars": bars, "form": form, "temperature": temperature, "top_p": top_p}
    settings |= {"random_seed": random_seed, "alone": alone}
    continuations = continue_piece(
        trained,
        seed.barred,
        bars=bars,
        form=form,
        variations=variations,
        temperature=temperature,
        top_p=top_p,
        seed=random_seed,
        progress=progress,
    )
    return [
        _composed(seed, trained.embedder, notes, settings={**settings, "variation": number}, alone=alone)
        for number, notes in enumerate(continuations, start=1)
    ]


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


def _composed(seed: Seed, embedder: Embedder, notes: WrittenNotes, *, settings: dict[str, Any], alone: bool) -> Output:
    played = expressed(notes, seed.barred)
    seam = int(seed.barred.grid.tick_of(seed.barred.grid.bar_steps[-1:])[0])
    dry = replace(seed, events=release_pedals(seed.events, seam))
    whole = with_notes(dry, removed=np.zeros(0, np.int64), added=played)
    events = new_bars_alone(seed, played) if alone else whole
    name = continued_name(seed, settings["variation"], random_seed=settings["random_seed"], alone=alone)
    record = record_of("compose", seed, embedder, settings)
    record["written_bars"] = _nearest_seed_bars(seed, embedder, embedder.embed_bars(cut(whole.score())))
    output = Output(name, events, record)
    return output if alone else proved(output, seed, asked=asked_after(seed))


def _nearest_seed_bars(seed: Seed, embedder: Embedder, vectors: np.ndarray) -> list[dict[str, Any]]:
    """For each bar after the seed's last: its number in the whole, the seed's nearest bar, and how far that is."""
    old, new = vectors[: seed.barred.bars], vectors[seed.barred.bars :]
    return [
        {"bar": bar, "nearest_seed_bar": int(nearest) + 1, "distance": round(float(distance), 3)}
        for bar, nearest, distance in zip(range(len(old) + 1, len(vectors) + 1), *nearest_bars(new, old), strict=True)
    ]
