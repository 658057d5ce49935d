"""Which bars of a query lie along which bars of a piece: for people, who ask why two pieces are alike.

Two bars that lie beside each other are as far apart as the passages that hold both, each at its place: of every size
(two, four, eight bars) the nearest such passage counts, and of the sizes the mean; 0 for the same music, about 1 for
unrelated. (Long passages say that it is the same music, short ones where it begins and ends.) A stretch of bars along a
stretch of bars earns what each pair of them is nearer than FAR, so the best stretch begins and ends where the music
does: local alignment without gaps, a Kadane's walk down each diagonal.

The best stretch is taken, then the best of what is left of the query, and so on: every bar of the query lies along one
bar at most; a bar of the piece, which may hold once what the query repeats, along any number.

FAR was chosen by looking at pairs of the validation split, in the best key: of 60 pairs of one piece (variations, other
editions) .81 of the query's bars lie along something, of 150 pairs of unrelated pieces none. Twelve bars that were cut
out of a piece and set between bars of others, in another key, begin and end within half a bar of where they should.
With .7 these are .88 and .01, and ends are one bar too wide; with .5 .68 and 0, and long stretches fall apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.passages import TOGETHER, Passages
from symbolic_embed.similarity.learnt_passages import UNRELATED_VECTORS
from symbolic_embed.similarity.likeness import squares

FAR = 0.6  # bars that are farther apart than this do not lie along each other
SHORTEST = 2  # bars of a stretch, where both pieces have as many
MOST = 8  # stretches


@dataclass(frozen=True)
class Along:
    """Bars of a query that lie along bars of a piece, as many of each, from 1, the last ones included. distance: 0 for
    the same music and about 1 for unrelated, the mean over the bars."""

    query_bar: int
    query_last_bar: int
    bar: int
    last_bar: int
    distance: float


def lying_along(query: Passages, piece: Passages, *, bars: tuple[int, int], semitones: int) -> tuple[Along, ...]:
    """The best MOST stretches of a query of `bars[0]` bars, moved by `semitones`, along a piece of `bars[1]`, by the
    passages of all parts together; in the order of the query's bars. None where nothing is near."""
    apart = bars_apart(query, piece, bars=bars, semitones=semitones)
    earned = np.where(np.isfinite(apart), FAR - apart, -np.inf)
    found: list[Along] = []
    while len(found) < MOST and (best := _best_stretch(earned, shortest=min(SHORTEST, *bars))):
        first, bar, length = best
        steps = np.arange(length)
        distance = float(apart[first + steps, bar + steps].mean())
        found.append(Along(first + 1, first + length, bar + 1, bar + length, float(f"{distance:.4g}")))
        earned[first : first + length] = -np.inf
    return tuple(sorted(found, key=lambda along: along.query_bar))


def bars_apart(query: Passages, piece: Passages, *, bars: tuple[int, int], semitones: int) -> NDArray[np.float64]:
    """How far each bar of a query is from each of a piece; float64 (query bars, bars), infinite where no passages that
    both hold them are known."""
    mine, theirs = (one.where(one.track == TOGETHER) for one in (query, piece))
    total, sizes = np.zeros(bars), np.zeros(bars, np.int64)
    for size in np.intersect1d(mine.bars, theirs.bars).tolist():
        here, there = mine.where(mine.bars == size), theirs.where(theirs.bars == size)
        moved = np.roll(here.turning, semitones, axis=1).reshape(len(here), -1)
        squared = squares(np.ascontiguousarray(moved), there.turning.reshape(len(there), -1))
        nearest = np.full((bars[0] + size, bars[1] + size), np.inf)
        distances = np.full_like(nearest, np.inf)
        distances[np.ix_(here.bar, there.bar)] = np.sqrt(np.maximum(squared, 0)) / UNRELATED_VECTORS[size]
        for step in range(size):  # the passages in which the bars are so many bars from the first
            height, width = nearest.shape[0] - step, nearest.shape[1] - step
            np.minimum(nearest[step:, step:], distances[:height, :width], out=nearest[step:, step:])
        within = nearest[: bars[0], : bars[1]]
        known = np.isfinite(within)
        total[known] += within[known]
        sizes += known
    return np.where(sizes > 0, total / np.maximum(sizes, 1), np.inf)


def _best_stretch(earned: NDArray[np.float64], *, shortest: int) -> tuple[int, int, int] | None:
    """Where the stretch that earns most begins, (query bar, bar), and its length; None where none of the shortest
    length earns anything. Of equal ones the first, and the longest."""
    best: tuple[float, int, int, int] = (0.0, 0, 0, 0)
    scores, lengths = np.zeros(earned.shape[1]), np.zeros(earned.shape[1], np.int64)
    for row, of_bar in enumerate(earned):
        scores = np.append(0.0, scores[:-1])
        lengths = np.append(0, lengths[:-1])
        scores, lengths = scores + of_bar, lengths + 1
        lengths[scores <= 0] = 0
        scores[scores <= 0] = 0.0
        long_enough = np.where(lengths >= shortest, scores, 0.0)
        column = int(np.argmax(long_enough))
        if long_enough[column] > best[0]:
            best = (float(long_enough[column]), row, column, int(lengths[column]))
    _, row, column, length = best
    return (row - length + 1, column - length + 1, length) if length else None
