"""Pieces by the tune that a query sings: `rank --by tune` and `find --by tune`.

Every piece is measured (`similarity.tunes`), with these exceptions: of a library, where only the first are asked for,
the first look is taken at all of it, and note by note the tune is laid along TIMES_CANDIDATES as many pieces as
`candidates` says, those that earn most at first. A distance is the same either way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.tunes import Tunes
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces, count_of
from symbolic_embed.library.features import Features, known
from symbolic_embed.library.laying import Place
from symbolic_embed.library.measuring import AT_A_TIME, grouped
from symbolic_embed.library.progress import Progress
from symbolic_embed.library.showing import Match, plain
from symbolic_embed.library.sung import Sung, lines_of, sung
from symbolic_embed.library.within import Within
from symbolic_embed.requests import FindRequest, RankRequest
from symbolic_embed.similarity.calibration import FEWEST_NOTES, Verdict, scale_of_tune
from symbolic_embed.similarity.tunes.lines import TuneLines
from symbolic_embed.similarity.tunes.places import TunePlace, first_look, tune_places

TIMES_CANDIDATES = 4  # a first look costs little, and says less than that of other measures

Found = TypeVar("Found", Match, Place)


def ranked_by_tune(
    queries: Sequence[BarredScore],
    pieces: Pieces | Within,
    embedder: Embedder,
    request: RankRequest,
    progress: Progress,
) -> list[list[Match]]:
    """For each of some queries the pieces, the nearest first; equally near ones by path. Raises UsageError for a query
    of too few notes."""
    asked = [_Asked(sung(query), _candidates(pieces, request)) for query in queries]
    _measure(asked, progress(lines_of(pieces, embedder), count_of(pieces)))
    found = [[_match(one, path, place) for path, place in one.places()] for one in asked]
    return [_in_order(matches, pieces, request.top) for matches in found]


def found_by_tune(
    fragments: Sequence[BarredScore],
    pieces: Pieces | Within,
    embedder: Embedder,
    request: FindRequest,
    progress: Progress,
) -> list[list[Place]]:
    """For each of some fragments its place in each piece, in the same order."""
    asked = [_Asked(sung(fragment), _candidates(pieces, request)) for fragment in fragments]
    _measure(asked, progress(lines_of(pieces, embedder), count_of(pieces)))
    found = [[_named(one, path, place) for path, place in one.places()] for one in asked]
    return [_in_order(places, pieces, request.top) for places in found]


@dataclass(frozen=True, eq=False)
class _Asked:
    """A query, and the pieces that have been looked at: where it lies in each, or, where there are to be no more than
    `count`, the lines of those that earn most, with what they earn and which they were."""

    query: Sung
    count: int | None
    measured: list[tuple[str, TunePlace]] = field(default_factory=list)
    likeliest: list[tuple[int, int, str, Tunes]] = field(default_factory=list)

    def take(self, pieces: Sequence[Features], lines: TuneLines, before: int) -> None:
        """Further pieces and their lines, after so many others."""
        paths = [piece.path for piece in pieces]
        if self.count is None:
            self.measured.extend(zip(paths, tune_places(self.query.tune, lines), strict=True))
            return
        earned, tunes = first_look(self.query.tune, lines).tolist(), [known(piece.tunes) for piece in pieces]
        some = zip(earned, range(-before, -before - len(pieces), -1), paths, tunes, strict=True)
        self.likeliest[:] = heapq.nlargest(self.count, [*self.likeliest, *some], key=lambda one: one[:2])

    def places(self) -> Iterator[tuple[str, TunePlace]]:
        """The path of each piece that is measured, and where the tune lies in it."""
        yield from self.measured
        for some in grouped(self.likeliest, AT_A_TIME):
            lines = TuneLines.of([one[-1] for one in some])
            yield from zip([one[2] for one in some], tune_places(self.query.tune, lines), strict=True)


def _candidates(pieces: Pieces | Within, request: RankRequest | FindRequest) -> int | None:
    """How many pieces are measured; None: all."""
    if not isinstance(pieces, Within) or not request.top or not request.candidates:
        return None
    count = TIMES_CANDIDATES * max(request.candidates, request.top)
    return count if count < len(pieces) else None


def _measure(asked: Sequence[_Asked], pieces: Iterable[Features]) -> None:
    before = 0
    for some in grouped(pieces, AT_A_TIME):
        lines = TuneLines.of([known(piece.tunes) for piece in some])
        for one in asked:
            one.take(some, lines, before)
        before += len(some)


def _match(asked: _Asked, path: str, place: TunePlace) -> Match:
    said = _verdict(asked, place)
    return Match(
        path=path,
        distance=plain(np.float32(place.distance)),
        transposition=place.transposition,
        query_bar=int(asked.query.bar[place.note]) + 1,
        bar=place.bar + 1,
        likeness=said.likeness,
        probability=said.probability,
    )


def _named(asked: _Asked, path: str, place: TunePlace) -> Place:
    bars = place.bar + 1, place.last_bar + 1
    distance = plain(np.float32(place.distance))
    return Place(path, distance, place.transposition, place.track, *bars, *_verdict(asked, place))


def _verdict(asked: _Asked, place: TunePlace) -> Verdict:
    notes = len(asked.query.tune)
    return scale_of_tune(notes).verdict(place.distance, can_be_same=notes >= FEWEST_NOTES)


def _in_order(found: Iterable[Found], pieces: Pieces | Within, top: int | None) -> list[Found]:
    of_files = pieces.of_files(found) if isinstance(pieces, Within) else found
    return sorted(of_files, key=lambda one: (one.distance, one.path))[:top]
