"""Where in very many lines a tune may lie: a first look, that costs two matrix products.

Every WINDOW notes of the tune are compared with every WINDOW notes of every line, by their pitches above their mean and
the logarithms of their times above theirs: neither key nor tempo counts, and an error spoils no more windows than it
lies in. Lines are cut into stretches about twice as long as the tune, each half of which is half of another; what a
stretch earns is the mean over the windows of the tune of

    exp(-d² / REACH),    d: the distance to the nearest window of the stretch

All numbers are whole, so it is the same whatever else is looked at beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.similarity.tunes.lines import TuneLines
from symbolic_embed.similarity.tunes.query import TuneQuery
from symbolic_embed.similarity.tunes.windows import WINDOW, windows_of_tune

REACH = 100  # squares of FINE: two semitones
EARNED = 1000  # by an exact window
HALF = 24  # notes of half a stretch, at least
AT_A_TIME = 8_192  # notes of lines

_EARNED = np.append(np.rint(EARNED * np.exp(-np.arange(8 * REACH) / REACH)), 0).astype(np.int32)


class Stretches(NamedTuple):
    """Stretches of lines: of which line; at which note they begin; what they earn, 0 to EARNED; int64 (stretches,)."""

    line: NDArray[np.int64]
    begin: NDArray[np.int64]
    earned: NDArray[np.int64]

    def where(self, chosen: NDArray[np.int64]) -> Stretches:
        """Some of them."""
        return Stretches(self.line[chosen], self.begin[chosen], self.earned[chosen])


def half_of(query: TuneQuery) -> int:
    """How many notes half a stretch has for a tune."""
    return max(HALF, -(-len(query) // 8) * 8)


def stretches(query: TuneQuery, lines: TuneLines) -> Stretches:
    """All stretches of lines with what they earn, in order."""
    half, notes = half_of(query), min(WINDOW, len(query))
    counts = -(-lines.counts // half)
    line = ranges.owners(counts)
    begin = lines.begins[line] + half * ranges.ordinals(counts)
    asked, there = windows_of_tune(query.cents, query.times(1), notes), lines.windows(notes)
    halves = np.empty((len(asked), len(begin)), np.float32)
    for first, last in _parts(begin):
        end = int(begin[last]) if last < len(begin) else len(lines.pitch)
        apart = asked @ there[begin[first] : end].T
        np.minimum.reduceat(apart, begin[first:last] - begin[first], axis=1, out=halves[:, first:last])
    goes_on = np.append(line[1:] == line[:-1], False)[: len(line)]
    after = np.concatenate([halves[:, 1:], halves[:, :1]], axis=1)
    nearest = np.where(goes_on, np.minimum(halves, after), halves)
    earned = _EARNED.take(nearest.astype(np.int64), mode="clip").sum(axis=0) // len(asked)
    return Stretches(line, begin, earned.astype(np.int64))


def likely(found: Stretches, lines: TuneLines, *, count: int) -> Stretches:
    """Of each piece the stretches that earn most, so many; of equal ones the first."""
    piece = lines.piece[found.line]
    order = np.lexsort((-found.earned, piece))
    begins = np.flatnonzero(np.diff(piece[order], prepend=-1))
    place = ranges.ordinals(np.diff(np.append(begins, len(order))))
    return found.where(np.sort(order[place < count]))


def _parts(begin: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Half stretches in groups of about AT_A_TIME notes: the first, and the one after the last."""
    first = 0
    while first < len(begin):
        last = max(int(np.searchsorted(begin, begin[first] + AT_A_TIME)), first + 1)
        yield first, last
        first = last
