"""Runs of notes that two pieces share: the longest through each of some notes, found exactly.

A run is notes in a row on the top line of a part, blind to key: the same intervals in the same rhythm. Two notes in a
row are a *move*, an interval and the time to the next; runs in common are common substrings of moves. They are found by
dynamic programming: after move p of one piece, a row says for every move q of the other how long the run is that ends
with both. The next row follows from it alone.

Only runs with a new note count, and new notes are often few in a long piece. So rows are computed from the first new
note on, for as long as a run that holds a new note goes on; the row before the first is read off backwards, move by
move, where anything matches at all.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.originality.fingerprint import Lines

ACROSS_PARTS = -1  # no move: the notes are of two parts


def longest_shared(
    known: Lines, lines: Lines, *, new: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The longest run through each new note (bool (notes,)) of `lines` that stands in `known`, in notes, and the index
    of its last note there (-1: none); int64 (notes,). Of other notes nothing is promised."""
    longest, ends = np.zeros(len(lines.part), np.int64), np.full(len(lines.part), -1)
    for last, length, end in _runs(_moves(known), _moves(lines), new=new):
        covered = slice(last + 1 - length, last + 1)
        better = longest[covered] < length
        longest[covered][better], ends[covered][better] = length, end
    return longest, ends


def _runs(
    theirs: NDArray[np.int64], ours: NDArray[np.int64], *, new: NDArray[np.bool_]
) -> Iterator[tuple[int, int, int]]:
    """The longest run that ends with each note of ours, wherever it may hold a new note: the index of that note, the
    length in notes, the index of the last note of theirs."""
    if not (len(theirs) and len(ours)):
        return
    last_new = np.maximum.accumulate(np.where(new, np.arange(len(new)), -1))
    touches_new = new[:-1] | new[1:]  # moves to or from a new note
    row, move = np.zeros(0, np.int64), -2  # the row after which move
    for first in np.flatnonzero(touches_new).tolist():
        if first <= move:
            continue
        if first - 1 != move:
            row = _row_before(theirs, ours, first)
        for move in range(first, len(ours)):
            row = _next_row(row, theirs, int(ours[move]))
            end = int(row.argmax())
            moves = int(row[end])
            if moves:
                yield move + 1, moves + 1, end + 1
            holds_new = move + 1 - moves <= last_new[move + 1]
            if not holds_new:
                break


def _next_row(row: NDArray[np.int64], theirs: NDArray[np.int64], move: int) -> NDArray[np.int64]:
    """For each move of theirs how many moves the run has that ends with it and with the next of ours, `move`."""
    before = np.concatenate([np.zeros(1, np.int64), row[:-1]])
    return np.where((theirs == move) & (move != ACROSS_PARTS), before + 1, 0)


def _row_before(theirs: NDArray[np.int64], ours: NDArray[np.int64], move: int) -> NDArray[np.int64]:
    """The row after the move before `move`, read off backwards."""
    row, alive = np.zeros(len(theirs), np.int64), np.arange(len(theirs))
    for back in range(move):
        ours_there = ours[move - 1 - back]
        if ours_there == ACROSS_PARTS:
            break
        alive = alive[alive >= back]
        alive = alive[theirs[alive - back] == ours_there]
        if not len(alive):
            break
        row[alive] += 1
    return row


def _moves(lines: Lines) -> NDArray[np.int64]:
    """Interval and time from each note to the next as one number; int64 (notes - 1,)."""
    moves = (np.diff(lines.pitch) + 128) * 2**32 + np.diff(lines.onset_steps)
    return np.where(np.diff(lines.part) == 0, moves, ACROSS_PARTS)
