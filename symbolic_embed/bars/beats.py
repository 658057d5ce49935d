"""Beats of a performance, estimated from its onsets.

The method is Ellis's (Beat Tracking by Dynamic Programming, JNMR 36(1), 2007): one period for the piece from the
autocorrelation of onset strength, weighted towards 120 beats a minute; then the sequence of beats that best joins
strong onsets (his equation 5) while staying near that period (equation 6), found by dynamic programming (equation 7).
Instead of audio, the strength of an instant is the number of notes that begin there, low notes counting more.
"""

from __future__ import annotations

import numpy as np

from symbolic_embed.score.clock import seconds, ticks_at
from symbolic_embed.score.score import Score

FRAME_SECONDS = 0.02
PREFERRED_PERIOD = 0.5  # seconds
PERIOD_SPREAD_OCTAVES = 0.9
PERIODS = (0.3, 1.1)  # seconds, the range of beats people tap
TIGHTNESS = 100.0
LONGEST_SECONDS = 3600.0


def estimate_beats(score: Score) -> np.ndarray | None:
    """Ticks of estimated beats, int64, increasing, from the first onset or before to the last onset or after.

    None where there is nothing to estimate from: under eight onsets, under two seconds, or over an hour of music.
    """
    onsets = np.concatenate([np.zeros(0, np.int64), *(track.notes.onset_ticks for track in score.tracks)])
    pitches = np.concatenate([np.zeros(0, np.uint8), *(track.notes.pitch for track in score.tracks)])
    times = seconds(onsets, tempi=score.tempi, division=score.division)
    if len(onsets) < 8 or not 2.0 <= np.ptp(times) <= LONGEST_SECONDS:
        return None
    start = times.min()
    strength = _onset_strength(times - start, pitches)
    frames = _track_beats(strength, period=_period(strength))
    beat_times = np.maximum(start + frames * FRAME_SECONDS, 0)
    ticks = np.unique(ticks_at(beat_times, tempi=score.tempi, division=score.division))
    return _from_a_downbeat(ticks, strength[frames] if len(ticks) == len(frames) else None)


def _onset_strength(times: np.ndarray, pitches: np.ndarray) -> np.ndarray:
    """Strength of each frame of 20 ms, smoothed over about 40 ms, of unit deviation."""
    frames = np.rint(times / FRAME_SECONDS).astype(np.int64)
    weight = 1.0 + np.clip((60.0 - pitches) / 24.0, 0.0, 1.0)
    counts = np.bincount(frames, weight, minlength=int(frames.max()) + 1)
    kernel = np.exp(-0.5 * np.arange(-4, 5) ** 2 / 1.5**2)
    smooth = np.convolve(np.sqrt(counts), kernel, mode="same")[: len(counts)] if len(counts) >= 9 else counts
    return smooth / (smooth.std() or 1.0)


def _period(strength: np.ndarray) -> int:
    """The period in frames with the highest weighted autocorrelation."""
    centred = strength - strength.mean()
    lags = np.arange(round(PERIODS[0] / FRAME_SECONDS), min(round(PERIODS[1] / FRAME_SECONDS), len(strength) - 1))
    # The transform of the power spectrum is the autocorrelation; twice the length keeps it from wrapping round.
    spectrum = np.abs(np.fft.rfft(centred, 2 * len(centred))) ** 2
    autocorrelation = np.fft.irfft(spectrum)[lags]
    octaves = np.log2(lags * FRAME_SECONDS / PREFERRED_PERIOD) / PERIOD_SPREAD_OCTAVES
    return int(lags[np.argmax(autocorrelation * np.exp(-0.5 * octaves**2))])


def _track_beats(strength: np.ndarray, *, period: int) -> np.ndarray:
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


def _from_a_downbeat(ticks: np.ndarray, strength: np.ndarray | None) -> np.ndarray:
    """The beats with up to three more before them, so that the strongest of the four phases begins the bars."""
    if strength is None or len(ticks) < 8:
        return ticks
    phase = int(np.argmax([strength[first::4].mean() for first in range(4)]))
    missing = (4 - phase) % 4
    gap = int(ticks[1] - ticks[0])
    lead = ticks[0] - gap * np.arange(missing, 0, -1)
    return np.concatenate([lead[lead >= 0], ticks]) if (lead >= 0).all() else ticks[phase:] if phase else ticks
