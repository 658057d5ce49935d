"""One query against many: pieces, or single bars, by likeness.

Pieces are ranked by their joint distance (`joint.py`); beside each stand the parts of it, and the pair of bars, one of
the query and one of the piece, that are nearest to each other. Bars are ranked by the distance to whichever bar of the
query is nearest to them; with transposition, in whichever of the query's twelve transpositions.

Equal distances are ordered by path, then by bar. Copies of one content all stay; so does the query itself where it is
among the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.similarity.joint import Parts, parts
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness, squares
from symbolic_embed.similarity.pieces import TRANSPOSITIONS, Features, PiecePoints, Sounding, piece_points

Level = Literal["piece", "bar"]


BEST_PAIRS = 3


@dataclass(frozen=True)
class Why:
    """Why a piece is where it is: the parts of its distance, each 0 for the same content and about 1 for unrelated
    pieces (None where there is nothing to compare), and the nearest pairs of bars (query bar, bar), from 1."""

    bars: float
    harmony: float | None
    melody: float | None
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Match:
    """A piece or a bar found.

    distance: a float32, as a Python number that prints as short as it can. transposition: by how many semitones (-5 to
    6) the query is to be moved. query_bar, bar: from 1. why: for pieces alone.
    """

    path: str
    distance: float
    transposition: int
    query_bar: int
    bar: int
    why: Why | None = None


def rank(
    query: BarredScore,
    pieces: Iterable[tuple[str, BarredScore]],
    *,
    embedder: Embedder,
    likeness: Likeness,
    level: Level = "piece",
    top: int | None = None,
) -> list[Match]:
    """All of `pieces` (path, score), or all their sounding bars, the most alike first; with `top` only so many."""
    asked = Sounding.of("query", query)
    points = next(piece_points(embedder, [(asked, likeness.transpose)], likeness=likeness))
    candidates = (Sounding.of(path, barred) for path, barred in pieces)
    if level == "bar":
        others = piece_points(embedder, ((one, False) for one in candidates), likeness=likeness)
        matches = (match for other in others for match in _bar_matches(points, other, likeness))
    else:
        turned = ((one, likeness.transpose and one.order < asked.order) for one in candidates)
        others = piece_points(embedder, turned, likeness=likeness)
        features = points.features()
        matches = (_piece_match((points, features), other, likeness) for other in others)
    return _first(matches, top)


def _first(matches: Iterable[Match], top: int | None) -> list[Match]:
    """The first `top` matches in order; no more than twice as many (and a thousand) are held at any time."""
    kept: list[Match] = []
    for match in matches:
        kept.append(match)
        if top is not None and len(kept) >= 2 * top + 1000:
            kept = sorted(kept, key=_order)[:top]
    return sorted(kept, key=_order)[:top]


def _order(match: Match) -> tuple[float, str, int]:
    return match.distance, match.path, match.bar


def _piece_match(asked: tuple[PiecePoints, Features], other: PiecePoints, likeness: Likeness) -> Match:
    """A piece as it is found: the best transposition, and the nearest pair of bars in it."""
    query, features = asked
    others = other.features()
    if other.is_turned:
        found = parts(others, [replace(features, bars=features.bars[:1])], likeness=likeness)
    else:
        found = parts(features, [others], likeness=likeness)
    distances = found.distances(likeness)[:, 0].astype(np.float32)
    version = int(np.argmin(distances))
    semitones = -TRANSPOSITIONS[version] if other.is_turned else TRANSPOSITIONS[version]
    pairs = _nearest_pairs(query, other, found, version=version, likeness=likeness)
    return Match(
        path=other.sounding.path,
        distance=_plain(distances[version]),
        transposition=6 if semitones == -6 else semitones,
        query_bar=pairs[0][0],
        bar=pairs[0][1],
        why=Why(
            *(_said(part[version, 0]) for part in (found.bars, found.harmony, found.melody)),
            pairs=pairs,
        ),
    )


def _nearest_pairs(
    query: PiecePoints, other: PiecePoints, found: Parts, *, version: int, likeness: Likeness
) -> tuple[tuple[int, int], ...]:
    """The bars of the query that come nearest to a bar of the other piece, each with that bar, as numbers from 1."""
    if other.is_turned:
        squared, mine, theirs = found.nearest.to_query[version], query.points[0], other.points[version]
    else:
        squared, mine, theirs = found.nearest.to_pieces[version, :, 0], query.points[version], other.points[0]
    nearest = np.argsort(_rounded(squared, likeness), kind="stable")[:BEST_PAIRS]
    bars = [_nearest_to(mine[bar], theirs, likeness) for bar in nearest]
    return tuple(
        (int(query.sounding.bar[query_bar]) + 1, int(other.sounding.bar[bar]) + 1)
        for query_bar, bar in zip(nearest, bars, strict=True)
    )


def _bar_matches(query: PiecePoints, other: PiecePoints, likeness: Likeness) -> Iterator[Match]:
    """Every bar of a piece as it is found."""
    distances = _rounded(nearest_bars(query.points, [other.points[0]]).to_query, likeness)  # (versions, bars)
    versions = np.argmin(distances, axis=0)
    for bar, (number, version) in enumerate(zip(other.sounding.bar, versions, strict=True)):
        query_bar = _nearest_to(other.points[0, bar], query.points[version], likeness)
        yield Match(
            path=other.sounding.path,
            distance=_plain(distances[version, bar]),
            transposition=TRANSPOSITIONS[version],
            query_bar=int(query.sounding.bar[query_bar]) + 1,
            bar=int(number) + 1,
        )


def _nearest_to(point: np.ndarray, points: np.ndarray, likeness: Likeness) -> int:
    """Which of `points` (n, d) is nearest to `point` (d,); of equally near ones the first."""
    return int(np.argmin(_rounded(squares(point[None], points)[0], likeness)))


def _rounded(squared: np.ndarray, likeness: Likeness) -> np.ndarray:
    """Distances in single precision, so that what is equal but for rounding is equal."""
    return likeness.distances(squared).astype(np.float32)


def _said(part: float) -> float | None:
    return None if np.isnan(part) else _plain(np.float32(part))


def _plain(distance: np.float32) -> float:
    return float(str(distance))
