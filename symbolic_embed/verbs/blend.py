"""From two seeds to the pieces between them, ready to be saved; `verbs.py` has what is made from one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from symbolic_embed.composing.blending import Blend, blend_pieces, paired_parts, transposition
from symbolic_embed.composing.locks import Locks
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.outputs.expression import expressed, expressed_as_in
from symbolic_embed.outputs.names import blended_name, record_of, share_of_way
from symbolic_embed.outputs.proof import asked_after, asked_cells, asked_new_parts, proved
from symbolic_embed.outputs.seed_file import Output, Seed, with_notes, with_parts
from symbolic_embed.score import Notes
from symbolic_embed.score.editing.transforming import at_tempo_times, transposed
from symbolic_embed.score.reading.timebase import TEMPO_120


def blend(
    first: Seed,
    second: Seed,
    embedder: Embedder,
    *,
    steps: int = 3,
    random_seed: int = 0,
    tracks: frozenset[int] | None = None,
    bars: frozenset[int] | None = None,
    keep: Iterable[str] = (),
    to_tempo: bool = False,
    to_key: bool = False,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Output]:
    """`steps` pieces on the way from one seed to another, in the first one's tracks; `tracks` and `bars` of the first
    (both from 0) say what may change, None means all; `keep` what of it stays: melody, chords, rhythm. `to_tempo` and
    `to_key` move by even steps, and with the last one arrive, at the second one's tempo and key."""
    locks = Locks.of(keep)
    shares = [share_of_way(number, steps=steps) for number in range(1, steps + 1)]
    settings: dict[str, Any] = {"steps": steps, "random_seed": random_seed, "keep": locks.names()}
    settings |= {"tracks": sorted(tracks) if tracks is not None else None, "to_tempo": to_tempo, "to_key": to_key}
    settings["bars"] = [bar + 1 for bar in sorted(bars)] if bars is not None else None
    blends = blend_pieces(
        embedder,
        first.barred,
        second.barred,
        shares=shares,
        seed=random_seed,
        tracks=tracks,
        bars=bars,
        locks=locks,
        progress=progress,
    )
    shift = transposition(first.barred, second.barred)
    outputs = []
    for number, change in enumerate(blends, start=1):
        output = _blended(first, second, embedder, change, settings={**settings, "step": number})
        semitones = round(-shift * number / steps) if to_key else 0
        factor = _tempo_ratio(first, second) ** (number / steps) if to_tempo else 1.0
        then = {"transposed": semitones, "tempo_times": round(factor, 4)}
        events = at_tempo_times(transposed(output.events, semitones), factor)
        outputs.append(replace(output, events=events, record={**output.record, "then": then}))
    return outputs


def _blended(first: Seed, second: Seed, embedder: Embedder, change: Blend, *, settings: dict[str, Any]) -> Output:
    pairs = paired_parts(first.barred, second.barred)
    own = len(first.barred.score.tracks)
    new = {number: b for number, (a, b) in enumerate(pairs) if a is None and b is not None}
    mine = expressed(change.added.where(change.added.track < own), first.barred)
    events = with_notes(first, removed=change.removed, added=mine)
    theirs = change.added.where(change.added.track >= own)
    played = expressed_as_in(theirs, first.barred, second.barred, tracks=new)
    tracks = [replace(second.barred.score.tracks[b], notes=Notes.none()) for b in new.values()]
    events = with_parts(replace(first, events=events), tracks, added=played)
    name = blended_name(first, second, settings["step"], steps=settings["steps"], random_seed=settings["random_seed"])
    record = record_of("blend", first, embedder, settings)
    record["target"] = {"path": second.path, "sha256": second.sha256, "bars": second.barred.bars}
    record["target_transposed"] = transposition(first.barred, second.barred)
    record["parts"] = [{"seed": a, "target": b} for a, b in pairs]
    record |= {"asked_share": round(change.asked, 4), "measured_share": round(change.measured, 4)}
    asked = asked_cells(first) + asked_after(first) + asked_new_parts(first, events)
    return proved(Output(name, events, record), first, asked=asked)


def _tempo_ratio(first: Seed, second: Seed) -> float:
    """How many times as fast the second begins."""
    ours, theirs = (_first_quarter(seed) for seed in (first, second))
    return ours / theirs


def _first_quarter(seed: Seed) -> int:
    """How long a quarter lasts, in microseconds, where the first note begins."""
    score = seed.barred.score
    begins = min(int(track.notes.onset_ticks.min()) for track in score.tracks)
    return next((tempo.microseconds for tempo in reversed(score.tempi) if tempo.tick <= begins), TEMPO_120)
