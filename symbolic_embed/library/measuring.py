"""A query measured against pieces: how far each is, and in which key.

The query is prepared once (`Asked`), and pieces are measured many at a time (`measured`). What the shorter of two
pieces says in another key, the longer one says in the opposite one (harmony, melody and learnt passages are moved by
turning), so it is always the query that is moved here, and the versions are put in the order of the shorter piece. Only
where bars count in all keys (`joint.needs_bars_in_all_keys`) the shorter piece is embedded again and moved itself.

A distance does not depend on what else is measured beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.bars_beside import within_transpositions
from symbolic_embed.library.building import featured
from symbolic_embed.library.comparing import comparable
from symbolic_embed.library.features import Features, Kind, Needs, known
from symbolic_embed.similarity.joint import ALL_PARTS, Comparable, PartName, needed, needs_bars_in_all_keys, parts
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.transposing import TRANSPOSITIONS

Piece = TypeVar("Piece")

AT_A_TIME = 128  # pieces that a query is measured against
OPPOSITE = [TRANSPOSITIONS.index(within_transpositions(-interval)) for interval in TRANSPOSITIONS]


@dataclass(frozen=True, eq=False)
class Asked:
    """A query, as pieces are measured against it: its features; as what is compared, its bars in all keys where they
    count in them; by which likeness; names: the parts beside the bars that count; told: these, and those that are said
    of what is shown; tells_along: whether it is also said which bars lie along which."""

    mine: Features
    here: Comparable
    likeness: Likeness
    names: tuple[PartName, ...]
    told: tuple[PartName, ...]
    moves_bars: bool
    tells_along: bool = False

    @classmethod
    def of(cls, query: BarredScore, embedder: Embedder, likeness: Likeness, *, why: bool = False) -> Asked:
        """With `why` all parts are told of that the embedder knows. Raises CheckpointError where the likeness needs a
        passage encoder, and there is none."""
        names = needed(likeness, has_passages=embedder.has_passages)
        known_parts = [name for name in ALL_PARTS if name != "passages" or embedder.has_passages]
        told = tuple(dict.fromkeys([*names, *(known_parts if why else ())]))
        moves_bars = needs_bars_in_all_keys(likeness, has_passages=embedder.has_passages)
        kinds: tuple[Kind, ...] = ("bars", *told, *(("precedence", "bar_notes") if likeness.transpose else ()))
        needs = Needs.of(*kinds, together=True, in_all_keys=lambda piece: moves_bars)
        (mine,) = featured([("query", query)], embedder, needs)
        keys = len(TRANSPOSITIONS) if likeness.transpose else 1
        here = comparable(mine, likeness, embedder, names=told, keys=keys)
        return cls(mine, here, likeness, names, told, moves_bars, tells_along=why and embedder.has_passages)

    @property
    def needs(self) -> Needs:
        """What is to be known of the pieces."""
        of_moved: tuple[Kind, ...] = ("precedence",) if self.likeness.transpose else ()
        notes: tuple[Kind, ...] = ("bar_notes",) if self.moves_bars else ()
        kinds: tuple[Kind, ...] = ("bars", *self.told, *of_moved, *notes)
        return Needs.of(
            *kinds, together=True, in_all_keys=lambda piece: self.moves_bars and self.moves_the_piece(piece)
        )

    def moves_the_piece(self, piece: Features) -> bool:
        """Whether it is the piece that is transposed, being the shorter one, and not the query."""
        return self.likeness.transpose and known(piece.precedence) < known(self.mine.precedence)


@dataclass(frozen=True, eq=False)
class Measured:
    """A piece that was measured. distance: float32, the smallest of all versions; versions: int64, which of the
    TRANSPOSITIONS of the shorter piece have it; is_moved: whether that is the piece, not the query; said: what each
    part says in every version, float64 (versions,), NaN for nothing."""

    piece: Features
    distance: np.float32
    versions: NDArray[np.int64]
    is_moved: bool
    said: Mapping[PartName, NDArray[np.float64]]

    @property
    def order(self) -> tuple[np.float32, str]:
        """By which pieces are sorted: the nearest first, equally near ones by path."""
        return self.distance, self.piece.path


def measured(
    asked: Asked, pieces: Sequence[Features], embedder: Embedder, *, names: Sequence[PartName]
) -> Iterator[Measured]:
    """Each of some pieces, in their order, by parts among which are those that count."""
    alone = [asked.moves_bars and asked.moves_the_piece(piece) for piece in pieces]
    together = [piece for piece, is_alone in zip(pieces, alone, strict=True) if not is_alone]
    of_together = _with_the_query_moved(asked, together, embedder, names)
    for piece, is_alone in zip(pieces, alone, strict=True):
        yield _moved_itself(asked, piece, embedder, names) if is_alone else next(of_together)


def _with_the_query_moved(
    asked: Asked, pieces: Sequence[Features], embedder: Embedder, names: Sequence[PartName]
) -> Iterator[Measured]:
    if not pieces:
        return
    there = [comparable(piece, asked.likeness, embedder, names=names) for piece in pieces]
    compared = parts(asked.here, there, likeness=asked.likeness, names=names)
    distances = compared.distances(asked.likeness)
    for number, piece in enumerate(pieces):
        is_moved = asked.moves_the_piece(piece)
        order = OPPOSITE if is_moved else slice(None)
        said = {name: part[order, number] for name, part in compared.others.items()}
        yield _nearest(piece, distances[order, number], said, is_moved=is_moved)


def _moved_itself(asked: Asked, piece: Features, embedder: Embedder, names: Sequence[PartName]) -> Measured:
    there = comparable(piece, asked.likeness, embedder, names=names, keys=len(TRANSPOSITIONS))
    compared = parts(there, [as_it_is(asked.here)], likeness=asked.likeness, names=names)
    said = {name: part[:, 0] for name, part in compared.others.items()}
    return _nearest(piece, compared.distances(asked.likeness)[:, 0], said, is_moved=True)


def _nearest(
    piece: Features, distances: NDArray[np.float64], said: Mapping[PartName, NDArray[np.float64]], *, is_moved: bool
) -> Measured:
    single = distances.astype(np.float32)
    nearest = single.min()
    return Measured(piece, nearest, np.flatnonzero(single == nearest), is_moved, said)


def grouped(pieces: Iterable[Piece], count: int) -> Iterator[list[Piece]]:
    """Pieces in groups of so many, the last one of fewer."""
    remaining = iter(pieces)
    while some := list(islice(remaining, count)):
        yield some


def as_it_is(piece: Comparable) -> Comparable:
    """A piece in its own key alone."""
    return replace(piece, bars=piece.bars[:1], keys=1)
