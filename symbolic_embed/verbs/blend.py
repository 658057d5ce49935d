"""From two seeds to the pieces between them, ready to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from symbolic_embed.composing.interpolation import Blend, Interpolation
from symbolic_embed.composing.pairing import paired_parts, transposition
from symbolic_embed.composing.scope import Scope
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.outputs.expression import expressed, expressed_as_in
from symbolic_embed.outputs.names import blended_name, interpolation_share, record_of
from symbolic_embed.outputs.new_notes import with_notes, with_parts
from symbolic_embed.outputs.proof import asked_cells, asked_new_parts, proved
from symbolic_embed.outputs.reread import cells_again, cut_again
from symbolic_embed.outputs.seam import at_the_seam, bars_behind, from_the_seam
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import BlendRequest
from symbolic_embed.score import Notes
from symbolic_embed.score.editing.transforming import at_tempo_times, transposed
from symbolic_embed.score.reading.timebase import TEMPO_120
from symbolic_embed.verbs.finishing import finished
from symbolic_embed.verbs.scope import recorded, scope_of


def blend(
    first: Seed,
    second: Seed,
    embedder: Embedder,
    request: BlendRequest,
    *,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Output]:
    """Pieces between two seeds, by interpolation, in the first one's tracks, finished as all outputs are. Tempo and key
    move by even steps, and with the last one arrive, where that is asked for. `progress` wraps the steps of the search,
    as often as something is drawn. Raises UsageError for tracks and bars that the first seed does not have."""
    first = first.as_said(request)
    scope = scope_of(first, request)

    def write(drawn: BlendRequest) -> list[Output]:
        shares = [interpolation_share(number, steps=drawn.steps) for number in range(1, drawn.steps + 1)]
        interpolation = Interpolation(embedder, first.barred, second.barred, scope=scope, random_seed=drawn.random_seed)
        blends = interpolation.at(shares, progress=progress)
        settings = _settings(drawn, scope)
        outputs = [
            _blended(first, second, interpolation, change, settings={**settings, "step": number})
            for number, change in enumerate(blends, start=1)
        ]
        return [_moved(output, first, second, drawn) for output in outputs]

    return finished(write, first, embedder, request)


def _settings(request: BlendRequest, scope: Scope) -> dict[str, Any]:
    chosen = recorded(scope)
    return {
        "steps": request.steps,
        "seam": request.seam,
        "random_seed": request.random_seed,
        "keep": chosen["keep"],
        "tracks": chosen["tracks"],
        "to_tempo": request.to_tempo,
        "to_key": request.to_key,
        "bars": chosen["bars"],
        **({"own_bars": chosen["own_bars"]} if "own_bars" in chosen else {}),
    }


def _moved(output: Output, first: Seed, second: Seed, request: BlendRequest) -> Output:
    """The same output in another key and at another tempo, as far as its share of the interpolation."""
    number = output.record["settings"]["step"]
    shift = transposition(first.barred, second.barred)
    semitones = round(-shift * number / request.steps) if request.to_key else 0
    factor = _tempo_ratio(first, second) ** (number / request.steps) if request.to_tempo else 1.0
    then = {"transposed": semitones, "tempo_times": round(factor, 4)}
    events = at_tempo_times(transposed(output.events, semitones), factor)
    return replace(output, events=events, record={**output.record, "then": then})


def _blended(
    first: Seed, second: Seed, interpolation: Interpolation, change: Blend, *, settings: dict[str, Any]
) -> Output:
    pairs = paired_parts(first.barred, second.barred)
    own = len(first.barred.score.tracks)
    new = {number: b for number, (a, b) in enumerate(pairs) if a is None and b is not None}
    mine = from_the_seam(expressed(change.added.where(change.added.track < own), first.barred), first.barred)
    seam = at_the_seam(first, bars=bars_behind(change.added.onset_steps, first.barred), mode=settings["seam"])
    events = with_notes(seam.seed, removed=change.removed, added=mine)
    theirs = change.added.where(change.added.track >= own)
    played = expressed_as_in(theirs, first.barred, second.barred, tracks=new)
    tracks = [replace(second.barred.score.tracks[b], notes=Notes.none()) for b in new.values()]
    events = with_parts(replace(first, events=events), tracks, added=played)
    name = blended_name(first, second, settings["step"], steps=settings["steps"], random_seed=settings["random_seed"])
    rows, cells = interpolation.in_both()
    measured = interpolation.share_at(rows, cells_again(cells, first, cut_again(events, first)))
    record = record_of("blend", first, interpolation.embedder, settings)
    record["target"] = {"path": second.path, "sha256": second.sha256, "bars": second.barred.bars}
    record["target_transposed"] = transposition(first.barred, second.barred)
    record["parts"] = [
        {"seed": a, "target": b, "became": became} for (a, b), became in zip(pairs, interpolation.fates(), strict=True)
    ]
    record["seam"] = seam.record()
    record |= {"asked_share": round(change.asked, 4), "measured_share": round(measured, 4)}
    asked = [*asked_cells(first), *seam.asked, *asked_new_parts(first, events)]
    return proved(Output(name, events, record), first, asked=asked, moved=seam.moved)


def _tempo_ratio(first: Seed, second: Seed) -> float:
    """How many times as fast the second begins."""
    ours, theirs = (_first_quarter(seed) for seed in (first, second))
    return ours / theirs


def _first_quarter(seed: Seed) -> int:
    """How long a quarter lasts, in microseconds, where the first note begins."""
    score = seed.barred.score
    begins = min(int(track.notes.onset_ticks.min()) for track in score.tracks)
    return next((tempo.microseconds for tempo in reversed(score.tempi) if tempo.tick <= begins), TEMPO_120)
