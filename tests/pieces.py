"""Small pieces of music, each unlike the others, and folders of them, for tests of corpora and of training."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import PreparedCorpus, prepare
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.score.writing.verified import write

QUARTER = 480


def melody(seed: int, *, bars: int = 6) -> Track:
    """A line in eighths and quarters that wanders up and down."""
    random = np.random.default_rng([1, seed])
    onsets = np.concatenate([4 * bar + np.sort(random.choice(8, 6, replace=False)) / 2 for bar in range(bars)])
    pitches = 66 + np.clip(np.cumsum(random.integers(-4, 5, len(onsets))), -20, 20)
    return _part(onsets, np.full(len(onsets), 0.5), pitches)


def chords(seed: int, *, bars: int = 6) -> Track:
    """A triad on every half bar."""
    random = np.random.default_rng([2, seed])
    roots = np.repeat(random.integers(45, 60, 2 * bars), 3)
    onsets = np.repeat(2 * np.arange(2 * bars), 3)
    return _part(onsets, np.full(len(onsets), 2), roots + np.tile([0, 4, 7], 2 * bars))


def bass(seed: int, *, bars: int = 6) -> Track:
    random = np.random.default_rng([3, seed])
    onsets = np.arange(4 * bars)
    return _part(onsets, np.full(len(onsets), 1), random.integers(30, 44, len(onsets)), program=33)


def drums(seed: int, *, bars: int = 6) -> Track:
    random = np.random.default_rng([4, seed])
    onsets = np.concatenate([4 * bar + np.sort(random.choice(16, 7, replace=False)) / 4 for bar in range(bars)])
    return _part(onsets, np.full(len(onsets), 0.1), random.choice([36, 38, 42], len(onsets)), channel=9)


def piece(seed: int, *, bars: int = 6, parts: Sequence = (melody, chords, bass, drums)) -> Score:
    """A piece for a band, in 4/4, that no other seed gives."""
    return Score(QUARTER, tuple(part(seed, bars=bars) for part in parts))


def transposed(score: Score, semitones: int) -> Score:
    """All parts but drums moved."""
    return replace(
        score,
        tracks=tuple(
            track
            if track.is_drum
            else replace(track, notes=with_pitches(track.notes, track.notes.pitch.astype(int) + semitones))
            for track in score.tracks
        ),
    )


def with_pitches(notes: Notes, pitches: np.ndarray) -> Notes:
    return Notes.of(notes.onset_ticks, notes.duration_ticks, pitches, notes.velocity)


def folder_of(folder: Path, scores: Mapping[str, Score], *, meta: Mapping[str, Mapping] | None = None) -> Path:
    """A folder with a MIDI file for each score and, where `meta` is given, a meta.jsonl with a line for each name."""
    for name, score in scores.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(score, folder / name)
    if meta is not None:
        lines = [json.dumps({"path": name, **fields}) for name, fields in meta.items()]
        (folder / "meta.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def twice(score: Score, *, bars: int) -> Score:
    """The first bars of a piece in 4/4, and all of them again."""
    end = 4 * QUARTER * bars
    tracks = []
    for track in score.tracks:
        first = track.notes.where(track.notes.onset_ticks < end)
        again = Notes.of(first.onset_ticks + end, first.duration_ticks, first.pitch, first.velocity)
        tracks.append(replace(track, notes=Notes.concatenated([first, again])))
    return replace(score, tracks=tuple(tracks))


def band_corpus(folder: Path, *, count: int = 5, bars: int = 6, returning: bool = False) -> PreparedCorpus:
    """A prepared corpus of small pieces for a band, in two sets; the last piece but one is for validation, the last for
    tests. In pieces that are `returning`, the second half is the first again."""
    splits = ["train"] * (count - 2) + ["valid", "test"]
    for name, members in (("odd", range(1, count, 2)), ("even", range(0, count, 2))):
        scores = {f"{seed}.mid": piece(seed, bars=bars) for seed in members}
        if returning:
            scores = {name: twice(score, bars=bars // 2) for name, score in scores.items()}
        meta = {f"{seed}.mid": {"split": splits[seed], "cluster": f"c{seed}"} for seed in members}
        folder_of(folder / "music" / name, scores, meta=meta)
    return prepare(load_collection([folder / "music"]), cache=folder / "cache")


def _part(onsets: np.ndarray, lengths: np.ndarray, pitches: np.ndarray, **fields: int) -> Track:
    ticks = [np.round(np.asarray(values) * QUARTER).astype(int) for values in (onsets, lengths)]
    return Track(Notes.of(*ticks, pitches, np.full(len(onsets), 90)), **fields)
