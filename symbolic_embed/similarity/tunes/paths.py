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

PITCH, WRONG = 144, 240
TIME, HURRIED = 80, 180
OCTAVE = 128
MISSING, MISSING_AGAIN = 80, 10
ADDED, ADDED_AGAIN = 240, 75
NEARLY = 60  # cents
KEY_FOLLOWS, TEMPO_FOLLOWS = 6, 5  # sixteenths of what a pair is off by
LINE_STEPS, QUERY_STEPS = 4, 2
NEVER = 1 << 24  # a cost
FURTHEST = 1 << 12  # hundredths that a time can be off by
TIMES_FOLLOWED = 100  # of what a time is off by; more is a breath
CODE = 4  # bits below a cost, which say by which step it was come to

Table = NDArray[np.int32]  # (stretches, notes)


class Paths(NamedTuple):
    """The cheapest path along each stretch. cost: int64 (stretches,). note: the note of the lines that each note of the
    tune is paired with, -1 for none; int64 (stretches, notes of the tune)."""

    cost: NDArray[np.int64]
    note: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Row:
    """What the cheapest path to a note of the tune and each of the line costs, by how many cents the tune lies above
    the line there, how much longer its times are, and where that is known, 1, or not yet, 0."""

    cost: Table
    above: Table
    slower: Table
    is_known: Table


@dataclass(frozen=True, eq=False)
class _Along:
    """Stretches as tables of notes. note: which of the lines' it is; pitch: cents; is_there: where a line has not
    ended; times, left_out: by how many notes a step takes, the time of it and what the notes between cost."""

    note: NDArray[np.int64]
    pitch: Table
    is_there: NDArray[np.bool_]
    times: dict[int, Table]
    left_out: dict[int, Table]

    def time_of(self, steps: Table) -> Table:
        """The times that steps by so many notes of the line take, (stretches, notes)."""
        found = np.zeros_like(self.pitch)
        for step, time in self.times.items():
            np.add(found[:, step:], time * (steps[:, step:] == step), out=found[:, step:])
        return found


def paths(query: TuneQuery, lines: TuneLines, found: Stretches) -> Paths:
    """The cheapest path of a tune along each stretch, which is looked at from half a tune before to a tune after."""
    along = _along(query, lines, found)
    rows: list[_Row] = []
    chosen: list[NDArray[np.int8]] = []
    for place in range(len(query)):
        row, steps = _next(query, along, rows, place)
        rows.append(row)
        chosen.append(steps.astype(np.int8))
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


def _next(query: TuneQuery, along: _Along, rows: list[_Row], place: int) -> tuple[_Row, Table]:
    """The row of a note of the tune, and by which step each pair of it was come to, 0 where a path begins there."""
    height = query.cents[place] - along.pitch
    best = np.where(along.is_there, np.int32(ADDED * place << CODE), np.int32(NEVER << CODE))
    for back, on in _steps(place):
        there, late = rows[-back], query.times(back)[place - back] - along.times[on]
        off = height[:, on:] - there.above[:, :-on]
        wrong = (late - there.slower[:, :-on]) * there.is_known[:, :-on]
        total = _pair_cost(off, wrong) + there.cost[:, :-on] + (along.left_out[on] + _added(query, place, back))
        np.minimum(best[:, on:], (total << CODE) + _code(back, on), out=best[:, on:])
    step = best & ((1 << CODE) - 1)
    cost = np.where(along.is_there, best >> CODE, np.int32(NEVER))
    if not rows:
        return _Row(cost, height, np.zeros_like(height), np.zeros_like(height)), step
    return _followed(query, along, rows, place, step, cost), step


def _followed(query: TuneQuery, along: _Along, rows: list[_Row], place: int, step: Table, cost: Table) -> _Row:
    """A row, where the steps to it are known: key and tempo as they were before them, but nearer to what is here."""
    height, every = query.cents[place] - along.pitch, np.arange(cost.size).reshape(cost.shape)
    back, on = np.divmod(np.maximum(step - 1, 0), LINE_STEPS)
    before = np.maximum(every - on - 1, 0) + np.minimum(back, len(rows) - 1) * cost.size
    last = rows[: -QUERY_STEPS - 1 : -1]
    above, slower, is_known = (
        np.stack([getattr(row, name) for row in last]).reshape(-1).take(before)
        for name in ("above", "slower", "is_known")
    )
    times = [query.times(steps)[place - steps] for steps in range(1, len(last) + 1)]
    late = np.array(times, np.int32).take(back, mode="clip") - along.time_of(on + 1)
    key, tempo = max(16 // (place + 1), KEY_FOLLOWS), max(16 // place, TEMPO_FOLLOWS)
    near = _within_octave(height - above)[0]
    above += (near * key >> 4) * (np.abs(near) < WRONG)
    kept = np.clip(late - slower, -TIMES_FOLLOWED, TIMES_FOLLOWED)
    slower = np.where(is_known, slower + (kept * tempo >> 4), late)
    goes_on = step > 0
    return _Row(cost, np.where(goes_on, above, height), slower * goes_on, goes_on.astype(np.int32))


def _code(back: int, on: int) -> int:
    """A step as a number, from 1."""
    return (back - 1) * LINE_STEPS + on


def _steps(place: int) -> Iterator[tuple[int, int]]:
    """By how many notes of the tune, and of the line, a step may go that ends at a note of the tune."""
    for back in range(1, min(QUERY_STEPS, place) + 1):
        for on in range(1, LINE_STEPS + 1):
            yield back, on


def _within_octave(off: Table) -> tuple[Table, Table]:
    """What remains of an interval when it is brought within half an octave, and by how many octaves it was."""
    octaves = (off + 6 * CENTS) // (12 * CENTS)
    return off - 12 * CENTS * octaves, octaves


def _pair_cost(off: Table, wrong: Table) -> Table:
    near, octaves = _within_octave(off)
    pitch = near * near // PITCH
    pitch += (octaves != 0) * np.int32(OCTAVE)
    late = np.clip(wrong, -FURTHEST, FURTHEST)
    cost: Table = np.minimum(pitch, WRONG) + np.minimum(late * late // TIME, HURRIED)
    return cost


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
