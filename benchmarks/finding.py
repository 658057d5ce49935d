"""Is the piece found that a fragment is from, and the place in it?

    python benchmarks/finding.py --music FOLDER [--split valid] [--pieces 200] [--fragments 100] [--bars 4 2]
                                 [--seed 0]

FOLDER holds data sets, each with a meta.jsonl. PIECES pieces of the split take part, drawn from the sets in turn, no
two of one cluster or group. From them fragments of a few bars are cut: of all parts, of one part of several (no drums),
of two out of four parts or more; as they are, moved by -6 to 5 semitones, and with 5 % of the notes a second or third
off as well.

Prints a row for each kind: how many of them found their piece first, and among the first five; in how many of these
pieces the bar was right (music repeats itself, so another may be), the transposition, the part (or all together); the
median distance of the right piece; how many of the right pieces are called the same music, and of how many fragments
any other piece is, as it would be were theirs absent; of the nearest other piece the second, the tenth and the fiftieth
percentile; and CPU seconds a fragment.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.library.building import build
from symbolic_embed.library.find import find
from symbolic_embed.library.laying import Place
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import FindRequest
from symbolic_embed.score import Notes, Score, TimeSignature, Track, read
from symbolic_embed.similarity.calibration import SAME_MUSIC

FEWEST_BARS = 8
WITHOUT_BARLINES = {"no-grid", "beats-estimated"}
MOVES = [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5]  # a fragment moved by -6 is moved back by 6
WRONG_NOTES = 0.05


@dataclass(frozen=True)
class Fragment:
    """Some bars of a piece: where they begin, which parts, by how much they were moved."""

    score: Score
    path: str
    bar: int
    tracks: tuple[int, ...]
    moved: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--pieces", type=int, default=200)
    parser.add_argument("--fragments", type=int, default=100)
    parser.add_argument("--bars", type=int, nargs="+", default=[4])
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    embedder = Embedder.load(given.checkpoint)
    pieces = chosen_pieces(given.music, split=given.split, count=given.pieces, random=random)
    store = MemoryStore(embedder.embedding_hash, frozenset({"bars", "cells"}))
    started = time.process_time()
    build(pieces.items(), embedder, store)
    print(f"{len(store)} pieces, {time.process_time() - started:.1f} CPU seconds to embed their bars and cells\n")
    print(
        "bars  parts  fragments                n  first   five    bar    key   part   right   same  absent  "
        "others: 2 %   10 %   50 %  CPU s"
    )
    for bars in given.bars:
        for parts in ("all", "one", "two"):
            fragments = list(cut_fragments(pieces, parts=parts, count=given.fragments, bars=bars, random=random))
            for name, altered in alterations(fragments, random=random).items():
                started = time.process_time()
                found = [find(cut(one.score), store, embedder, FindRequest()) for one in altered]
                seconds = (time.process_time() - started) / len(altered)
                print(f"{bars:>4}  {parts:<5}  {name:<20} {row(altered, found)}  {seconds:>5.2f}", flush=True)


def chosen_pieces(music: Path, *, split: str, count: int, random: np.random.Generator) -> dict[str, BarredScore]:
    """Pieces with barlines, drawn from the sets in turn until there are enough; no two of one cluster or group."""
    labels: set[str] = set()
    drawn: dict[str, BarredScore] = {}
    sets = [_drawn(meta, split=split, labels=labels, random=random) for meta in sorted(music.glob("*/meta.jsonl"))]
    while sets and len(drawn) < count:
        for of_set in list(sets):
            path, barred = next(of_set, ("", None))
            if barred is None:
                sets.remove(of_set)
            elif len(drawn) < count:
                drawn[path] = barred
    return {path: drawn[path] for path in sorted(drawn)}


def _drawn(
    meta: Path, *, split: str, labels: set[str], random: np.random.Generator
) -> Iterator[tuple[str, BarredScore]]:
    """The pieces of a set in an order drawn by chance, but for those whose labels were drawn before."""
    lines = [json.loads(line) for line in meta.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line["split"] == split]
    for number in random.permutation(len(lines)):
        line = lines[number]
        own = {line.get(key) or line["path"] for key in ("cluster", "group", "version_group", "harmony_group")}
        barred = None if own & labels else barred_score(meta.parent / line["path"])
        if barred is not None:
            labels |= own
            yield f"{meta.parent.name}/{line['path']}", barred


def barred_score(path: Path) -> BarredScore | None:
    """A piece long enough, with barlines of its own; else None."""
    try:
        score = read(path)
    except InputError:
        return None
    barred = cut(score)
    without_barlines = any(warning.kind in WITHOUT_BARLINES for warning in barred.score.warnings)
    return None if not score.note_count or barred.bars < FEWEST_BARS or without_barlines else barred


def cut_fragments(
    pieces: dict[str, BarredScore], *, parts: str, count: int, bars: int, random: np.random.Generator
) -> Iterator[Fragment]:
    """Fragments of pieces in an order drawn by chance, each piece once before any comes again."""
    names = list(pieces)
    numbers = np.concatenate([random.permutation(len(names)) for _ in range(-(-4 * count // len(names)))])
    for number in numbers:
        path, barred = names[number], pieces[names[number]]
        places = list(possible(barred, parts=parts, bars=bars, random=random))
        if places and count:
            bar, tracks = places[random.integers(len(places))]
            yield Fragment(bars_of(barred, bar, bar + bars, tracks), path, bar, tracks, 0)
            count -= 1


def possible(
    barred: BarredScore, *, parts: str, bars: int, random: np.random.Generator
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Bars and parts that a fragment may be of: one begins with a note, and is not mostly rests."""
    notes = np.zeros((len(barred.roles), barred.bars), np.int64)
    np.add.at(notes, (barred.notes.track, barred.note_bar), 1)
    for bar in range(barred.bars - bars + 1):
        here = notes[:, bar : bar + bars]
        playing = np.flatnonzero(here.any(axis=1))
        busy = np.flatnonzero((np.count_nonzero(here, axis=1) > bars / 2) & (here[:, 0] > 0))
        if parts == "all" and here.any(axis=0).all():
            yield bar, tuple(playing.tolist())
        if parts == "one" and len(barred.roles) > 1:
            tracks = [track for track in busy.tolist() if barred.roles[track] != "drums" and here[track].sum() >= 8]
            yield from ((bar, (track,)) for track in tracks)
        if parts == "two" and len(busy) >= 4:
            yield bar, tuple(sorted(random.choice(busy, 2, replace=False).tolist()))


def bars_of(barred: BarredScore, first: int, last: int, tracks: tuple[int, ...]) -> Score:
    """Some bars of some parts as a score of their own."""
    lines = barred.grid.tick_of(barred.grid.bar_steps)
    begin = int(lines[first])
    signatures = {
        (signature.numerator, signature.denominator): TimeSignature(
            int(lines[bar]) - begin, signature.numerator, signature.denominator
        )
        for bar, signature in reversed(list(enumerate(barred.metre.signatures[first:last], start=first)))
    }

    def part(number: int) -> Track:
        track, inside = barred.score.tracks[number], (barred.note_bar >= first) & (barred.note_bar < last)
        notes = track.notes.where(barred.notes.source[inside & (barred.notes.track == number)])
        onset = np.maximum(notes.onset_ticks - begin, 0)
        return replace(track, notes=Notes.of(onset, notes.duration_ticks, notes.pitch, notes.velocity))

    in_order = tuple(sorted(signatures.values(), key=lambda signature: signature.tick))
    return Score(barred.score.division, tuple(map(part, tracks)), time_signatures=in_order)


def alterations(fragments: list[Fragment], *, random: np.random.Generator) -> dict[str, list[Fragment]]:
    """The fragments as they are, moved, and moved with wrong notes."""
    moved = [
        replace(one, score=with_pitches(one.score, np.full(one.score.note_count, move)), moved=int(move))
        for one, move in zip(fragments, random.choice(MOVES, len(fragments)), strict=True)
    ]
    wrong = []
    for one in moved:
        errors = random.choice([-3, -2, -1, 1, 2, 3], one.score.note_count)
        errors *= random.random(len(errors)) < WRONG_NOTES
        wrong.append(replace(one, score=with_pitches(one.score, errors)))
    return {"as they are": fragments, "moved": moved, "moved, 5 % wrong": wrong}


def with_pitches(score: Score, intervals: NDArray[np.int64]) -> Score:
    """Every note but drums moved by its own interval; what would leave 0 to 127 moves by an octave more."""
    tracks, begin = [], 0
    for track in score.tracks:
        notes, own = track.notes, intervals[begin : begin + len(track.notes)]
        pitch = notes.pitch + (0 if track.is_drum else own)
        pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch))
        tracks.append(replace(track, notes=Notes.of(notes.onset_ticks, notes.duration_ticks, pitch, notes.velocity)))
        begin += len(notes)
    return replace(score, tracks=tuple(tracks))


def row(fragments: list[Fragment], found: list[list[Place]]) -> str:
    """The figures of one kind of fragments, as text."""
    ranks, places, others, is_mistaken = [], [], [], []
    for fragment, ranked in zip(fragments, found, strict=True):
        ranks.append([place.path for place in ranked].index(fragment.path))
        places.append(ranked[ranks[-1]])
        elsewhere = [place for place in ranked if place.path != fragment.path]
        others.append(min(place.distance for place in elsewhere))
        is_mistaken.append(any(place.likeness == SAME_MUSIC for place in elsewhere))
    pairs = list(zip(fragments, places, strict=True))
    shares = (
        np.mean(np.array(ranks) == 0),
        np.mean(np.array(ranks) < 5),
        np.mean([place.bar == fragment.bar + 1 for fragment, place in pairs]),
        np.mean([place.transposition == -fragment.moved for fragment, place in pairs]),
        np.mean([place.track is None or fragment.tracks == (place.track,) for fragment, place in pairs]),
        np.median([place.distance for place in places]),
        np.mean([place.likeness == SAME_MUSIC for place in places]),
        np.mean(is_mistaken),
    )
    figures = "  ".join(f"{share:>5.3f}" for share in shares)
    nearest = "  ".join(f"{quantile:>5.2f}" for quantile in np.quantile(others, [0.02, 0.1, 0.5]))
    return f"{len(fragments):>5}  {figures}    {nearest}"


if __name__ == "__main__":
    main()
