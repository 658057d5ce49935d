"""How far a tune is from pieces, sung in whatever key and tempo, and where it lies in them.

First, where it may lie, in which line (`stretches`); then note by note along the likeliest STRETCHES of each piece
(`paths`). Of each of them counts what the path costs, a share of what it would cost were every note wrong, and what
the first look missed, and of a piece the least of it:

    d = (cost / (WRONG * notes) + FIRST_LOOK * (1 - earned)) / UNRELATED

which is 0 for the tune itself, in any key and tempo, and has a median of 1 for pieces that it is not from. Everything
is a function of the tune and the piece alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.tunes import TOGETHER
from symbolic_embed.similarity.tunes.lines import TuneLines
from symbolic_embed.similarity.tunes.paths import ADDED, WRONG, Paths, paths
from symbolic_embed.similarity.tunes.query import TuneQuery
from symbolic_embed.similarity.tunes.stretches import EARNED, Stretches, likely, stretches

STRETCHES = 2  # of each piece
FIRST_LOOK = 0.5
UNRELATED = 1.04


class TunePlace(NamedTuple):
    """Where a tune lies in a piece. transposition: by how many semitones (-5 to 6) it is to be moved; track: from 0,
    None where it lies in no part; bar, last_bar: from 0; note: which of the tune's is the first that has one beside
    it."""

    distance: float
    transposition: int
    track: int | None
    bar: int
    last_bar: int
    note: int


NOWHERE = TunePlace((ADDED / WRONG + FIRST_LOOK) / UNRELATED, 0, None, 0, 0, 0)  # in a piece without a line


def tune_places(query: TuneQuery, lines: TuneLines, *, most: int | None = None) -> list[TunePlace]:
    """Where a tune lies in each of some pieces, at what distance; with `most` only in so many, those that earn most at
    first, and in all others NOWHERE."""
    places = [NOWHERE] * lines.pieces
    if not len(lines.counts):
        return places
    found = likely(stretches(query, lines), lines, count=STRETCHES)
    if most is not None and most < lines.pieces:
        likeliest = np.argsort(-_best_of(found, lines), kind="stable")[:most]
        found = found.where(np.flatnonzero(np.isin(lines.piece[found.line], likeliest)))
    laid = paths(query, lines, found)
    distances = _distances(query, found, laid)
    order = np.lexsort((found.begin, distances, lines.piece[found.line]))
    numbers, first = np.unique(lines.piece[found.line][order], return_index=True)
    best = order[first]
    told = _places(query, lines, found.line[best], laid.note[best], distances[best])
    for number, place in zip(numbers.tolist(), told, strict=True):
        places[number] = place
    return places


def first_look(query: TuneQuery, lines: TuneLines) -> NDArray[np.int64]:
    """What the likeliest stretch of each of some pieces earns at first, 0 to EARNED, -1 where there is none; int64
    (pieces,)."""
    return _best_of(stretches(query, lines), lines)


def _best_of(found: Stretches, lines: TuneLines) -> NDArray[np.int64]:
    """What the best stretch of each piece earns."""
    earned = np.full(lines.pieces, -1, np.int64)
    np.maximum.at(earned, lines.piece[found.line], found.earned)
    return earned


def _distances(query: TuneQuery, found: Stretches, laid: Paths) -> NDArray[np.float64]:
    missed = FIRST_LOOK * (EARNED - found.earned) / EARNED
    distances: NDArray[np.float64] = (laid.cost / (WRONG * len(query)) + missed) / UNRELATED
    return distances


def _places(
    query: TuneQuery,
    lines: TuneLines,
    line: NDArray[np.int64],
    note: NDArray[np.int64],
    distances: NDArray[np.float64],
) -> Iterator[TunePlace]:
    """Where paths lie, (paths, notes of the tune), each in a line."""
    is_paired = note >= 0
    apart = np.where(is_paired, lines.pitch[note] - query.pitch, np.nan)
    semitones = (np.rint(np.nanmedian(apart, axis=1)).astype(np.int64) + 5) % 12 - 5
    ends = is_paired.argmax(axis=1), note.shape[1] - 1 - is_paired[:, ::-1].argmax(axis=1)
    every = np.arange(len(note))
    first, last = (lines.bar[note[every, end]] for end in ends)
    columns = distances, semitones, lines.track[line], first, last, ends[0]
    for distance, moved, track, bar, last_bar, begin in zip(*(one.tolist() for one in columns), strict=True):
        yield TunePlace(distance, moved, None if track == TOGETHER else track, bar, last_bar, begin)
