"""One query against many: pieces, or single bars, by likeness.

Pieces are ranked by their joint distance (`similarity.joint`); beside each stand the parts of it, and the pair of bars,
one of the query and one of the piece, that are nearest to each other. Bars are ranked by the distance to whichever bar
of the query is nearest to them; with transposition, in whichever of the query's twelve transpositions. By the tune that
a query sings pieces are ranked elsewhere (`by_tune`).

Of a library all pieces are measured, or, where only the first are asked for, those that are likeliest (`likeliest`):
the digits are the same, and the recall is measured (`benchmarks/libraries/recall.py`).

Equal distances are ordered by path, then by bar. Copies of one content all stay; so does the query itself where it is
among the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.bars_beside import nearest_to, rounded
from symbolic_embed.library.building import Pieces, count_of, featured
from symbolic_embed.library.by_tune import ranked_by_tune
from symbolic_embed.library.candidates import channels_serve
from symbolic_embed.library.features import Features, Needs, known
from symbolic_embed.library.likeliest import likeliest
from symbolic_embed.library.measuring import AT_A_TIME, Asked, Measured, grouped, measured
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.showing import Match, Showing, from_one, plain
from symbolic_embed.library.sung import is_by_tune
from symbolic_embed.library.within import Within, features_of, meant
from symbolic_embed.requests import RankRequest
from symbolic_embed.similarity.joint import needed, needs_bars_in_all_keys
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
    only so many. `progress` wraps the iteration over the pieces that are measured. Raises CheckpointError for a store
    of another checkpoint, SymbolicEmbedError for one that lacks a kind that is needed."""
    (matches,) = rank_each([query], pieces, embedder, request, progress=progress)
    return matches


def rank_each(
    queries: Sequence[BarredScore],
    pieces: Pieces,
    embedder: Embedder,
    request: RankRequest,
    *,
    progress: Progress = in_silence,
) -> list[list[Match]]:
    """The same for each of several queries, one at least. The pieces are gone through once; the rows of a library are
    asked for all queries at once."""
    source = meant(pieces, request.conditions, embedder)
    queries = [only_tracks(query, request.tracks) for query in queries]
    if is_by_tune(queries, request.by, otherwise=request.measures_otherwise):
        return ranked_by_tune(queries, source, embedder, request, progress)
    likeness = Likeness.of(request)
    if request.level == "bar":
        return _bars_ranked(queries, source, embedder, request, progress)
    asked = [Asked.of(query, embedder, likeness, why=request.why) for query in queries]
    ranking = [_Ranking(one, Showing(one, embedder), request.top) for one in asked]
    if isinstance(source, Within) and _is_guessed(source, embedder, request):
        count = max(request.candidates, request.top or 0)
        for one, numbers in zip(ranking, likeliest(asked, source, count=count), strict=True):
            _measure([one], progress(source.features(one.asked.needs, numbers=numbers), len(numbers)), embedder)
    else:
        needs = replace(asked[0].needs, in_all_keys=lambda piece: any(one.needs.in_all_keys(piece) for one in asked))
        _measure(ranking, progress(features_of(source, embedder, needs), count_of(source)), embedder)
    found = [one.matches() for one in ranking]
    return [_of_files(matches, source, request.top) for matches in found] if isinstance(source, Within) else found


def measures_all(request: RankRequest, embedder: Embedder) -> bool:
    """Whether a library is measured wholly although only the first are asked for: no channel serves what counts."""
    if request.by == "tune":
        return False
    likeness = Likeness.of(request)
    moves_bars = needs_bars_in_all_keys(likeness, has_passages=embedder.has_passages)
    served = channels_serve(needed(likeness, has_passages=embedder.has_passages), likeness) and not moves_bars
    return bool(request.top and request.candidates) and (request.level == "bar" or not served)


def _is_guessed(pieces: Within, embedder: Embedder, request: RankRequest) -> bool:
    """Whether only candidates are measured."""
    if not request.top or not request.candidates or measures_all(request, embedder):
        return False
    return max(request.candidates, request.top) < len(pieces)


def _of_files(matches: list[Match], pieces: Within, top: int | None) -> list[Match]:
    return sorted(pieces.of_files(matches), key=_order)[:top]


@dataclass
class _Ranking:
    """The pieces that one query has been measured against: what is said of each, or, with `top`, the nearest so far,
    of which alone the features are held."""

    asked: Asked
    showing: Showing
    top: int | None
    shown: list[Match] = field(default_factory=list)
    kept: list[Measured] = field(default_factory=list)

    def take(self, some: Iterable[Measured]) -> None:
        """Further pieces."""
        if self.top is None:
            self.shown += self.showing.matches(list(some))
        else:
            self.kept = sorted([*self.kept, *some], key=lambda one: one.order)[: self.top]

    def matches(self) -> list[Match]:
        """The nearest first."""
        return sorted([*self.shown, *self.showing.matches(self.kept)], key=_order)


def _measure(ranking: Sequence[_Ranking], pieces: Iterable[Features], embedder: Embedder) -> None:
    """Each query against all pieces, AT_A_TIME."""
    for some in grouped(pieces, AT_A_TIME):
        for one in ranking:
            one.take(measured(one.asked, some, embedder, names=one.asked.names))


def _order(match: Match) -> tuple[float, str, int]:
    return match.distance, match.path, match.bar


def _bars_ranked(
    queries: Sequence[BarredScore],
    pieces: Pieces | Within,
    embedder: Embedder,
    request: RankRequest,
    progress: Progress,
) -> list[list[Match]]:
    """Every bar in which something sounds."""
    likeness, needs = Likeness.of(request), Needs.of("bars")
    in_keys = replace(needs, in_all_keys=lambda piece: likeness.transpose)
    asked = list(featured([("query", query) for query in queries], embedder, in_keys))
    best = [_First(request.top) for _ in asked]
    for other in progress(features_of(pieces, embedder, needs), count_of(pieces)):
        for mine, first in zip(asked, best, strict=True):
            found = _bar_matches(mine, other, embedder, likeness)
            first.take(pieces.of_files(found) if isinstance(pieces, Within) else found)
    return [first.matches() for first in best]


@dataclass
class _First:
    """The first `top` of many matches; no more than twice as many (and a thousand) are held at any time."""

    top: int | None
    kept: list[Match] = field(default_factory=list)

    def take(self, some: Iterable[Match]) -> None:
        for match in some:
            self.kept.append(match)
            if self.top is not None and len(self.kept) >= 2 * self.top + 1000:
                self.kept = self.matches()

    def matches(self) -> list[Match]:
        return sorted(self.kept, key=_order)[: self.top]


def _bar_matches(mine: Features, other: Features, embedder: Embedder, likeness: Likeness) -> Iterator[Match]:
    here = likeness.points(known(mine.bars).versions, model=embedder.settings)
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
