"""How alike a melody is to very many others, about: `melody`, in one key alone and with no note left out.

The best stretch of one line beside an equally long stretch of another is found for all others at once, which lie end to
end: a note of the query costs three passes over them. No stretch that has notes left out earns less than its parts, so
the distance is never smaller than that of `melody` in this key.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.similarity.melody import EARNED, MOVES, Melody

AT_A_TIME = 16_384  # notes of others
PITCHES, WEIGHTS = 384, 16  # of notes that were moved by any interval, from -128 on; of any length
BETWEEN = -32_000  # what crossing from one line to the next earns


def likeliest_moves(query: Melody, profiles: NDArray[np.float32]) -> NDArray[np.int64]:
    """By how many semitones a melody is moved to each of others, whose profiles are given, (others, 128): where they
    have most in common; int64 (others,)."""
    padded = np.pad(query.profile.astype(np.float32), MOVES.max())
    moved = np.lib.stride_tricks.sliding_window_view(padded, 128)[::-1]
    likeliest: NDArray[np.int64] = MOVES[np.argmax(profiles @ moved.T, axis=1)]
    return likeliest


def ungapped_distances(
    query: Melody, notes: NDArray[np.uint8], counts: NDArray[np.int64], moves: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The distance of a melody, moved by so many semitones to each, to others that have so many notes each, pitch and
    weight, (2, notes), end to end; float64 (others,), NaN where either has none."""
    distances = np.full(len(counts), np.nan)
    sung = np.flatnonzero(counts)
    if not len(query.pitch) or not len(sung):
        return distances
    kinds, line = np.unique(np.stack([query.pitch, query.weight]), axis=1, return_inverse=True)
    table, line = _earned(kinds), line.ravel()
    ends = ranges.offsets(counts[sung] + 1)
    places = _places(notes, counts[sung], moves[sung])
    found = [
        _scores(table, line, places[ends[first] : ends[last]], ends[first:last] - ends[first])
        for first, last in _parts(ends)
    ]
    alone = (
        EARNED[0] ** 2
        * query.weight.sum()
        * np.add.reduceat(notes[1].astype(np.int64), ranges.offsets(counts[sung])[:-1])
    )
    distances[sung] = 1 - np.concatenate(found) / np.sqrt(alone)
    return distances


def _earned(kinds: NDArray[np.int64]) -> NDArray[np.int16]:
    """What each of some notes, pitch and weight (2, kinds), earns beside every note, and last between two lines; int16
    (kinds, PITCHES * WEIGHTS + 1)."""
    apart = np.minimum(np.abs(np.arange(PITCHES) - 128 - kinds[0][:, None]), len(EARNED) - 1)
    earned = EARNED[apart][:, :, None] * np.minimum(np.arange(WEIGHTS), kinds[1][:, None, None])
    between = np.full((len(earned), 1), BETWEEN)
    return np.concatenate([earned.reshape(len(earned), -1), between], axis=1).astype(np.int16)


def _places(notes: NDArray[np.uint8], counts: NDArray[np.int64], moves: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where in the table of what is earned each note stands, and what is between lines behind each of them."""
    pitch, weight = notes.astype(np.intp)
    places = (pitch - np.repeat(moves, counts) + 128) * WEIGHTS + weight
    return np.insert(places, ranges.offsets(counts)[1:], PITCHES * WEIGHTS)


def _parts(ends: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Lines in groups of about AT_A_TIME notes: the first, and the one after the last."""
    parts, first = [], 0
    while first < len(ends) - 1:
        last = max(int(np.searchsorted(ends, ends[first] + AT_A_TIME, side="right")) - 1, first + 1)
        parts.append((first, last))
        first = last
    return parts


def _scores(
    table: NDArray[np.int16], line: NDArray[np.int64], places: NDArray[np.intp], begins: NDArray[np.int64]
) -> NDArray[np.int16]:
    """The best score of a line, whose notes are of kinds in the table, with each of others that begin at `begins`."""
    earned = np.stack([row.take(places) for row in table])
    best = np.zeros(len(places), np.int16)
    before, now = np.zeros((2, len(places) + 1), np.int16)  # the first stands before all lines
    for kind in line:
        scores = now[1:]
        np.add(before[:-1], earned[kind], out=scores)
        np.maximum(scores, 0, out=scores)
        np.maximum(best, scores, out=best)
        before, now = now, before
    scored: NDArray[np.int16] = np.maximum.reduceat(best, begins)
    return scored
