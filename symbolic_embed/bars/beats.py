"""Beats of a performance, estimated from its onsets.

The method is Ellis's (Beat Tracking by Dynamic Programming, JNMR 36(1), 2007): one period for the piece from the
autocorrelation of onset strength, weighted towards 120 beats a minute; then the sequence of beats that best joins
strong onsets (his equation 5) while staying near that period (equation 6), found by dynamic programming (equation 7).
Instead of audio, the strength of an instant is the number of notes that begin there, low notes counting more.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.grid import STEPS_PER_QUARTER
from symbolic_embed.score.clock import seconds, ticks_at
from symbolic_embed.score.score import Score

FRAME_SECONDS = 0.02
PREFERRED_PERIOD = 0.5  # seconds
PERIOD_SPREAD_OCTAVES = 0.9
PERIODS = (0.3, 1.1)  # seconds, the range of beats people tap
TIGHTNESS = 100.0
LONGEST_SECONDS = 3600.0


class Beats(NamedTuple):
    """`ticks`: where the beats are, int64, increasing, from 0 on; `pick_up`: how many (0 to 3) come before the first
    barline, when there are four to a bar."""

    ticks: NDArray[np.int64]
    pick_up: int


def estimate_beats(score: Score) -> Beats | None:
    """The beats of a performance, from the first onset (or half a step of the grid after it) to where the last note
    ends: what begins with the beat after them begins less than a beat before that, or half a beat after it.

    None where there is nothing to estimate from: under eight onsets, under two seconds, or over an hour of music.
    """
    onsets = np.concatenate([np.zeros(0, np.int64), *(track.notes.onset_ticks for track in score.tracks)])
    pitches = np.concatenate([np.zeros(0, np.uint8), *(track.notes.pitch for track in score.tracks)])
    times = seconds(onsets, tempi=score.tempi, division=score.division)
    if len(onsets) < 8 or not 2.0 <= np.ptp(times) <= LONGEST_SECONDS:
        return None
    start = times.min()
    strength = _onset_strength(times - start, pitches)
    period = _period(strength)
    frames = _track_beats(strength, period=period)
    beats = start + frames * FRAME_SECONDS
    ends = seconds(np.array([score.end_tick]), tempi=score.tempi, division=score.division)
    reaching, added = _reaching(beats, period * FRAME_SECONDS, first=start, last=times.max(), end=float(ends[0]))
    ticks = np.unique(ticks_at(reaching, tempi=score.tempi, division=score.division))
    if len(ticks) < len(reaching) or len(frames) < 8:
        return Beats(ticks, 0)
    downbeat = int(np.argmax([strength[frames[phase::4]].mean() for phase in range(4)]))
    return Beats(ticks, (downbeat + added) % 4)


def _onset_strength(times: NDArray[np.float64], pitches: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Strength of each frame of 20 ms, smoothed over about 40 ms, of unit deviation."""
    frames = np.rint(times / FRAME_SECONDS).astype(np.int64)
    weight = 1.0 + np.clip((60.0 - pitches) / 24.0, 0.0, 1.0)
    counts = np.bincount(frames, weight, minlength=int(frames.max()) + 1)
    kernel = np.exp(-0.5 * np.arange(-4, 5) ** 2 / 1.5**2)
    smooth = np.convolve(np.sqrt(counts), kernel, mode="same")[: len(counts)] if len(counts) >= 9 else counts
    return smooth / (smooth.std() or 1.0)


def _period(strength: NDArray[np.float64]) -> int:
    """The period in frames with the highest weighted autocorrelation."""
    centred = strength - strength.mean()
    lags = np.arange(round(PERIODS[0] / FRAME_SECONDS), min(round(PERIODS[1] / FRAME_SECONDS), len(strength) - 1))
    # The transform of the power spectrum is the autocorrelation; twice the length keeps it from wrapping round.
    spectrum = np.abs(np.fft.rfft(centred, 2 * len(centred))) ** 2
    autocorrelation = np.fft.irfft(spectrum)[lags]
    octaves = np.log2(lags * FRAME_SECONDS / PREFERRED_PERIOD) / PERIOD_SPREAD_OCTAVES
    return int(lags[np.argmax(autocorrelation * np.exp(-0.5 * octaves**2))])


def _track_beats(strength: NDArray[np.float64], *, period: int) -> NDArray[np.int64]:
    """Frames of the best beat sequence; int64, increasing."""
    back = np.arange(-2 * period, -(period // 2))
    penalty = -TIGHTNESS * np.log(-back / period) ** 2
    total, previous = strength.copy(), np.full(len(strength), -1, np.int64)
    for frame in range(-back[-1], len(strength)):
        first = max(0, -(frame + back[0]))
        reachable = total[frame + back[first:]] + penalty[first:]
        best = int(np.argmax(reachable))
        if reachable[best] > 0:
            total[frame] += reachable[best]
            previous[frame] = frame + back[first + best]
    tail = max(0, len(total) - 2 * period)
    beat = tail + int(np.argmax(total[tail:]))
    beats = []
    while beat >= 0:
        beats.append(beat)
        beat = int(previous[beat])
    return np.array(beats[::-1], np.int64)


def _reaching(
    beats: NDArray[np.float64], period: float, *, first: float, last: float, end: float
) -> tuple[NDArray[np.float64], int]:
    """Beats (in seconds) with more of them, a period apart, before and after, until they reach from the first onset to
    the last, and to the end of what sounds but for half a beat; and how many were put before. None lies before 0: the
    very first beat may be short."""
    slack = 0.5 / STEPS_PER_QUARTER
    before = max(0, math.ceil((beats[0] - first) / period - slack))
    after = max(0, math.floor((last - beats[-1]) / period + slack), math.ceil((end - beats[-1]) / period - 1.5))
    lead = np.maximum(beats[0] - period * np.arange(before, 0, -1), 0.0)
    return np.concatenate([lead, beats, beats[-1] + period * np.arange(1, after + 1)]), before
