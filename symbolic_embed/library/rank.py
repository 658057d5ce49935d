"""One query against many: pieces, or single bars, by likeness.

Pieces are ranked by their joint distance (`similarity.joint`); beside each stand the parts of it, and the pair of bars,
one of the query and one of the piece, that are nearest to each other. Bars are ranked by the distance to whichever bar
of the query is nearest to them; with transposition, in whichever of the query's twelve transpositions.

Equal distances are ordered by path, then by bar. Copies of one content all stay; so does the query itself where it is
among the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.bars_beside import nearest_to, rounded
from symbolic_embed.library.building import Pieces, count_of, featured
from symbolic_embed.library.features import Features, Needs, known
from symbolic_embed.library.measuring import AT_A_TIME, Asked, Measured, grouped, measured
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.showing import Match, Showing, from_one, plain
from symbolic_embed.requests import RankRequest
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


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
    asked = Asked.of(query, embedder, likeness, why=request.why)
    others = progress(featured(pieces, embedder, asked.needs), count_of(pieces))
    return _matches(asked, others, embedder, top=request.top)


def _matches(asked: Asked, pieces: Iterable[Features], embedder: Embedder, *, top: int | None) -> list[Match]:
    """Pieces, the most alike first; with `top` only so many, and memory holds the features of no more than these."""
    showing = Showing(asked, embedder)
    if top is None:
        of_groups = (showing.matches(list(some)) for some in _measured(asked, pieces, embedder))
        return sorted((match for matches in of_groups for match in matches), key=_order)
    kept: list[Measured] = []
    for some in _measured(asked, pieces, embedder):
        kept = sorted([*kept, *some], key=lambda one: one.order)[:top]
    return showing.matches(kept)


def _measured(asked: Asked, pieces: Iterable[Features], embedder: Embedder) -> Iterator[Iterator[Measured]]:
    """All pieces, measured AT_A_TIME."""
    for some in grouped(pieces, AT_A_TIME):
        yield measured(asked, some, embedder, names=asked.names)


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
                distance=plain(distances[version, bar]),
                transposition=TRANSPOSITIONS[version],
                query_bar=from_one(mine, nearest_to(there[bar], here[version], likeness)),
                bar=from_one(other, bar),
            )
