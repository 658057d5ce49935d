"""People who hum, made up: what they give of a tune, and how it sounds.

`remembered` is what a hummer gives: the notes of a tune in another key and tempo, with wrong, missing and merged ones,
each a little off, all of it drifting. `sung` is the curve of their pitch and how loud it is: they glide from note to
note, scoop, have vibrato, begin notes with a consonant or not. `voice` is the sound of it: harmonics of the pitch
through formants, breath, and a room. All is drawn from the generator that is given, so a seed is a choir.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

RATE = 16_000  # samples a second
FRAME = 80  # samples between points of a curve, 5 ms
RANGES = ((43.0, 62.0), (50.0, 69.0), (55.0, 74.0), (60.0, 79.0))  # of voices, MIDI numbers
AH = ((700.0, 130.0), (1220.0, 170.0), (2600.0, 250.0))  # formants: hertz, width
MM = ((280.0, 120.0), (1100.0, 300.0), (2300.0, 400.0))
VOWELS = (AH, MM, ((320.0, 100.0), (800.0, 150.0), (2400.0, 250.0)))
SILENT = 0.2  # seconds before and after
LEAST = 4  # notes that are left of a tune


@dataclass(frozen=True)
class Manner:
    """How well somebody hums; where two numbers, each hummer has one between them. pitch_error: of each note, semitones
    (standard deviation). drift: over the tune, semitones at most. wrong, missing: shares of the notes; merged: of the
    repeated ones, that they are held instead. swing: how much longer or shorter times are, of one part slowly, of
    three tenths from note to note. factor: of all times. late: seconds (standard deviation). vibrato: cents. room:
    decibels of noise below the voice."""

    pitch_error: tuple[float, float]
    drift: float
    wrong: tuple[float, float]
    missing: float
    merged: float
    swing: float
    late: float
    factor: tuple[float, float] = (1 / 1.4, 1 / 0.7)
    vibrato: tuple[float, float] = (20.0, 60.0)
    room: tuple[float, float] = (20.0, 30.0)


MILD = Manner(pitch_error=(0.1, 0.2), drift=0.1, wrong=(0, 0), missing=0, merged=0, swing=0.05, late=0.01)
FULL = Manner(pitch_error=(0.3, 0.5), drift=0.5, wrong=(0.05, 0.1), missing=0.05, merged=0.5, swing=0.15, late=0.02)


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


@dataclass(frozen=True, eq=False)
class Curve:
    """A voice every FRAME: pitch, nan where there is none; loudness, 0 to 1; float64 (frames,)."""

    pitch: NDArray[np.float64]
    loudness: NDArray[np.float64]


def remembered(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    """A tune as a hummer gives it: up to 7 semitones from its key, and by octaves in a voice's range."""
    line = _missed(_merged(line, manner, random), manner, random)
    count = len(line)
    is_wrong = random.random(count) < random.uniform(*manner.wrong)
    wrong = is_wrong * random.choice([-3, -2, -1, 1, 2, 3], count)
    drift = random.uniform(-manner.drift, manner.drift) * np.linspace(0, 1, count)
    error = random.normal(0, random.uniform(*manner.pitch_error), count)
    pitch = line.pitch + wrong + drift + error + random.integers(-7, 8)
    low, high = RANGES[random.integers(len(RANGES))]
    pitch = pitch + 12 * np.rint(((low + high) - (line.pitch.min() + line.pitch.max())) / 24)
    return _in_time(Line(line.onset, line.end, pitch), manner, random)


def _merged(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    """Some repeated notes are held instead."""
    again = np.zeros(len(line), bool)
    again[1:] = (np.diff(line.pitch) == 0) & (random.random(len(line) - 1) < manner.merged)
    end = line.end.copy()
    for place in np.flatnonzero(again)[::-1]:
        end[place - 1] = end[place]
    return Line(line.onset, end, line.pitch).where(~again)


def _missed(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    kept = random.random(len(line)) >= manner.missing
    return line.where(kept) if np.count_nonzero(kept) >= LEAST else line


def _in_time(line: Line, manner: Manner, random: np.random.Generator) -> Line:
    """In a tempo of one's own, that swings."""
    count = len(line)
    slowly = np.interp(np.arange(count), np.linspace(0, count - 1, 6), random.uniform(-1, 1, 6))
    swing = 1 + manner.swing * (0.7 * slowly + 0.3 * random.uniform(-1, 1, count))
    factor = random.uniform(*manner.factor) * swing
    apart = np.diff(line.onset, append=line.end[-1]) * factor
    late = np.clip(random.normal(0, manner.late, count), -0.3 * apart.min(), 0.3 * apart.min())
    onset = np.concatenate([[0.0], np.cumsum(apart[:-1])]) + late
    end = np.minimum(onset + np.maximum((line.end - line.onset) * factor, 0.06), np.append(onset[1:], np.inf))
    return Line(onset - onset[0], end - onset[0], line.pitch)


def sung(line: Line, manner: Manner, random: np.random.Generator) -> Curve:
    """The curve of a voice that gives these notes."""
    frame = FRAME / RATE
    times = np.arange(int((line.end[-1] + 2 * SILENT) / frame)) * frame - SILENT
    begins_each = random.random() < 0.6  # with a consonant: "da da da"; else repeated notes alone
    glide = random.uniform(0.03, 0.09)
    pitch, loudness = np.full(len(times), line.pitch[0]), np.zeros(len(times))
    for number in range(len(line)):
        onset, end, here = line.onset[number], line.end[number], line.pitch[number]
        before = line.pitch[number - 1] if number else here
        is_joined = number > 0 and onset - line.end[number - 1] < 0.03
        chosen = times >= onset - glide / 2
        pitch[chosen] = (before if is_joined else here) + (here - (before if is_joined else here)) * _rise(
            times[chosen] - onset + glide / 2, glide
        )
        if random.random() < 0.25:  # a scoop from below
            pitch[chosen] -= random.uniform(0.4, 1.5) * np.exp(-np.maximum(times[chosen] - onset, 0) / 0.04)
        level = np.clip((times - onset) / 0.02, 0, 1) * np.clip((end - times) / 0.04, 0, 1) * random.uniform(0.7, 1)
        loudness = np.maximum(loudness, level)
        if is_joined and (begins_each or abs(here - before) < 0.8):
            length, depth = random.uniform(0.03, 0.06), random.uniform(0.03, 0.2)
            loudness *= 1 - (1 - depth) * np.exp(-(((times - onset) / length) ** 2) * 4)
    pitch += _vibrato(line, times, manner, random)
    pitch += lfilter([0.05], [1, -0.95], random.normal(0, 0.3, len(times)))  # nobody holds a pitch
    return Curve(np.where(loudness > 0.02, pitch, np.nan), loudness)


def _rise(after: NDArray[np.float64], length: float) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(after / length, 0, 1))


def _vibrato(
    line: Line, times: NDArray[np.float64], manner: Manner, random: np.random.Generator
) -> NDArray[np.float64]:
    """It comes a fifth of a second after the onset of a note."""
    number = np.maximum(np.searchsorted(line.onset, times, side="right") - 1, 0)
    held = np.clip((times - line.onset[number] - 0.15) / 0.15, 0, 1)
    depth, rate = random.uniform(*manner.vibrato) / 200, random.uniform(5, 6)
    return depth * held * np.sin(2 * np.pi * rate * times + random.uniform(0, 6))


def voice(curve: Curve, manner: Manner, random: np.random.Generator) -> NDArray[np.float32]:
    """The sound of a voice, 16 kHz, (samples,)."""
    count = len(curve.pitch) * FRAME
    at = np.arange(count) / FRAME
    steady = np.interp(np.arange(len(curve.pitch)), *_known(curve.pitch))
    hertz = 440 * 2 ** ((np.interp(at, np.arange(len(steady)), steady) - 69) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    formants = VOWELS[random.integers(len(VOWELS))]
    sound = np.zeros(count)
    for harmonic in range(1, 31):
        strength = _through(formants, harmonic * hertz) / harmonic
        sound += np.where(harmonic * hertz < 0.45 * RATE, strength, 0) * np.sin(harmonic * phase)
    loud = np.interp(at, np.arange(len(curve.loudness)), curve.loudness)
    breath = lfilter([1], [1, -0.7], random.normal(0, 1, count))
    sound = loud * (sound / np.std(sound) + 0.03 * breath)
    room = lfilter([1], [1, -0.9], random.normal(0, 1, count))
    room *= 10 ** (-random.uniform(*manner.room) / 20) * np.std(sound[loud > 0.1]) / np.std(room)
    mixed = sound + room
    return (0.5 * mixed / np.abs(mixed).max()).astype(np.float32)


def _known(pitch: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    there = np.flatnonzero(np.isfinite(pitch))
    return there, pitch[there]


def _through(formants: tuple[tuple[float, float], ...], hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.05 + sum(1 / (1 + ((hertz - middle) / width) ** 2) for middle, width in formants)
