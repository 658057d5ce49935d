"""A band's bars and takes of what may follow them, as verbs make them, for tests of the page that shows takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import composers
import pieces

from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import Notes, Score
from symbolic_embed.score.writing.layout import score_to_events

BAR = 4 * composers.QUARTER
TAKE = {
    "number": 7,
    "of": 16,
    "rank": 1,
    "failures": ["out_of_key"],
    "checks": {
        "drone": {"measured": 3, "bound": 8},
        "out_of_key": {"measured": 0.81234, "bound": 0.93},
        "groove": {"measured": None, "bound": None},
    },
    "new_cells": 0.41,
    "why": "one failure; 3 of 5 parts return",
}


def seed_of(score: Score, *, path: str = "band.mid") -> Seed:
    return Seed.from_bytes(score_to_events(score).to_bytes(), path=path)


def band_score(*, bars: int = 2) -> Score:
    """A tune, chords, a bass and drums in 4/4."""
    score = pieces.piece(1, bars=bars)
    names = ("Tune", "Chords", "Bass", "Kit")
    return replace(score, tracks=tuple(replace(t, name=name) for t, name in zip(score.tracks, names, strict=True)))


def band(*, bars: int = 2) -> Seed:
    return seed_of(band_score(bars=bars))


def continued(seed: Seed, *, name: str = "band__next01__s0", **record: Any) -> Output:
    """The seed, and each part's first bar a semitone higher after it; drums as they are."""
    score = seed.barred.score
    end = int(seed.barred.metre.barline_ticks[-1])
    tracks = []
    for track in score.tracks:
        first = track.notes.where(track.notes.onset_ticks < BAR)
        pitch = first.pitch + (0 if track.is_drum else 1)
        added = Notes.of(first.onset_ticks + end, first.duration_ticks, pitch, first.velocity)
        tracks.append(replace(track, notes=Notes.concatenated([track.notes, added])))
    return output(replace(score, tracks=tuple(tracks), length_ticks=None), name=name, **record)


def output(score: Score, *, name: str = "band__next01__s0", **record: Any) -> Output:
    said: Mapping[str, Any] = {"command": "compose", "settings": {"bars": 1, "variation": 1, "alone": False}}
    return Output(name, score_to_events(score), {**said, "seed": {"path": "band.mid"}, **record})
