"""How loud a melody is at each instant, and how much it speaks for a note that begins there.

Who repeats a note closes the mouth, tongues, or strikes again: it becomes softer and then at once louder, or its
spectrum changes. The first is seen in its loudness, the second in how much of its spectrum is new (Boeck and Widmer,
Maximum Filter Vibrato Suppression, DAFx 2013: a partial that only moves to a neighbouring band is not new).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.listening.loudness import RATE, Samples

HOP, WINDOW = 256, 512  # samples; frames as those of a pitch curve
FLOOR_DB = -90.0
BEFORE, AFTER = 5, 3  # frames in which a rise of loudness is looked for
BANDS_AN_OCTAVE, LOWEST_BAND, HIGHEST_BAND = 12, 100.0, 7600.0
NEW_AGAINST = 2  # frames before, with which a spectrum is compared
BLOCK = 4096  # frames

Levels = NDArray[np.float64]  # (frames,)


def level_db(samples: Samples) -> Levels:
    """Decibels of full scale of the 32 ms about each frame, float64 (frames,), at least FLOOR_DB."""
    frames = len(samples) // HOP
    power = np.square(samples[: frames * HOP].reshape(frames, HOP), dtype=np.float64).mean(axis=1)
    both = 0.5 * (power + np.concatenate([power[:1], power[:-1]]))
    return np.maximum(10.0 * np.log10(np.maximum(both, 1e-12)), FLOOR_DB)


def rise_db(level: Levels) -> Levels:
    """By how much it is louder from each frame on than shortly before, float64 (frames,), at least 0."""
    if not len(level):
        return level
    padded = np.concatenate([np.full(BEFORE, level[0]), level, np.full(AFTER - 1, level[-1])])
    windows = np.lib.stride_tricks.sliding_window_view(padded, BEFORE + AFTER)
    return np.maximum(windows[:, BEFORE:].max(axis=1) - windows[:, :BEFORE].min(axis=1), 0.0)


def novelty(samples: Samples) -> Levels:
    """How much of the spectrum of each frame is new: decibels by which bands of a semitone have risen, on average over
    those that are not far below the loudest, float64 (frames,)."""
    frames = len(samples) // HOP
    if not frames:
        return np.zeros(0)
    padded = np.pad(samples, (2 * HOP, 2 * HOP))
    bands = _bands()
    pieces = []
    for start in range(0, frames, BLOCK):
        stop = min(start + BLOCK, frames)
        windows = np.lib.stride_tricks.sliding_window_view(padded[start * HOP : (stop + 3) * HOP], 4 * HOP)[::HOP]
        spectrum = np.abs(np.fft.rfft(windows[: stop - start] * np.hanning(4 * HOP), axis=1)).astype(np.float32)
        pieces.append(spectrum @ bands)
    loud = np.concatenate(pieces)
    decibels = 20.0 * np.log10(np.maximum(loud, 1e-3 * loud.max(initial=1e-9)))
    earlier = np.concatenate([np.repeat(decibels[:1], NEW_AGAINST, axis=0), decibels[:-NEW_AGAINST]])[:frames]
    widest = np.maximum(earlier, np.maximum(_moved(earlier, 1), _moved(earlier, -1)))
    return np.asarray(np.maximum(decibels - widest, 0.0).mean(axis=1), np.float64)


def _moved(bands: NDArray[Any], by: int) -> NDArray[Any]:
    """Each band as its neighbour is."""
    return np.roll(bands, by, axis=1)


def _bands() -> NDArray[np.float32]:
    """Triangular bands of a semitone over the spectrum of 1,024 samples, float32 (513, bands)."""
    count = int(np.log2(HIGHEST_BAND / LOWEST_BAND) * BANDS_AN_OCTAVE)
    hertz = LOWEST_BAND * 2.0 ** (np.arange(-1, count + 1) / BANDS_AN_OCTAVE)
    bins = np.fft.rfftfreq(4 * HOP, 1 / RATE)[:, None]
    width = np.maximum(np.diff(hertz), RATE / (4 * HOP))
    rising = 1.0 - np.abs(bins - hertz[1:-1]) / width[1:]
    return np.maximum(rising, 0.0).astype(np.float32)
