"""Passages of pieces of a split, for benchmarks of composing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import InputError
from symbolic_embed.score import Notes, Score, TimeSignature, read


def passages(
    music: Path, *, split: str, count: int, bars: int, tracks: int = 1, seed: int = 0
) -> Iterator[BarredScore]:
    """`count` passages of `bars` whole bars, each of one metre and with notes in at least `tracks` tracks throughout,
    from different pieces of the data sets under `music`, set by set in turn."""
    random = np.random.default_rng(seed)
    waiting = [list(random.permutation(paths)) for paths in paths_by_set(music, split=split) if paths]
    found = 0
    while found < count and any(waiting):
        for paths in waiting:
            passage = _passage(Path(paths.pop()), bars=bars, tracks=tracks, random=random) if paths else None
            if passage is not None and found < count:
                found += 1
                yield passage


def paths_by_set(music: Path, *, split: str) -> list[list[str]]:
    """The files of a split, data set by data set."""
    sets = []
    for listing in sorted(music.glob("*/meta.jsonl")):
        lines = map(json.loads, listing.read_text().splitlines())
        sets.append([str(listing.parent / line["path"]) for line in lines if line["split"] == split])
    return sets


def _passage(path: Path, *, bars: int, tracks: int, random: np.random.Generator) -> BarredScore | None:
    try:
        barred = cut(read(path))
    except InputError:
        return None
    ticks = barred.metre.barline_ticks
    starts = random.permutation(max(len(ticks) - 1 - bars, 0))[:20]
    for start in map(int, starts):
        signatures = {str(barred.metre.signatures[bar]) for bar in range(start, start + bars)}
        passage = between(barred.score, int(ticks[start]), int(ticks[start + bars]), barred.metre.signatures[start])
        if len(signatures) == 1 and len(passage.tracks) >= tracks and passage.note_count >= bars:
            return cut(passage)
    return None


def between(score: Score, begin: int, end: int, signature: TimeSignature) -> Score:
    """The notes that begin between two ticks, from tick 0, in the metre and tempo of the beginning."""
    kept = []
    for track in score.tracks:
        notes = track.notes.where((track.notes.onset_ticks >= begin) & (track.notes.onset_ticks < end))
        if len(notes):
            lasting = np.minimum(notes.duration_ticks, end - notes.onset_ticks)
            moved = Notes.of(notes.onset_ticks - begin, lasting, notes.pitch, notes.velocity)
            kept.append(replace(track, notes=moved))
    tempi = [tempo for tempo in score.tempi if tempo.tick <= begin][-1:]
    return Score(
        score.division, tuple(kept), tuple(replace(tempo, tick=0) for tempo in tempi), (replace(signature, tick=0),)
    )
