"""What else a hummed tune can be looked for by: rivals of `benchmarks/humming.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from hummers import Line
from numpy.typing import NDArray
from sung_tunes import Piece

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import build
from symbolic_embed.library.find import find
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import FindRequest
from symbolic_embed.score import Notes, Score, Track, read
from symbolic_embed.similarity.melody import melody, melody_distances
from symbolic_embed.similarity.tunes.lines import TuneLines

Search = Callable[[Line], NDArray[np.float64]]
DIVISION = 480
POINTS = 24  # of a curve
TEMPI = 2.0 ** np.linspace(-1.2, 1.2, 7)  # times that of 120 quarters a minute
STEPS_A_SECOND = 24  # at 120
AT_A_TIME = 4_000  # notes


def played(line: Line) -> BarredScore:
    """A tune as a file of one part, at 120 quarters a minute."""
    onset, end = (np.rint(2 * DIVISION * when).astype(np.int64) for when in (line.onset, line.end))
    pitch = np.rint(line.pitch).astype(np.int64)
    return cut(Score(DIVISION, (Track(Notes.of(onset, np.maximum(end - onset, 1), pitch, np.full(len(pitch), 90))),)))


def by_melody(pieces: Sequence[Piece]) -> Search:
    """`rank --by melody --transpose`: the best alignment, less where one of the two is much longer."""
    melodies = [melody(cut(read(piece.path))) for piece in pieces]

    def search(line: Line) -> NDArray[np.float64]:
        return np.nan_to_num(melody_distances(melody(played(line)), melodies, transpose=True), nan=1.0)

    return search


def by_intervals(pieces: Sequence[Piece]) -> Search:
    """Runs of three intervals, rounded to semitones, that a piece has in some line, each by how rare it is."""
    having = [np.unique(np.concatenate(list(_runs_of(piece)))) for piece in pieces]
    runs, counts = np.unique(np.concatenate(having), return_counts=True)
    weight = np.log(len(pieces) / counts)

    def search(line: Line) -> NDArray[np.float64]:
        asked = np.intersect1d(_runs(np.rint(np.diff(line.pitch)).astype(np.int64)), runs)
        by = weight[np.searchsorted(runs, asked)]
        return np.array([-by[np.isin(asked, one)].sum() for one in having])

    return search


def _runs_of(piece: Piece):
    yield np.zeros(0, np.int64)
    for begin, count in zip(piece.lines.begins, piece.lines.counts, strict=True):
        yield _runs(np.diff(piece.lines.pitch[begin : begin + count]))


def _runs(intervals: NDArray[np.int64]) -> NDArray[np.int64]:
    kept = np.clip(intervals, -31, 31) + 32
    return (kept[:-2] * 64 + kept[1:-1]) * 64 + kept[2:]


def by_scaled_curve(pieces: Sequence[Piece], asked: Sequence[Line]) -> Search:
    """Its pitch at POINTS times, less their mean, beside that of lines from each note on in each of the TEMPI; the
    square root of the mean square of what is between them. All tunes are looked for at once."""
    lines = TuneLines.of([piece.lines for piece in pieces])
    curves = np.stack([_points(line) for line in asked])
    lasts = np.array([line.end[-1] for line in asked])
    nearest = np.full((len(asked), len(pieces)), np.inf)
    for begin, end, piece in zip(lines.begins[:-1], lines.begins[1:], lines.piece, strict=True):
        onset, pitch = lines.onset[begin:end], lines.pitch[begin:end].astype(np.float32)
        for first in range(0, len(onset), AT_A_TIME):
            some = onset[first : first + AT_A_TIME]
            _nearer(nearest[:, piece], curves, lasts, onset, pitch, some)
    numbers = {id(line): number for number, line in enumerate(asked)}
    return lambda line: nearest[numbers[id(line)]]


def _nearer(nearest, curves, lasts, onset, pitch, begins) -> None:
    """Takes the curves that begin at some notes of a line into account, for tunes of about each length."""
    lengths = np.unique(np.rint(np.log2(lasts) * 2) / 2)
    of_length = np.rint(np.log2(lasts) * 2) / 2
    for length in lengths:
        chosen = np.flatnonzero(of_length == length)
        for tempo in TEMPI:
            steps = 2.0**length * STEPS_A_SECOND * tempo
            times = begins[:, None] + steps * (np.arange(POINTS) + 0.5) / POINTS
            there = pitch[np.maximum(np.searchsorted(onset, times, side="right") - 1, 0)]
            there = there - there.mean(axis=1, keepdims=True)
            squares = (there**2).sum(axis=1)[:, None] - 2 * there @ curves[chosen].T
            nearest[chosen] = np.minimum(nearest[chosen], squares.min(axis=0) + (curves[chosen] ** 2).sum(axis=1))


def _points(line: Line) -> NDArray[np.float32]:
    times = line.end[-1] * (np.arange(POINTS) + 0.5) / POINTS
    points = line.pitch[np.maximum(np.searchsorted(line.onset, times, side="right") - 1, 0)]
    return (points - points.mean()).astype(np.float32)


def finder(pieces: Sequence[Piece]) -> Search:
    """`find --by bars`: bars laid along bars, in any key, by the bundled model."""
    embedder = Embedder.load(None)
    store = MemoryStore(embedder.embedding_hash, frozenset({"bars", "cells"}))
    build(((str(number), cut(read(piece.path))) for number, piece in enumerate(pieces)), embedder, store)

    def search(line: Line) -> NDArray[np.float64]:
        distances = np.ones(len(pieces))
        for place in find(played(line), store, embedder, FindRequest(by="bars")):
            distances[int(place.path)] = place.distance
        return distances

    return search
