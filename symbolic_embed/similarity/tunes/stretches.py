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
from symbolic_embed.similarity.tunes.lines import TuneLines, times
from symbolic_embed.similarity.tunes.query import CENTS, TuneQuery

WINDOW = 5  # notes
FINE = 5  # a semitone: the mean of five notes is a whole number of these
PITCH_MOST = 12 * FINE  # from the mean of a window
TIME_UNIT = 40  # of four times TIMES: ten a doubling, twice as much as a semitone
TIME_MOST = 20
REACH = 100  # squares of these units: two semitones
EARNED = 1000  # by an exact window
HALF = 24  # notes of half a stretch, at least
AT_A_TIME = 8_192  # notes of lines
BETWEEN = 1e6  # how far a window is that reaches into the next line

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
    asked = _query_windows(query, notes)
    halves = np.empty((len(asked), len(begin)), np.float32)
    for first, last in _parts(begin):
        end = int(begin[last]) if last < len(begin) else len(lines.pitch)
        apart = _distances(asked, lines, int(begin[first]), end, notes)
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


def _distances(asked: NDArray[np.float32], lines: TuneLines, begin: int, end: int, notes: int) -> NDArray[np.float32]:
    """The squared distance of each window of the tune to that beginning at each of some notes of lines; float32
    (windows, notes)."""
    upto = min(end + notes - 1, len(lines.pitch))
    pitch, onset = lines.pitch[begin:upto], lines.onset[begin:upto]
    there = np.full((end - begin, asked.shape[1]), BETWEEN, np.float32)
    windows = _windows(CENTS * pitch, times(np.diff(onset)), notes)
    there[: len(windows), :-2] = windows
    there[: len(windows), -2] = np.einsum("ij,ij->i", windows, windows)
    there[:, -1] = 1
    ends = lines.begins[1:]
    line_end = ends[np.searchsorted(ends, np.arange(begin, end), side="right")]
    across = np.arange(begin, end) + notes > line_end
    there[across, :-2], there[across, -2] = 0, BETWEEN
    distances: NDArray[np.float32] = asked @ there.T
    return distances


def _query_windows(query: TuneQuery, notes: int) -> NDArray[np.float32]:
    """The windows of a tune as rows whose product with those of lines is a squared distance."""
    windows = _windows(query.cents, query.times(1), notes)
    ones = np.ones((len(windows), 1), np.float32)
    return np.concatenate([-2 * windows, ones, np.einsum("ij,ij->i", windows, windows)[:, None]], axis=1)


def _windows(cents: NDArray[np.int32], apart: NDArray[np.int32], notes: int) -> NDArray[np.float32]:
    """What every so many notes have in whatever key and tempo: pitches from their mean, in FINE a semitone, and times
    from theirs; whole numbers, float32 (windows, 2 * notes - 1)."""
    if len(cents) < notes:
        return np.zeros((0, 2 * notes - 1), np.float32)
    pitch = np.lib.stride_tricks.sliding_window_view(cents, notes)
    above = np.rint((notes * pitch - pitch.sum(axis=1, keepdims=True)) * (FINE / (notes * CENTS)))
    time = np.lib.stride_tricks.sliding_window_view(apart, notes - 1)
    longer = np.rint(((notes - 1) * time - time.sum(axis=1, keepdims=True)) / TIME_UNIT)
    both = [np.clip(above, -PITCH_MOST, PITCH_MOST), np.clip(longer, -TIME_MOST, TIME_MOST)]
    return np.concatenate(both, axis=1).astype(np.float32)
