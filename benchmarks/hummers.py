"""People who hum, made up: what they mean to sing of a tune, and how it sounds.

`remembered` is what a hummer means: the notes of a tune in another key and tempo, with wrong, missing and merged ones.
`sung` is the curve of pitch and loudness of their voice, and `voice` the sound of it. Everything is drawn from the
generator that is given, so that a seed is a choir.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

RATE = 16_000  # samples a second
FRAME = 0.005  # seconds between points of a curve
RANGES = ((43.0, 62.0), (50.0, 69.0), (55.0, 74.0), (60.0, 79.0))  # of voices, MIDI numbers
FORMANTS = ((700.0, 130.0), (1220.0, 170.0), (2600.0, 250.0))  # of "ah": hertz, their width
HUM = ((250.0, 80.0), (1100.0, 300.0), (2300.0, 400.0))  # of "mm"


@dataclass(frozen=True)
class Manner:
    """How well somebody hums. pitch_error: of each note, semitones (standard deviation); drift: semitones over the
    query at most; wrong, missing: shares of the notes; merged: of the repeated ones; swing: of the tempo from note to
    note; factors: of the tempo as a whole, from, to; timing_error: seconds; noise: decibels of the room below the
    voice, from, to."""

    pitch_error: tuple[float, float]
    drift: float
    wrong: tuple[float, float]
    missing: float
    merged: float
    swing: float
    factors: tuple[float, float]
    timing_error: float
    noise: tuple[float, float] = (20.0, 30.0)


MILD = Manner((0.1, 0.2), 0.1, (0.0, 0.0), 0.0, 0.0, 0.05, (0.7, 1.4), 0.01)
FULL = Manner((0.3, 0.5), 0.5, (0.05, 0.1), 0.05, 0.5, 0.15, (0.7, 1.4), 0.02)


@dataclass(frozen=True, eq=False)
class Line:
    """Notes one after another: onset and end in seconds, pitch as a MIDI number with fractions; float64 (notes,)."""

    onset: NDArray[np.float64]
    end: NDArray[np.float64]
    pitch: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.onset)

    def where(self, chosen: NDArray[np.bool_]) -> Line:
        """The notes of a mask."""
        return Line(self.onset[chosen], self.end[chosen], self.pitch[chosen])


def remembered(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    """A line as a hummer means and gives it: its notes with every error, in a key of -7 to 7 semitones from its own, by
    octaves in a voice's range."""
    line = _missed(_merged(line, manner, random), manner, random)
    count = len(line)
    is_wrong = random.random(count) < random.uniform(*manner.wrong)
    wrong = is_wrong * random.choice([-3, -2, -1, 1, 2, 3], count)
    drift = random.uniform(-manner.drift, manner.drift) * np.linspace(0, 1, count)
    error = random.normal(0, random.uniform(*manner.pitch_error), count)
    pitch = line.pitch + wrong + drift + error + random.integers(-7, 8)
    low, high = RANGES[random.integers(len(RANGES))]
    pitch = pitch + 12 * np.rint(((low + high) / 2 - (line.pitch.min() + line.pitch.max()) / 2) / 12)
    return _in_time(Line(line.onset, line.end, pitch), manner, random)


def _merged(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    """Some notes are not struck again, but held."""
    again = np.zeros(len(line), bool)
    again[1:] = (np.diff(line.pitch) == 0) & (random.random(len(line) - 1) < manner.merged)
    end = line.end.copy()
    for place in np.flatnonzero(again)[::-1]:
        end[place - 1] = end[place]
    return Line(line.onset, end, line.pitch).where(~again)


def _missed(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    kept = random.random(len(line)) >= manner.missing
    return line.where(kept) if np.count_nonzero(kept) >= 4 else line


def _in_time(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    """In a tempo of their own, that swings slowly and from note to note."""
    count, factor = len(line), random.uniform(*manner.factors)
    slow = np.interp(np.arange(count), np.linspace(0, count, 6), random.uniform(-1, 1, 6))
    local = np.exp(manner.swing * (0.7 * slow + 0.3 * random.uniform(-1, 1, count)))
    apart = np.diff(line.onset, append=line.end[-1]) * factor * local
    onset = np.concatenate([[0.0], np.cumsum(apart[:-1])]) + random.normal(0, manner.timing_error, count)
    onset = np.maximum.accumulate(onset - onset[0] + 0.06 * np.arange(count) * 0)
    lasting = (line.end - line.onset) * factor * local
    onset = onset + 1e-6 * np.arange(count)
    end = np.minimum(onset + np.maximum(lasting, 0.05), np.append(onset[1:], np.inf))
    return Line(onset, end, line.pitch)
