"""What is said of a piece that was found alike: its distance, in which key, what it is made of, and which bars lie
beside each other. This is found out for the pieces that are shown, not for all that are measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.bars_beside import BarsBeside, beside_moved, beside_query_moved, within_transpositions
from symbolic_embed.library.building import in_keys
from symbolic_embed.library.comparing import comparable
from symbolic_embed.library.features import Features, known
from symbolic_embed.library.measuring import OPPOSITE, Asked, Measured, as_it_is, measured
from symbolic_embed.similarity.calibration import Calibration, Word
from symbolic_embed.similarity.joint import ALL_PARTS, parts
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


@dataclass(frozen=True)
class Why:
    """Why a piece is where it is: the parts of its distance, each 0 for the same content and about 1 for unrelated
    pieces, None where there is nothing to compare, or where it was not asked for (`request.why` asks for all); and the
    nearest pairs of bars (query bar, bar), from 1."""

    bars: float
    harmony: float | None
    melody: float | None
    pairs: tuple[tuple[int, int], ...]
    rhythm: float | None = None
    passages: float | None = None


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


class Showing:
    """Says what is to be said of pieces that were measured against a query. The query's bars are embedded in other keys
    where one of the pieces needs them, once."""

    def __init__(self, asked: Asked, embedder: Embedder) -> None:
        self.asked, self.embedder = asked, embedder
        likeness = asked.likeness
        scales = Calibration.of_card(embedder.card)
        self._scale = None if likeness.weights else scales.of_pieces(likeness.parts, likeness.metric)
        self._moved = {0: asked.here.bars[0]}  # the bars of the query, as points, by which of the TRANSPOSITIONS

    def matches(self, pieces: Sequence[Measured]) -> list[Match]:
        """What is said of some pieces, in their order."""
        asked = self.asked
        if pieces and asked.told != asked.names:
            pieces = list(measured(asked, [one.piece for one in pieces], self.embedder, names=asked.told))
        if not asked.moves_bars:
            self._embed_in({key for one in pieces for key in _keys(one).values()})
        return [self._match(one, self._beside(one)) for one in pieces]

    def _embed_in(self, keys: set[int]) -> None:
        missing = sorted(keys - self._moved.keys())
        if missing:
            moves = [TRANSPOSITIONS[key] for key in missing]
            ((_, versions),) = in_keys(self.embedder, [(None, known(self.asked.mine.bar_notes), moves)])
            points = self.asked.likeness.points(versions, model=self.embedder.settings)
            self._moved.update(zip(missing, points, strict=True))

    def _beside(self, one: Measured) -> BarsBeside:
        here, likeness = self.asked.here, self.asked.likeness
        there = comparable(one.piece, likeness, self.embedder, names=())
        if not self.asked.moves_bars:
            moved = {version: self._moved[key] for version, key in _keys(one).items()}
            return beside_query_moved(moved, there.bars[0], likeness)
        shorter, longer = (there, as_it_is(here)) if one.is_moved else (here, there)
        compared = parts(shorter, [longer], likeness=likeness, names=())
        return beside_moved(here, there, compared, one.versions, likeness)

    def _match(self, one: Measured, bars: BarsBeside) -> Match:
        asked = self.asked
        semitones = TRANSPOSITIONS[bars.version] * (-1 if one.is_moved else 1)
        pairs = tuple(
            (from_one(asked.mine, query_bar), from_one(one.piece, bar)) for query_bar, bar in bars.pairs(asked.likeness)
        )
        distance = plain(one.distance)
        said = {name: _plain_or_none(part[bars.version]) for name, part in one.said.items()}
        return Match(
            path=one.piece.path,
            distance=distance,
            transposition=within_transpositions(semitones),
            query_bar=pairs[0][0],
            bar=pairs[0][1],
            why=Why(bars=plain(np.float32(bars.distance)), **{name: said.get(name) for name in ALL_PARTS}, pairs=pairs),
            **(self._scale.verdict(distance)._asdict() if self._scale else {}),
        )


def _keys(one: Measured) -> Mapping[int, int]:
    """For each of the versions of the shorter piece in which a piece is nearest, in which key the query is then."""
    return {version: OPPOSITE[version] if one.is_moved else version for version in one.versions.tolist()}


def from_one(piece: Features, bar: int) -> int:
    """The number, from 1, of one of the bars that are compared."""
    return int(known(piece.bars).number[bar]) + 1


def _plain_or_none(part: np.float64) -> float | None:
    return None if np.isnan(part) else plain(np.float32(part))


def plain(distance: np.float32) -> float:
    """A number that prints as short as it can."""
    return float(str(distance))
