"""The pulse of a recording, and every way in which its bars can be counted.

librosa's tracker (Ellis, Beat Tracking by Dynamic Programming, 2007) finds beats in the strokes of the recording's
spectra. On 80 renderings of unseen pieces about half of these are a musician's beats, the others twice as fast, half as
fast, or half a beat late; and it says nothing of bars. So what is given here is the *pulse*, the beats and the places
half-way between, and whoever compares recordings tries each way of counting it: how many pulses make a bar of so many
steps, for every metre and every tempo at which music is played.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.grid import STEPS_PER_QUARTER
from symbolic_embed.listening.spectra import FRAMES_A_SECOND, HOP, RATE, Spectra

PLAIN_PERIOD = 0.5  # seconds between beats where nothing is struck
EARLY = 0.02  # seconds by which strokes are seen before they are heard, on half of 50 renderings
TEMPI = (38.0, 230.0)  # quarters a minute
METRES = {48: (4, 8, 16, 32), 36: (3, 4, 6, 8, 12), 24: (2, 4, 8), 18: (2, 3, 6), 72: (8, 12, 24)}  # steps: pulses


class Counting(NamedTuple):
    """One way to count: a bar of `steps` steps lasts so many `pulses`."""

    steps: int
    pulses: int


@dataclass(frozen=True, eq=False)
class Counted:
    """Music counted in one way. steps: how long a bar is; pulses, seconds: how many of these it lasts; vectors: float32
    (pulses, dim), the bar that begins on each. Where the bars are known, `pulses` is 1 and each row is one of them; a
    bar that is of another length, or silent, is no numbers."""

    steps: int
    pulses: int
    seconds: float
    vectors: NDArray[np.float32]


def pulse(heard: Spectra) -> NDArray[np.float64]:
    """When the pulses of a recording are, seconds, increasing, from its beginning to its end, whether or not something
    sounds there."""
    beats = _beats(heard)
    between = (beats[:-1] + beats[1:]) / 2
    return np.sort(np.concatenate([beats, between]))


def countings(when: NDArray[np.float64]) -> list[Counting]:
    """Every way to count pulses (seconds) at a tempo at which music is played."""
    period = float(np.median(np.diff(when)))
    tempi = {
        Counting(steps, pulses): 60 * (steps / STEPS_PER_QUARTER) / (pulses * period)
        for steps, several in METRES.items()
        for pulses in several
        if pulses < len(when)
    }
    return [counting for counting, tempo in tempi.items() if TEMPI[0] <= tempo <= TEMPI[1]]


def _beats(heard: Spectra) -> NDArray[np.float64]:
    """When the beats are, drawn on to both ends of the recording; seconds."""
    import librosa

    length = len(heard) / FRAMES_A_SECOND
    found = np.zeros(0)
    if heard.strokes.any():
        _, frames = librosa.beat.beat_track(onset_envelope=heard.strokes, sr=RATE, hop_length=HOP, trim=False)
        found = np.asarray(frames, np.float64) / FRAMES_A_SECOND + EARLY
    if len(found) < 2:
        return np.arange(0.0, max(length, 2 * PLAIN_PERIOD) + PLAIN_PERIOD, PLAIN_PERIOD)
    period = float(np.median(np.diff(found)))
    before = found[0] - period * np.arange(int(found[0] / period + 0.5), 0, -1)
    after = np.arange(found[-1] + period, length + period, period)
    return np.concatenate([before, found, after])
