"""How loud a melody is at each instant, how much speaks for a note that begins there, and when a note began.

Who repeats a note closes the mouth, tongues, or strikes again: it becomes softer and then at once louder, or its
spectrum changes. The first is seen in its loudness, the second in how much of its spectrum is new (Boeck and Widmer,
Maximum Filter Vibrato Suppression, DAFx 2013: a partial that only moves to a neighbouring band is not new).

A tracker goes over to a note when it is the louder one. It began earlier, where its own partials rose.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.listening.loudness import RATE, Samples

HOP, WINDOW = 256, 1024  # samples; frames as those of a pitch curve
FLOOR_DB = -90.0
BEFORE, AFTER = 5, 3  # frames in which a rise of loudness is looked for
BANDS_AN_OCTAVE, LOWEST_BAND, HIGHEST_BAND = 12, 100.0, 7600.0
NEW_AGAINST = 2  # frames before, with which a spectrum is compared
BLOCK = 1024  # frames
PARTIALS = 6
EARLIER, LATER = 7, 6  # frames before and behind the one a tracker goes over at
BEGUN_DB = 14.0  # below what its partials rise to, a note has begun
LEAST_RISE_DB = 2.0

Levels = NDArray[np.float64]  # (frames,)


def level_db(samples: Samples) -> Levels:
    """Decibels of full scale of the 32 ms about each frame, float64 (frames,), at least FLOOR_DB."""
    frames = len(samples) // HOP
    power = np.square(samples[: frames * HOP].reshape(frames, HOP), dtype=np.float64).mean(axis=1)
    both = 0.5 * (power + np.concatenate([power[:1], power[:-1]]))
    return np.asarray(np.maximum(10.0 * np.log10(np.maximum(both, 1e-12)), FLOOR_DB), np.float64)


def rise_db(level: Levels) -> Levels:
    """By how much it is louder from each frame on than shortly before, float64 (frames,), at least 0."""
    if not len(level):
        return level
    padded = np.concatenate([np.full(BEFORE, level[0]), level, np.full(AFTER - 1, level[-1])])
    windows = np.lib.stride_tricks.sliding_window_view(padded, BEFORE + AFTER)
    return np.asarray(np.maximum(windows[:, BEFORE:].max(axis=1) - windows[:, :BEFORE].min(axis=1), 0.0), np.float64)


def spectrum_of(samples: Samples) -> NDArray[np.float32]:
    """The amplitudes of the 64 ms about each frame, float32 (frames, 513)."""
    frames = len(samples) // HOP
    padded, window = np.pad(samples, WINDOW // 2), np.hanning(WINDOW).astype(np.float32)
    spectrum = np.zeros((frames, WINDOW // 2 + 1), np.float32)
    for start in range(0, frames, BLOCK):
        stop = min(start + BLOCK, frames)
        stretch = padded[start * HOP : (stop - 1) * HOP + WINDOW]
        spectrum[start:stop] = np.abs(
            np.fft.rfft(np.lib.stride_tricks.sliding_window_view(stretch, WINDOW)[::HOP] * window)
        )
    return spectrum


def novelty(spectrum: NDArray[np.float32]) -> Levels:
    """How much of the spectrum of each frame is new: decibels by which bands of a semitone have risen, on average over
    all of them, float64 (frames,)."""
    if not len(spectrum):
        return np.zeros(0)
    bands = spectrum @ _bands()
    decibels = 20.0 * np.log10(np.maximum(bands, 1e-3 * bands.max() + 1e-12))
    earlier = np.concatenate([np.repeat(decibels[:1], NEW_AGAINST, axis=0), decibels[:-NEW_AGAINST]])[: len(decibels)]
    near = np.maximum(earlier, np.maximum(np.roll(earlier, 1, axis=1), np.roll(earlier, -1, axis=1)))
    return np.asarray(np.maximum(decibels - near, 0.0).mean(axis=1), np.float64)


def begun_at(spectrum: NDArray[np.float32], frame: int, pitch: float, *, earliest: int) -> int:
    """The frame at which a note of a pitch begins that was heard from `frame` on: where its partials rise, after they
    were softest. Not before `earliest`."""
    first = max(0, earliest, frame - EARLIER)
    hertz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0) * np.arange(1, PARTIALS + 1)
    bins = np.minimum(np.rint(hertz * WINDOW / RATE).astype(np.int64), WINDOW // 2)
    power = np.square(spectrum[first : frame + LATER + 1, bins], dtype=np.float64).sum(axis=1)
    decibels = 10.0 * np.log10(power + 1e-12)
    before = frame - first
    if before <= 0:
        return frame
    softest = before - int(np.argmin(decibels[before::-1]))
    highest = float(decibels[before:].max())
    if highest - decibels[softest] < LEAST_RISE_DB:
        return frame
    rising = np.nonzero(decibels[softest:before] >= highest - BEGUN_DB)[0]
    return first + softest + int(rising[0]) if len(rising) else frame


def _bands() -> NDArray[np.float32]:
    """Triangular bands of a semitone over the bins of a spectrum, float32 (513, bands)."""
    count = int(np.log2(HIGHEST_BAND / LOWEST_BAND) * BANDS_AN_OCTAVE)
    hertz = LOWEST_BAND * 2.0 ** (np.arange(-1, count + 1) / BANDS_AN_OCTAVE)
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE)[:, None]
    width = np.maximum(np.diff(hertz), RATE / WINDOW)
    return np.maximum(1.0 - np.abs(bins - hertz[1:-1]) / width[1:], 0.0).astype(np.float32)
