"""A tune laid along stretches of lines: which note is which, at what cost.

Dynamic programming over the notes of the tune (rows) and those of each stretch (columns), for all stretches at once. A
path goes from a pair of notes to the next by one or two notes of the tune and one to LINE_STEPS of the line, so that
notes can be missing, too many, or split. It remembers how far the tune lies above the line, and how much slower it is;
both follow slowly, so that key and tempo may drift. A pair costs

    e² / PITCH      e: by how many cents it is off from where the tune lies; at most WRONG, that of a wrong note
    t² / TIME       t: by how many hundredths of a doubling the time since the last pair is off; at most HURRIED
    OCTAVE          where it is an octave off, whatever it is off besides
    MISSING, MISSING_AGAIN      for each note of the line left out; less for one that repeats the note before it
    ADDED, ADDED_AGAIN          for each note of the tune left out, those before the first pair and after the last too;
                                less for one nearly as high as the note before it, which is one that was split

The choices were made greedily, the cheapest way into each pair, and with it its key and tempo: so it is not the least
cost of all paths, but near it. All numbers are whole.

The weights were searched on hummers made up for tunes of the validation split (`benchmarks/humming.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.tunes.lines import TuneLines, times
from symbolic_embed.similarity.tunes.query import CENTS, TuneQuery
from symbolic_embed.similarity.tunes.stretches import Stretches, half_of

PITCH, WRONG = 90, 150
TIME, HURRIED = 80, 180
OCTAVE = 100
MISSING, MISSING_AGAIN = 80, 10
ADDED, ADDED_AGAIN = 150, 60
NEARLY = 60  # cents
KEY_FOLLOWS, TEMPO_FOLLOWS = 6, 4  # sixteenths of what a pair is off by
LINE_STEPS, QUERY_STEPS = 4, 2
NEVER = 1 << 24  # a cost
ANY = 1 << 20  # a tempo before two notes have been paired
FURTHEST = 1 << 12  # hundredths that a time can be off by

Table = NDArray[np.int32]  # (stretches, notes)


class Paths(NamedTuple):
    """The cheapest path along each stretch. cost: int64 (stretches,). note: the note of the lines that each note of the
    tune is paired with, -1 for none; int64 (stretches, notes of the tune)."""

    cost: NDArray[np.int64]
    note: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Row:
    """What the cheapest path to a note of the tune and each of the line costs, by how many cents the tune lies above
    the line there, and how much longer its times are."""

    cost: Table
    above: Table
    slower: Table

    def until(self, columns: int) -> _Row:
        """Without the last columns."""
        return _Row(self.cost[:, :-columns], self.above[:, :-columns], self.slower[:, :-columns])


@dataclass(frozen=True, eq=False)
class _Along:
    """Stretches as tables of notes. note: which of the lines' it is; pitch: cents; is_there: where a line has not
    ended; times, left_out: by how many notes a step takes, the time of it and what the notes between cost."""

    note: NDArray[np.int64]
    pitch: Table
    is_there: NDArray[np.bool_]
    times: dict[int, Table]
    left_out: dict[int, Table]


def paths(query: TuneQuery, lines: TuneLines, found: Stretches) -> Paths:
    """The cheapest path of a tune along each stretch, which is looked at from half a tune before to a tune after."""
    along = _along(query, lines, found)
    rows: list[_Row] = []
    chosen: list[NDArray[np.int8]] = []
    for place in range(len(query)):
        row, steps = _next(query, along, rows, place)
        rows.append(row)
        chosen.append(steps)
    left = ADDED * np.arange(len(query) - 1, -1, -1)
    costs = np.stack([row.cost for row in rows], axis=1) + left[:, None]  # (stretches, tune, notes)
    flat = costs.reshape(len(costs), -1)
    last = np.argmin(flat, axis=1)
    return Paths(flat[np.arange(len(flat)), last], _traced(along, np.stack(chosen, axis=1), last))


def _along(query: TuneQuery, lines: TuneLines, found: Stretches) -> _Along:
    before = len(query) // 2
    begin = np.maximum(found.begin - before, lines.begins[found.line])
    note = begin[:, None] + np.arange(2 * half_of(query) + before + len(query))
    end = lines.begins[found.line + 1][:, None]
    is_there, note = note < end, np.minimum(note, end - 1)
    pitch, onset = CENTS * lines.pitch[note], lines.onset[note]
    steps = range(1, LINE_STEPS + 1)
    return _Along(
        note,
        pitch,
        is_there,
        {step: times(onset[:, step:] - onset[:, :-step]) for step in steps},
        {step: _left_out(pitch, step) for step in steps},
    )


def _left_out(pitch: Table, step: int) -> Table:
    """What the notes cost that a step to each note, from the one so many before it, leaves out."""
    count = pitch.shape[1] - step
    cost = np.zeros((len(pitch), count), np.int32)
    for between in range(1, step):
        again = pitch[:, between : between + count] == pitch[:, :count]
        cost += np.where(again, np.int32(MISSING_AGAIN), np.int32(MISSING))
    return cost


def _next(query: TuneQuery, along: _Along, rows: list[_Row], place: int) -> tuple[_Row, NDArray[np.int8]]:
    """The row of a note of the tune, and by which step each pair of it was come to, 0 where a path begins there."""
    shape = along.pitch.shape
    cost = np.where(along.is_there, np.int32(ADDED * place), np.int32(NEVER))
    above = query.cents[place] - along.pitch
    slower, chosen = np.full(shape, ANY, np.int32), np.zeros(shape, np.int8)
    for back, on in _steps(place):
        there = rows[-back].until(on)
        off = query.cents[place] - along.pitch[:, on:] - there.above
        late = query.times(back)[place - back] - along.times[on]
        is_first = there.slower == ANY
        wrong = np.where(is_first, np.int32(0), late - there.slower)
        near, folded = _within_octave(off)
        total = there.cost + _pair_cost(near, folded, wrong) + (along.left_out[on] + _added(query, place, back))
        better = (total < cost[:, on:]) & along.is_there[:, on:]
        follows = max(16 // (place + 1), KEY_FOLLOWS), max(16 // place, TEMPO_FOLLOWS)
        nearer = np.where(np.abs(near) < WRONG, (near * follows[0]) >> 4, 0)
        kept = np.clip(wrong, -TIMES_FOLLOWED, TIMES_FOLLOWED)
        np.copyto(cost[:, on:], total, where=better)
        np.copyto(above[:, on:], there.above + nearer, where=better)
        np.copyto(slower[:, on:], np.where(is_first, late, there.slower + ((kept * follows[1]) >> 4)), where=better)
        chosen[:, on:][better] = (back - 1) * LINE_STEPS + on
    return _Row(cost, above, slower), chosen


TIMES_FOLLOWED = 100  # of what a time is off by; more is a breath


def _steps(place: int) -> Iterator[tuple[int, int]]:
    """By how many notes of the tune, and of the line, a step may go that ends at a note of the tune."""
    for back in range(1, min(QUERY_STEPS, place) + 1):
        for on in range(1, LINE_STEPS + 1):
            yield back, on


def _within_octave(off: Table) -> tuple[Table, NDArray[np.bool_]]:
    """What remains of an interval when it is brought within half an octave, and where it was not before."""
    octaves = (off + 6 * CENTS) // (12 * CENTS)
    return off - 12 * CENTS * octaves, octaves != 0


def _pair_cost(near: Table, folded: NDArray[np.bool_], wrong: Table) -> Table:
    pitch = np.minimum(near * near // PITCH + np.where(folded, np.int32(OCTAVE), np.int32(0)), WRONG)
    late = np.clip(wrong, -FURTHEST, FURTHEST)
    return np.asarray(pitch + np.minimum(late * late // TIME, HURRIED), np.int32)


def _added(query: TuneQuery, place: int, back: int) -> int:
    """What the notes of the tune cost that a step to one of them leaves out."""
    first = query.cents[place - back]
    between = query.cents[place - back + 1 : place]
    return int(np.where(np.abs(between - first) < NEARLY, ADDED_AGAIN, ADDED).sum())


def _traced(along: _Along, chosen: NDArray[np.int8], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Paths back from their last pairs, (stretches,), by the steps that were chosen, (stretches, tune, notes)."""
    every, width = np.arange(len(chosen)), chosen.shape[2]
    place, column = np.divmod(last, width)
    note = np.full(chosen.shape[:2], -1, np.int64)
    while True:
        going = place >= 0
        if not going.any():
            return note
        here = every[going]
        note[here, place[going]] = along.note[here, column[going]]
        step = chosen[here, place[going], column[going]].astype(np.int64)
        back, on = np.divmod(step - 1, LINE_STEPS)
        column[going] -= on + 1
        place[going] = np.where(step == 0, -1, place[going] - back - 1)
