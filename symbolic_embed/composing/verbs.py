"""What a composer asks for, each as one function: from a seed to outputs, ready to be saved. (`between.py` has the one
that asks for two seeds.)

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
from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.naming import accompanied_name, continued_name, record_of, varied_name
from symbolic_embed.composing.proof import asked_after, asked_cells, asked_new_parts, proved
from symbolic_embed.composing.retrieving import OwnCells
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.composing.varying import Variation, vary_piece
from symbolic_embed.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.score.editing import release_pedals

CHANGE = 0.3  # the share of notes that a variation changes where nothing was said
REDRAWS = 8  # tries for a variation that is not the same as an earlier one


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


def vary(
    seed: Seed,
    embedder: Embedder,
    *,
    strength: float | None = None,
    change: float | None = None,
    count: int = 1,
    random_seed: int = 0,
    tracks: frozenset[int] | None = None,
    bars: frozenset[int] | None = None,
    keep: Iterable[str] = (),
    library: OwnCells | None = None,
    source: OwnCells | None = None,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> list[Output]:
    """`count` different variations of a seed, by `strength` or by `change`, both from 0 (the seed) to 1 (`varying.py`
    says what they are); without either by a change of CHANGE. `tracks` and `bars` (both from 0) say what may change,
    None means all; `keep` what of it stays: melody, chords, rhythm. Strength is a quantile of the distances in the
    user's own `library`, for the roles of which it has enough; cells of `source` are written, not decoded ones. Raises
    UsageError where both dials are given, `change` with `source`, or where nothing may change.
    """
    settings = variation_settings(
        strength=strength, change=change, random_seed=random_seed, keep=keep, tracks=tracks, bars=bars
    )
    if strength is None and source is not None:
        raise UsageError("--from takes cells at a distance: say with --strength how far")
    outputs: list[Output] = []
    change, locks = settings["change"], Locks.of(keep)
    quantiles = library.quantiles() if library else None
    settings |= {"own_scale": sorted(quantiles or {}), "own_cells": source is not None}
    for number in progress(range(1, count + 1)):
        for redraw in range(REDRAWS):
            drawn = int(np.random.SeedSequence([random_seed, number, redraw]).generate_state(1)[0])
            found = vary_piece(
                embedder,
                seed.barred,
                strength=strength,
                change=change,
                seed=drawn,
                tracks=tracks,
                bars=bars,
                locks=locks,
                quantiles=quantiles,
                own=source,
            )
            if (strength or change) and not len(found.asked):
                raise UsageError("nothing of what was chosen may change: only rests, or all of it is kept; choose more")
            output = _varied(seed, embedder, found, settings={**settings, "variation": number})
            if not (strength or change) or all(output.events != other.events for other in outputs):
                break
        outputs.append(output)
    asked = asked_cells(seed, tracks=tracks, bars=bars)
    return [proved(output, seed, asked=asked) for output in outputs]


def variation_settings(
    *,
    strength: float | None,
    change: float | None,
    random_seed: int,
    keep: Iterable[str],
    tracks: frozenset[int] | None,
    bars: frozenset[int] | None,
) -> dict[str, Any]:
    """What the record of a variation says was asked for. Raises UsageError for both dials, or an unknown lock."""
    if strength is not None and change is not None:
        raise UsageError("--strength and --change are two dials for one thing; leave one out")
    if strength is None and change is None:
        change = CHANGE
    settings = {"strength": strength, "change": change, "random_seed": random_seed, "keep": Locks.of(keep).names()}
    settings["tracks"] = sorted(tracks) if tracks is not None else None
    settings["bars"] = [bar + 1 for bar in sorted(bars)] if bars is not None else None
    return settings


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


def _varied(seed: Seed, embedder: Embedder, change: Variation, *, settings: dict[str, Any]) -> Output:
    events = with_notes(seed, removed=change.removed, added=expressed(change.added, seed.barred))
    by_notes = settings["strength"] is None
    strength, notes, distance = (
        float(column.mean()) if len(column) else 0.0
        for column in (change.strengths, change.measured if by_notes else np.zeros(0), change.distances)
    )
    dial = notes if by_notes else strength
    name = varied_name(seed, settings["variation"], random_seed=settings["random_seed"], dial=f"{dial:.2f}")
    record = record_of("vary", seed, embedder, settings)
    record |= {"measured_strength": round(strength, 4), "measured_distance": round(distance, 4)}
    if by_notes:
        record["measured_change"] = round(notes, 4)
    record["directions_redrawn"] = change.redrawn
    record["no_choice"] = [
        f"track {number} {seed.barred.score.tracks[number].name}".rstrip() for number in change.no_choice
    ]
    columns = (change.track, change.bar + 1, change.asked, change.measured)
    record["cells"] = [
        {"track": int(track), "bar": int(bar), "asked": round(float(asked), 3), "measured": round(float(found), 3)}
        for track, bar, asked, found in zip(*columns, strict=True)
    ]
    for cell, origin in zip(record["cells"], change.origins, strict=False):
        cell["from"] = origin and {"path": origin.path, "track": origin.track, "bar": origin.bar + 1,
                                   "transposed": origin.semitones}  # fmt: skip
    return Output(name, events, record)


def _nearest_seed_bars(seed: Seed, embedder: Embedder, vectors: np.ndarray) -> list[dict[str, Any]]:
    """For each bar after the seed's last: its number in the whole, the seed's nearest bar, and how far that is."""
    old, new = vectors[: seed.barred.bars], vectors[seed.barred.bars :]
    distances = np.linalg.norm(new[:, None] - old, axis=2) if len(new) else np.zeros((0, 1))
    nearest = distances.argmin(axis=1)
    return [
        {"bar": len(old) + number + 1, "nearest_seed_bar": int(bar) + 1, "distance": round(float(row[bar]), 3)}
        for number, (bar, row) in enumerate(zip(nearest, distances, strict=True))
    ]
