"""Which beats of a performance begin bars, and how many make one.

A bar begins where harmony changes, where the bass is struck, where long notes begin, where more is struck; on drums
where the kick is, and not the snare. Each beat has these features, as far as they are beside those of the
beats around it; a logistic model (EVIDENCE) turns them into how much likelier the beat is a bar's first than another.
Of all ways to count through (in two, three or four, from any beat on) the one is taken whose first beats are likeliest.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.score import Score

NEAR_SECONDS, NEAR_BEATS = 0.08, 0.2  # what begins so near to a beat is on it
FEWEST_BEATS: Final = 8
AROUND: Final = 8  # beats on either side, with which a beat is compared
LONGEST_BEATS: Final = 8
KICKS, SNARES = (35, 36), (37, 38, 39, 40)
# What each feature is worth, in nats, the first alone (`benchmarks/beats.py --fit --split train --pieces 400`).
EVIDENCE: Final = np.array([-0.2, 0.18, -0.76, 0.78, 2.84, 1.04, 0.89, 1.79, -0.81])
FARTHEST: Final = 3.0  # nats: no beat alone says more


class Counted(NamedTuple):
    """How bars are counted: how many beats make one, and how many come before the first barline."""

    per_bar: int
    pick_up: int


class _Struck(NamedTuple):
    """The notes of a score, in columns (n,): begin and end in beats, float64; the nearest beat, int64, and whether the
    note begins on it; pitch, int64; whether it is struck on drums."""

    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    beat: NDArray[np.int64]
    is_on: NDArray[np.bool_]
    pitch: NDArray[np.int64]
    is_drum: NDArray[np.bool_]


def counted(score: Score, beats: NDArray[np.float64], *, choices: dict[int, float]) -> Counted:
    """How the beats of a score, in seconds, are best counted; too few of them from the first on. `choices`: how many
    may make a bar, and how many nats a bar more likely each is before anything is heard."""
    if len(beats) < FEWEST_BEATS:
        return Counted(max(choices, key=lambda per_bar: choices[per_bar]), 0)
    evidence = np.clip(features(score, beats) @ EVIDENCE[1:] + EVIDENCE[0], -FARTHEST, FARTHEST)
    ways = {
        (per_bar, phase): float(evidence[phase::per_bar].sum()) / len(beats) + nats / per_bar
        for per_bar, nats in choices.items()
        for phase in range(per_bar)
    }
    return Counted(*max(ways, key=lambda way: ways[way]))


def features(score: Score, beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each beat has that the beats around it have not; float64 (beats, features): onsets, whether there is one,
    how low the lowest is, how long the longest; how much the harmony changes here, of one beat and of two; kicks and
    snares."""
    notes = _struck(score, beats)
    count = len(beats)
    pitched, on = ~notes.is_drum, notes.is_on
    columns = np.zeros((count, 8))
    columns[:, 0] = np.log1p(np.bincount(notes.beat[on], minlength=count))
    columns[:, 1] = columns[:, 0] > 0
    lowest = _highest((127 - notes.pitch).astype(np.float64), notes.beat, on & pitched, count)
    usual = np.median(lowest[lowest > 0]) if (lowest > 0).any() else 0.0
    columns[:, 2] = np.where(lowest > 0, np.clip((lowest - usual) / 12, -1.5, 1.5), 0)
    lasting = np.minimum(notes.end - notes.begin, LONGEST_BEATS)
    columns[:, 3] = np.log1p(_highest(lasting, notes.beat, on & pitched, count))
    chroma = _chroma(notes, count)
    columns[:, 4], columns[:, 5] = _change(chroma, 1), _change(chroma, 2)
    for column, keys in ((6, KICKS), (7, SNARES)):
        struck = on & notes.is_drum & np.isin(notes.pitch, keys)
        columns[np.unique(notes.beat[struck]), column] = 1.0
    return columns - _around(columns)


def _struck(score: Score, beats: NDArray[np.float64]) -> _Struck:
    rows = np.concatenate([track.notes.rows() for track in score.tracks])
    is_drum = np.repeat([track.is_drum for track in score.tracks], [len(track.notes) for track in score.tracks])
    begin = seconds(rows[:, 0], tempi=score.tempi, division=score.division)
    end = seconds(rows[:, 0] + rows[:, 1], tempi=score.tempi, division=score.division)
    numbers = np.arange(len(beats))
    nearest = np.clip(np.searchsorted(beats, begin), 1, len(beats) - 1)
    nearest -= begin - beats[nearest - 1] < beats[nearest] - begin
    beside = np.abs(begin - beats[nearest])
    near = np.minimum(NEAR_SECONDS, NEAR_BEATS * float(np.median(np.diff(beats))))
    begin, end = np.interp(begin, beats, numbers), np.interp(end, beats, numbers)
    return _Struck(begin, end, nearest, beside <= near, rows[:, 2], is_drum)


def _highest(
    values: NDArray[np.float64], beat: NDArray[np.int64], chosen: NDArray[np.bool_], count: int
) -> NDArray[np.float64]:
    """The highest of the chosen values on each beat, 0 where there is none; float64 (count,)."""
    highest = np.zeros(count)
    np.maximum.at(highest, beat[chosen], values[chosen])
    return highest


def _chroma(notes: _Struck, count: int) -> NDArray[np.float64]:
    """How long each pitch class sounds in each beat; float64 (count, 12)."""
    chosen = np.flatnonzero(~notes.is_drum)
    begin, end = notes.begin[chosen], np.minimum(notes.end[chosen], notes.begin[chosen] + LONGEST_BEATS)
    first = np.floor(begin).astype(np.int64)
    spans = np.maximum(np.ceil(end).astype(np.int64) - first, 1)
    row, beat = ranges.owners(spans), ranges.ordinals(spans)
    beat += first[row]
    share = np.maximum(np.minimum(end[row], beat + 1) - np.maximum(begin[row], beat), 0.05)
    cell = np.minimum(beat, count - 1) * 12 + notes.pitch[chosen][row] % 12
    chroma: NDArray[np.float64] = np.bincount(cell, share, minlength=12 * count).astype(np.float64)
    return chroma.reshape(count, 12)


def _change(chroma: NDArray[np.float64], beats: int) -> NDArray[np.float64]:
    """How unlike what sounds in so many beats from each on is to what sounds in as many before: 1 - cosine."""
    total = np.concatenate([np.zeros((1, 12)), np.cumsum(chroma, axis=0)])
    here = np.arange(len(chroma))
    after = total[np.minimum(here + beats, len(chroma))] - total[here]
    before = total[here] - total[np.maximum(here - beats, 0)]
    norms = np.linalg.norm(after, axis=1) * np.linalg.norm(before, axis=1)
    return np.where(norms > 0, 1 - (after * before).sum(axis=1) / np.maximum(norms, 1e-9), 0.5)


def _around(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each column over the beats around each."""
    total = np.concatenate([np.zeros((1, columns.shape[1])), np.cumsum(columns, axis=0)])
    here = np.arange(len(columns))
    begin, end = np.maximum(here - AROUND, 0), np.minimum(here + AROUND + 1, len(columns))
    mean: NDArray[np.float64] = (total[end] - total[begin]) / (end - begin)[:, None]
    return mean
