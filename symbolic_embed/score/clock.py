"""Ticks and seconds: the tempo map read as a clock.

A tempo says how long a quarter note lasts from its tick on; before the first tempo it is half a second. Time is the sum
of the stretches: within each, seconds are ticks / division * microseconds / 10**6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.timebase import TEMPO_120
from symbolic_embed.score.score import Score, Tempo


def seconds(ticks: NDArray[np.int64] | int, *, tempi: tuple[Tempo, ...], division: int) -> NDArray[np.float64]:
    """When each tick sounds, in seconds from tick 0; float64, the shape of `ticks`. `tempi` are sorted by tick."""
    starts, at_start, per_tick = _stretches(tempi, division)
    stretch = np.maximum(np.searchsorted(starts, ticks, side="right") - 1, 0)
    when: NDArray[np.float64] = at_start[stretch] + (np.asarray(ticks) - starts[stretch]) * per_tick[stretch]
    return when


def ticks_at(when: NDArray[np.float64], *, tempi: tuple[Tempo, ...], division: int) -> NDArray[np.int64]:
    """The tick nearest to each time in seconds; int64. The inverse of `seconds` on whole ticks."""
    starts, at_start, per_tick = _stretches(tempi, division)
    stretch = np.maximum(np.searchsorted(at_start, when, side="right") - 1, 0)
    return np.rint(starts[stretch] + (when - at_start[stretch]) / per_tick[stretch]).astype(np.int64)


def duration_seconds(score: Score) -> float:
    """When the last note of `score` ends; 0 without notes."""
    return float(seconds(score.end_tick, tempi=score.tempi, division=score.division))


def _stretches(
    tempi: tuple[Tempo, ...], division: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Where each stretch of one tempo begins, in ticks and in seconds, and its seconds a tick."""
    if not tempi or tempi[0].tick > 0:
        tempi = (Tempo(0, TEMPO_120), *tempi)
    starts = np.array([tempo.tick for tempo in tempi], np.int64)
    per_tick = np.array([tempo.microseconds for tempo in tempi], np.float64) / (1e6 * division)
    return starts, np.concatenate([[0.0], np.cumsum(np.diff(starts) * per_tick[:-1])]), per_tick
