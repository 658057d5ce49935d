"""One query against many: pieces, or single bars, by likeness.

Pieces are ranked by their joint distance (`similarity.joint`); beside each stand the parts of it, and the pair of bars,
one of the query and one of the piece, that are nearest to each other. Bars are ranked by the distance to whichever bar
of the query is nearest to them; with transposition, in whichever of the query's twelve transpositions.

Equal distances are ordered by path, then by bar. Copies of one content all stay; so does the query itself where it is
among the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.bars_beside import (
    beside_moved,
    beside_query_moved,
    nearest_to,
    rounded,
    within_transpositions,
)
from symbolic_embed.library.building import Pieces, count_of, featured
from symbolic_embed.library.comparing import TO_TRANSPOSE, comparable
from symbolic_embed.library.features import Features, Needs, known
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.requests import RankRequest
from symbolic_embed.similarity.calibration import Calibration, Word
from symbolic_embed.similarity.joint import (
    ALL_PARTS,
    PartName,
    needed,
    needs_bars_in_all_keys,
    parts,
)
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.lying_along import Along, lying_along
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


@dataclass(frozen=True)
class Why:
    """Why a piece is where it is: the parts of its distance, each 0 for the same content and about 1 for unrelated
    pieces, None where there is nothing to compare, or where it was not asked for (`request.why` asks for all); and the
    nearest pairs of bars (query bar, bar), from 1. along: which bars lie along which, where `request.why` asks for it
    and the model has a passage encoder, else None.
    """

    bars: float
    harmony: float | None
    melody: float | None
    pairs: tuple[tuple[int, int], ...]
    rhythm: float | None = None
    passages: float | None = None
    along: tuple[Along, ...] | None = None


@dataclass(frozen=True)
class Match:
    """A piece or a bar that was ranked.

    distance: a float32, as a Python number that prints as short as it can. transposition: by how many semitones (-5 to
    6) the query is to be moved. query_bar, bar: from 1. For pieces alone: why; likeness, "same music", "related" or
    "nothing alike", and probability, how probable the first is (`similarity.calibration`); both None by rhythm, and by
    passages where the checkpoint's card has no scale for them.
    """

    path: str
    distance: float
    transposition: int
    query_bar: int
    bar: int
    why: Why | None = None
    likeness: Word | None = None
    probability: float | None = None


def rank(
    query: BarredScore,
    pieces: Pieces,
    embedder: Embedder,
    request: RankRequest,
    *,
    progress: Progress = in_silence,
) -> list[Match]:
    """All of `pieces`, (path, score) or a store, or all their sounding bars, the most alike first; with `request.top`
    only so many. `progress` wraps the iteration over the pieces."""
    query = only_tracks(query, request.tracks)
    likeness = Likeness.of(request)
    if request.level == "bar":
        return _first(_bar_matches(query, pieces, embedder, likeness, progress), request.top)
    told = [name for name in ALL_PARTS if name != "passages" or embedder.has_passages]
    counted = needed(likeness, has_passages=embedder.has_passages)
    names = tuple(dict.fromkeys([*counted, *(told if request.why else ())]))
    measure = _Measure(likeness, names, tells_along=request.why and embedder.has_passages)
    return _first(_piece_matches(query, pieces, embedder, measure, progress), request.top)


class _Measure(NamedTuple):
    """How pieces are compared, which parts beside their bars are measured, and whether it is told which bars lie along
    which."""

    likeness: Likeness
    names: tuple[PartName, ...]
    tells_along: bool


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


def _piece_matches(
    query: BarredScore, pieces: Pieces, embedder: Embedder, measure: _Measure, progress: Progress
) -> Iterator[Match]:
    """Every piece, in the best transposition and with the nearest pairs of bars in it."""
    likeness, names, tells_along = measure
    scale = Calibration.of_card(embedder.card).of_pieces(likeness.parts, likeness.metric)
    needs = Needs.of("bars", *names, *(TO_TRANSPOSE if likeness.transpose else ()), together=True)
    (mine,) = featured([("query", query)], embedder, replace(needs, in_all_keys=lambda piece: likeness.transpose))
    here = comparable(mine, likeness, embedder, names=names)
    moves_bars = needs_bars_in_all_keys(likeness, has_passages=embedder.has_passages)

    def is_shorter(piece: Features) -> bool:
        return likeness.transpose and known(piece.precedence) < known(mine.precedence)

    needs = replace(needs, in_all_keys=lambda piece: moves_bars and is_shorter(piece))
    for other in progress(featured(pieces, embedder, needs), count_of(pieces)):
        keys = len(TRANSPOSITIONS) if is_shorter(other) else 1
        there = comparable(other, likeness, embedder, names=names, keys=keys)
        as_it_is = replace(here, bars=here.bars[:1])
        if there.is_transposed:
            compared = parts(there, [as_it_is], likeness=likeness, names=names)
        else:
            shorter = here if moves_bars else replace(as_it_is, keys=len(here.bars))
            compared = parts(shorter, [there], likeness=likeness, names=names)
        distances = compared.distances(likeness)[:, 0].astype(np.float32)
        beside = beside_moved if moves_bars else beside_query_moved
        bars = beside(here, there, compared, np.flatnonzero(distances == distances.min()), likeness)
        semitones = -TRANSPOSITIONS[bars.version] if there.is_transposed else TRANSPOSITIONS[bars.version]
        pairs = tuple((_from_one(mine, query_bar), _from_one(other, bar)) for query_bar, bar in bars.pairs(likeness))
        distance = _plain(distances[bars.version])
        transposition = within_transpositions(semitones)
        said = {name: _plain_or_none(part[bars.version, 0]) for name, part in compared.others.items()}
        yield Match(
            path=other.path,
            distance=distance,
            transposition=transposition,
            query_bar=pairs[0][0],
            bar=pairs[0][1],
            why=Why(
                bars=_plain(np.float32(bars.distance)),
                **{name: said.get(name) for name in ALL_PARTS},
                pairs=pairs,
                along=_along(mine, other, transposition) if tells_along else None,
            ),
            **(scale.verdict(distance)._asdict() if scale else {}),
        )


def _bar_matches(
    query: BarredScore, pieces: Pieces, embedder: Embedder, likeness: Likeness, progress: Progress
) -> Iterator[Match]:
    """Every bar in which something sounds."""
    needs = Needs.of("bars")
    (mine,) = featured([("query", query)], embedder, replace(needs, in_all_keys=lambda piece: likeness.transpose))
    here = likeness.points(known(mine.bars).versions, model=embedder.settings)
    for other in progress(featured(pieces, embedder, needs), count_of(pieces)):
        there = likeness.points(known(other.bars).vectors, model=embedder.settings)
        distances = rounded(nearest_bars(here, [there]).to_query, likeness)  # (versions, bars)
        versions = np.argmin(distances, axis=0)
        for bar, version in enumerate(versions):
            yield Match(
                path=other.path,
                distance=_plain(distances[version, bar]),
                transposition=TRANSPOSITIONS[version],
                query_bar=_from_one(mine, nearest_to(there[bar], here[version], likeness)),
                bar=_from_one(other, bar),
            )


def _along(query: Features, piece: Features, transposition: int) -> tuple[Along, ...]:
    bars = (_from_one(query, -1), _from_one(piece, -1))
    return lying_along(known(query.passages), known(piece.passages), bars=bars, semitones=transposition)


def _from_one(piece: Features, bar: int) -> int:
    """The number, from 1, of one of the bars that are compared."""
    return int(known(piece.bars).number[bar]) + 1


def _plain_or_none(part: np.float64) -> float | None:
    return None if np.isnan(part) else _plain(np.float32(part))


def _plain(distance: np.float32) -> float:
    return float(str(distance))
