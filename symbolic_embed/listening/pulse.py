"""The beats of a recording.

librosa's tracker (Ellis, Beat Tracking by Dynamic Programming, 2007) on the strokes of the recording's spectra. What it
finds may be half or twice what a musician would count, and says nothing of bars: whoever compares recordings tries
every way in which the beats can be counted (`countings`), a metre, a tempo, a first beat each, and keeps the one that
fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.grid import STEPS_PER_QUARTER
from symbolic_embed.listening.spectra import FRAMES_A_SECOND, HOP, RATE, Spectra

PLAIN_PERIOD = 0.5  # seconds between beats where nothing is struck
TIGHTNESS = 100.0

# How many steps a bar has, and how many of the tracked beats: as a musician counts, twice as fast, or half.
BARS = (
    *((4 * STEPS_PER_QUARTER, beats) for beats in (4, 2, 8)),
    *((3 * STEPS_PER_QUARTER, beats) for beats in (3, 6, 2, 4)),
    *((2 * STEPS_PER_QUARTER, beats) for beats in (2, 4, 1)),
)


class Counting(NamedTuple):
    """One way to count: `steps` in a bar, which lasts so many `beats`; begins: int64 (bars,), the beat on which each bar
    begins, one after every beat of the recording, so that bar n is followed by bar n + `beats`."""

    steps: int
    beats: int
    begins: NDArray[np.int64]


def beats(heard: Spectra) -> NDArray[np.float64]:
    """When the beats of a recording are, seconds, increasing; from its beginning to its end, whether or not something
    sounds there."""
    import librosa

    length = len(heard) / FRAMES_A_SECOND
    found = np.zeros(0)
    if heard.strokes.any():
        _, frames = librosa.beat.beat_track(
            onset_envelope=heard.strokes, sr=RATE, hop_length=HOP, tightness=TIGHTNESS, trim=False
        )
        found = np.asarray(frames, np.float64) / FRAMES_A_SECOND
    if len(found) < 2:
        return np.arange(0.0, max(length, 2 * PLAIN_PERIOD), PLAIN_PERIOD)
    period = float(np.median(np.diff(found)))
    before = found[0] - period * np.arange(int(found[0] / period + 0.5), 0, -1)
    after = np.arange(found[-1] + period, length + period / 2, period)
    return np.concatenate([before, found, after])


def countings(count: int) -> Iterator[Counting]:
    """Every way to count so many beats."""
    for steps, beats_a_bar in BARS:
        if count > beats_a_bar:
            yield Counting(steps, beats_a_bar, np.arange(count - beats_a_bar))
