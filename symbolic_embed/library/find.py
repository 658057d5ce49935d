"""Which piece a short played fragment is from, or most like.

The fragment is laid along each piece, bar beside bar, from any bar of the piece, in any of twelve keys; the mean
distance of the bars that lie side by side counts. It is the fragment that is transposed: it is short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder, bar_means
from symbolic_embed.similarity.likeness import squares
from symbolic_embed.similarity.pieces import TRANSPOSITIONS, Sounding


@dataclass(frozen=True)
class Place:
    """Where a fragment fits: the piece, the bar (from 0) it begins at, by how many semitones it is moved, the mean
    distance of bars there."""

    path: str
    bar: int
    semitones: int
    distance: float


def seek(embedder: Embedder, fragment: BarredScore, pieces: Iterable[tuple[str, BarredScore]]) -> list[Place]:
    """The best place of the fragment in each piece, the best first; equally good ones by path."""
    asked = Sounding.of("", fragment)
    versions = [_bars(embedder.embed_windows(windows), asked) for windows in asked.versions(turned=True)]
    sounding = ((piece, piece.windows) for piece in (Sounding.of(path, barred) for path, barred in pieces))
    places = [_best_place(versions, piece, _bars(vectors, piece)) for piece, vectors in embed_each(embedder, sounding)]
    return sorted(places, key=lambda place: (place.distance, place.path))


def _bars(vectors: np.ndarray, piece: Sounding) -> np.ndarray:
    return bar_means(vectors, np.flatnonzero(piece.windows.part_of_bar == 0))


def _best_place(versions: list[np.ndarray], piece: Sounding, bars: np.ndarray) -> Place:
    """Where along a piece's bars (bars, dim) the fragment's fit best; as much of it as the piece has room for."""
    length = min(len(versions[0]), len(bars))
    best = Place(piece.path, 0, 0, np.inf)
    for semitones, version in zip(TRANSPOSITIONS, versions, strict=True):
        distances = np.sqrt(np.maximum(squares(version[:length], bars), 0.0))  # (length, bars)
        starts = range(len(bars) - length + 1)
        means = [float(np.mean(distances[np.arange(length), np.arange(start, start + length)])) for start in starts]
        start = int(np.argmin(means))
        if means[start] < best.distance:
            best = Place(piece.path, int(piece.bar[start]), semitones, means[start])
    return best
