"""A collection as a map: every piece a point, what is odd among them, and where nothing is.

    pieces --vectors--> a plane --> places, odd ones, gaps

`plane` says what is near to what, `sparse` what is thin, `labels` what points are coloured by.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Files, Pieces, count_of
from symbolic_embed.library.facts import facts_of
from symbolic_embed.library.labels import NOTHING, OF_NOTES, FactsOf, word_of, words_of_paths
from symbolic_embed.library.plane import Plane, needs_of, plane_of, vector_of
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.sparse import Gap, gaps, neighbourhood, odd_ones
from symbolic_embed.library.stores.library import Facts, Library
from symbolic_embed.library.stores.store import Store
from symbolic_embed.library.within import Within, features_of, files_of
from symbolic_embed.requests import MapRequest
from symbolic_embed.requests.where import Fact


@dataclass(frozen=True)
class Point:
    """A piece on the map. group: what it is coloured by; distance: the mean distance of its vector to its nearest
    neighbours; nearest: the path of the nearest, None where there is no other; is_odd: it is like no other."""

    path: str
    x: float
    y: float
    group: str
    distance: float
    nearest: str | None
    is_odd: bool


@dataclass(frozen=True, eq=False)
class Map:
    """Pieces in a plane, in the order in which they came; their gaps, the largest first; odd: the numbers of the odd
    ones, the oddest first."""

    points: tuple[Point, ...]
    gaps: tuple[Gap, ...]
    odd: tuple[int, ...]
    plane: Plane

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "pieces": [
                {
                    "path": point.path,
                    "x": point.x,
                    "y": point.y,
                    "group": point.group,
                    "odd": point.is_odd,
                    "neighbour_distance": point.distance,
                    "nearest": point.nearest,
                }
                for point in self.points
            ],
            "odd": [self.points[number].path for number in self.odd],
            "gaps": [
                {
                    "x": gap.x,
                    "y": gap.y,
                    "radius": gap.radius,
                    "around": [self.points[number].path for number in gap.around],
                }
                for gap in self.gaps
            ],
        }


def mapped(pieces: Pieces, embedder: Embedder, request: MapRequest, *, progress: Progress = in_silence) -> Map:
    """The map of `pieces`, (path, score) or a store, empty where there are none. `progress` wraps the iteration
    over them."""
    words: dict[str, str] = {}
    source: Pieces | Within
    if isinstance(pieces, Library):
        words = _words_in(pieces, request)
        source = Within.of(pieces, request.conditions, checkpoint=embedder.embedding_hash)
    else:
        source = _noting(pieces, request, words)
    found: dict[str, NDArray[np.float64]] = {}
    needs = needs_of(embedder, kept=isinstance(source, Within))
    for piece in progress(features_of(source, embedder, needs), count_of(pieces)):
        found |= dict.fromkeys(files_of(piece.path, source), vector_of(piece))
    paths = sorted(found, key=os.fsencode) if isinstance(source, Within) else list(found)
    vectors = [found[path] for path in paths]
    if not paths:
        return Map((), (), (), plane_of(np.zeros((1, 1)), method="pca", random_seed=0))
    groups = words_of_paths(request.colour, paths) or [words.get(path, NOTHING) for path in paths]
    return map_of(paths, np.stack(vectors), groups, request)


def map_of(paths: list[str], vectors: NDArray[np.float64], groups: list[str], request: MapRequest) -> Map:
    """The map of pieces of which path, vector (float64 (pieces, d)) and group are known."""
    plane = plane_of(vectors, method=request.method, random_seed=request.random_seed)
    around = neighbourhood(vectors)
    odd = odd_ones(around.distance).tolist()
    is_odd = np.isin(np.arange(len(paths)), odd).tolist()
    nearest = [paths[other] if other != number else None for number, other in enumerate(around.nearest.tolist())]
    columns = (paths, *plane.places.T.tolist(), groups, around.distance.tolist(), nearest, is_odd)
    points = tuple(Point(*column) for column in zip(*columns, strict=True))
    return Map(points, gaps(plane.places), tuple(odd), plane)


def noticing(pieces: Pieces, noticed: Callable[[str, BarredScore], object]) -> Pieces:
    """The pieces as they come, of each of which somebody hears; those of a store have no notes to be heard of."""
    if isinstance(pieces, Files):
        return pieces.noticing(noticed)
    return pieces if isinstance(pieces, Store) else _noticed(pieces, noticed)


def _noticed(
    pieces: Iterable[tuple[str, BarredScore]], noticed: Callable[[str, BarredScore], object]
) -> Iterator[tuple[str, BarredScore]]:
    for path, barred in pieces:
        noticed(path, barred)
        yield path, barred


def _noting(pieces: Pieces, request: MapRequest, words: dict[str, str]) -> Pieces:
    """The pieces as they come; what they are coloured by is noted in `words`, by path, where their notes say it."""

    def note(path: str, barred: BarredScore) -> None:
        words[path] = word_of(request.colour, _counting(facts_of(path, barred)))

    return noticing(pieces, note) if request.colour in OF_NOTES else pieces


def _words_in(library: Library, request: MapRequest) -> dict[str, str]:
    """What the files of a library are coloured by, by path."""
    files = [(file.path, file.piece) for file in library.files() if file.piece is not None]
    numbers = sorted({piece for _, piece in files})
    words = {
        number: word_of(request.colour, partial(_known, facts))
        for number, facts in zip(numbers, library.facts(numbers), strict=True)
    }
    return {path: words[piece] for path, piece in files}


def _counting(facts: Mapping[str, Callable[[], Sequence[Fact]]]) -> FactsOf:
    return lambda field: facts[field]()


def _known(facts: Facts, field: str) -> Sequence[Fact]:
    return facts.get(field, ())
