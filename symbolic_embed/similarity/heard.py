"""How far a recording is from music whose bars are known, or from another recording.

A recording comes counted in every way (`listening.countings`): for each metre and tempo the bar that begins on each of
its pulses. A *stretch* of some bars in a row, from whichever pulse, is laid along the other music, bar beside bar,
wherever it fits best; a bar costs its distance as a share of sqrt(2 dim), 0 for the same and about 1 for random ones.
Stretches cover the query from end to end, and where each begins is chosen anew, for a beat tracker may lose its way: on
30 unseen recordings of a minute and a half the right one of 700 pieces came first for .50 with stretches of four bars,
.60 with eight, .73 with sixteen, .70 with 32; of ten seconds four bars are best.
The mean over stretches, and something for another tempo, is the distance, in that way of counting both in which it is
least. What another tempo costs keeps half and double tempo out where nothing speaks for them: of 40 parts of ten
seconds the right piece came first for .45 without it, for .575 with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.grid import STEPS_PER_QUARTER
from symbolic_embed.listening.countings import Counted

FEWEST, MOST, PARTS = 4, 16, 3  # bars in a stretch: a third of the query's, but within these bounds
APART = 1.0  # what a bar costs beside one of another length, or beside silence
OCTAVE = 0.1  # what it costs to be played twice as fast, or half


class Beside(NamedTuple):
    """Where music was found beside other music. distance: 0 for the same, about 1 for unrelated; bar, other_bar: where
    the stretches begin that lie nearest to each other, in bars from 0, as each is counted in the best way."""

    distance: float
    bar: int
    other_bar: int


NOWHERE = Beside(APART, 0, 0)


def counted_bars(
    vectors: NDArray[np.float32], number: NDArray[np.int64], steps: NDArray[np.int64], *, tempo: float
) -> list[Counted]:
    """Bars that are known, as counted: in one way for each length that bars have. vectors: float32 (rows, dim), of the
    bars of this `number`, int64 (rows,), from 0, each `steps` long, int64 (rows,); tempo: quarters a minute."""
    ways = []
    for length in np.unique(steps).tolist():
        every = np.full((int(number.max()) + 1, vectors.shape[1]), np.nan, np.float32)
        chosen = steps == length
        every[number[chosen]] = vectors[chosen]
        ways.append(Counted(length, 1, 60 * length / STEPS_PER_QUARTER / tempo, every))
    return ways


def beside(query: Sequence[Counted], other: Sequence[Counted]) -> Beside:
    """How a query lies beside other music."""
    found = [_laid(way, along) for way in query for along in other if way.steps == along.steps]
    return min(found, key=lambda one: one.distance, default=NOWHERE)


def _laid(way: Counted, along: Counted) -> Beside:
    """Stretches of music counted in one way along other music counted in one way."""
    apart = _apart(way.vectors, along.vectors)
    ours, theirs = -(-len(apart) // way.pulses), -(-apart.shape[1] // along.pulses)  # bars from the first pulse on
    bars = max(1, min(max(FEWEST, min(MOST, ours // PARTS)), ours, theirs))
    starts, places = len(apart) - (bars - 1) * way.pulses, apart.shape[1] - (bars - 1) * along.pulses
    if starts < 1 or places < 1:
        return NOWHERE
    total = np.zeros((starts, places), np.float32)
    for bar in range(bars):
        row, column = bar * way.pulses, bar * along.pulses
        total += apart[row : row + starts, column : column + places]
    least = total.min(axis=1) / bars
    count = max(1, round(starts / (bars * way.pulses)))
    edges = np.linspace(0, starts, count + 1).astype(np.int64)[:-1]
    start = int(np.argmin(least))
    place = int(np.argmin(total[start]))
    octaves = abs(math.log2(way.seconds / along.seconds))
    distance = float(np.minimum.reduceat(least, edges).mean()) + OCTAVE * octaves
    return Beside(distance, start // way.pulses, place // along.pulses)


def _apart(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float32]:
    """What each bar costs beside each; those that are no numbers are apart from all."""
    cosines = _of_length_one(ours) @ _of_length_one(theirs).T
    apart = np.sqrt(np.maximum(1.0 - cosines, 0.0))
    return np.where(np.isnan(apart), np.float32(APART), apart)


def _of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled
