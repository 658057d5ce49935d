"""How far a recording is from music whose bars are known.

A recording comes counted in every way (`embedding.sound`): for each metre and tempo the bar that begins on each of its
beats. A *stretch* of some bars in a row, beginning on one of the beats, is laid along the other music, bar beside bar,
wherever it fits best; a bar costs its distance as a share of sqrt(2 dim), 0 for the same and about 1 for random ones.
Stretches of about equal length cover the recording from end to end; in each the best first beat counts, for a beat
tracker may lose its way; and the mean over stretches is the distance, in that way of counting in which it is least.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BARS = 4  # in a stretch
OTHER_LENGTH = 1.0  # what a bar costs beside one of another length


class HeardWay(NamedTuple):
    """A recording counted in one way: a bar of `steps` steps lasts so many `beats`; vectors: float32 (beats of the
    recording, dim), the bar that begins on each."""

    steps: int
    beats: int
    vectors: NDArray[np.float32]


class Barred(NamedTuple):
    """Music whose bars are known. vectors: float32 (bars, dim); steps: int64 (bars,), how long each bar is; sounds: bool
    (bars,), in which a note sounds."""

    vectors: NDArray[np.float32]
    steps: NDArray[np.int64]


def costs_of_stretches(way: HeardWay, music: Barred, *, bars: int) -> NDArray[np.float32]:
    """What a stretch of `bars` bars costs where it fits best, from each beat on which it can begin; float32 (beats,)."""
    dim = music.vectors.shape[1]
    alike = way.vectors @ music.vectors.T / dim  # cosines, all lie on one sphere
    apart = np.sqrt(np.maximum(1.0 - alike, 0.0))  # as a share of sqrt(2 dim)
    apart[:, music.steps != way.steps] = OTHER_LENGTH
    starts, places = len(apart) - (bars - 1) * way.beats, apart.shape[1] - (bars - 1)
    total = np.zeros((starts, places), np.float32)
    for bar in range(bars):
        begin = bar * way.beats
        total += apart[begin : begin + starts, bar : bar + places]
    return total.min(axis=1) / bars
