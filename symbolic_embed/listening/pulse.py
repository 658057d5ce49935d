"""Where the beats of a melody lie, if it has any.

Beats are those that `bars.beats` finds in the onsets. Eight hummed notes are little evidence, and something is found in
any row of onsets, so it is asked how well they fit: where in the beat they fall, halves or thirds of it taken for the
same place, is a direction on a circle, and the length of their mean direction tells how much they agree. Onsets at
random agree by less than .5 + 1.1 / sqrt(onsets) nine times in ten (simulated, of 8 to 40 onsets); melodies from 0.85
on. Below that, nobody claims to have heard a beat: the notes are laid on a plain grid.

Found beats lie on frames of 20 ms. Where a straight line goes through all of them, the tempo is one; else they are made
smooth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.beats import estimate_beats
from symbolic_embed.errors import SettingsError
from symbolic_embed.listening.melodies import SungNotes
from symbolic_embed.score.score import Notes, Score, Tempo, Track

PLAIN_TEMPO = 120.0  # beats a minute, where no beat was heard
CLOCK = 1000  # ticks a second, of the score that beats are looked for in
CHANCE, OF_FEW = 0.5, 1.1
ONE_TEMPO = 0.06  # seconds that beats lie beside a line at most
SMOOTHED = 5  # beats
NEAR = 0.25  # of a beat: what begins so near counts for it


@dataclass(frozen=True)
class Metre:
    """`beats` in a bar, and how many eighths each has: 2, or 3 in 6/8, 9/8 and 12/8, or 4 in 2/2; as it is written."""

    beats: int
    eighths: int
    numerator: int
    denominator: int

    @classmethod
    def of(cls, text: str) -> Metre:
        """From text such as "3/4". Raises SettingsError."""
        said = re.fullmatch(r"([1-9]|1[0-6])/([248])", text.strip(), re.ASCII)
        if said is None:
            raise SettingsError(f"`metre` {text!r}: must be one such as 4/4, 3/4 or 6/8", field="metre")
        numerator, denominator = int(said[1]), int(said[2])
        is_compound = denominator == 8 and numerator % 3 == 0
        beats = numerator // 3 if is_compound else numerator
        return cls(beats, 3 if is_compound else 8 // denominator, numerator, denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, eq=False)
class Pulse:
    """`beats`: seconds, float64, increasing, from the first note to the end of the last; `pick_up`: how many of them
    come before the first barline; `agreement`: how well onsets fit, 0 to 1, None where nothing was estimated;
    `is_heard`: whether there is a beat at all, or a plain grid."""

    beats: NDArray[np.float64]
    pick_up: int
    metre: Metre
    agreement: float | None
    is_heard: bool

    @property
    def tempo(self) -> float:
        """Beats a minute, in the middle."""
        return float(60.0 / np.median(np.diff(self.beats)))


def pulse_of(notes: SungNotes, *, tempo: float | None = None, metre: str | None = None) -> Pulse:
    """The beats of a melody with at least one note. `tempo`: beats a minute, where they are known, and never change.
    Raises SettingsError for a metre that is none."""
    bars = Metre.of(metre or "4/4")
    if tempo is not None:
        beats = _even(notes, 60.0 / tempo, first=_phase(notes, 60.0 / tempo))
        return Pulse(beats, _pick_up(beats, notes, bars.beats), bars, None, True)
    found = estimate_beats(_as_score(notes))
    if found is None:
        return _plain(notes, bars, None)
    beats, pick_up = _from_first_note(_steadied(found.ticks / CLOCK), found.pick_up, float(notes.onset[0]))
    agreement = _agreement(notes.onset, beats)
    if agreement < CHANCE + OF_FEW / len(notes) ** 0.5:
        return _plain(notes, bars, agreement)
    pick_up = pick_up if metre is None else _pick_up(beats, notes, bars.beats)
    return Pulse(beats, pick_up, bars, agreement, True)


def _plain(notes: SungNotes, metre: Metre, agreement: float | None) -> Pulse:
    """A grid from the first note on."""
    return Pulse(_even(notes, 60.0 / PLAIN_TEMPO, first=float(notes.onset[0])), 0, metre, agreement, False)


def _even(notes: SungNotes, period: float, *, first: float) -> NDArray[np.float64]:
    """Beats from the last one before the first note, or on it, to behind the end."""
    start = first + period * np.floor((notes.onset[0] + NEAR / 2 * period - first) / period)
    start = start if start > -0.01 else start + period
    return np.asarray(start + period * np.arange(max(2, int(np.ceil((notes.end[-1] - start) / period)) + 1)))


def _phase(notes: SungNotes, period: float) -> float:
    """Where the beats of a known period lie, in seconds: where long notes begin, or between."""
    weight = np.minimum(notes.end - notes.onset, period)
    halves = float(np.angle((np.exp(4j * np.pi * notes.onset / period) * weight).sum()) / (4 * np.pi))
    away = np.abs((notes.onset / period - halves + 0.5) % 1.0 - 0.5)
    return period * (halves if weight[away < NEAR].sum() >= weight[away >= NEAR].sum() else halves + 0.5)


def _as_score(notes: SungNotes) -> Score:
    """The notes as a performance, in ticks of a millisecond."""
    onset, end = (np.rint(CLOCK * times).astype(np.int64) for times in (notes.onset, notes.end))
    played = Notes.of(onset, np.maximum(end - onset, 1), notes.rounded, np.full(len(notes), 80))
    return Score(CLOCK, (Track(played),), (Tempo(0, 1_000_000),))


def _steadied(beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Beats on a line where one fits, else on short ones."""
    number = np.arange(len(beats))
    if len(beats) < 3:
        return beats
    line = np.polyval(np.polyfit(number, beats, 1), number)
    if np.abs(line - beats).max() <= ONE_TEMPO and line[0] >= 0:
        return np.asarray(line)
    half = SMOOTHED // 2
    smooth = beats.copy()
    for beat in range(half, len(beats) - half):
        smooth[beat] = beats[beat - half : beat + half + 1].mean()
    return smooth if (np.diff(smooth) > 0).all() else beats


def _from_first_note(beats: NDArray[np.float64], pick_up: int, onset: float) -> tuple[NDArray[np.float64], int]:
    """Beats from the last one before the first note, or on it, and how many come before the first barline then."""
    period = beats[1] - beats[0]
    before = int(np.searchsorted(beats, onset + NEAR / 2 * period, side="right")) - 1
    skipped = min(max(0, before), len(beats) - 2)
    return beats[skipped:], (pick_up - skipped) % 4


def _agreement(onset: NDArray[np.float64], beats: NDArray[np.float64]) -> float:
    """How much onsets agree about where in the beat they fall, its halves or its thirds being one place; 0 to 1."""
    place = _places(onset, beats)
    return float(np.abs(np.exp(2j * np.pi * np.array([[2.0], [3.0]]) * place).mean(axis=1)).max())


def _places(times: NDArray[np.float64], beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times in beats, from the first one on; beyond the ends, at the pace they have there."""
    number = np.arange(len(beats), dtype=np.float64)
    inside = np.interp(times, beats, number)
    before, behind = np.minimum(times - beats[0], 0), np.maximum(times - beats[-1], 0)
    return np.asarray(inside + before / (beats[1] - beats[0]) + behind / (beats[-1] - beats[-2]))


def _pick_up(beats: NDArray[np.float64], notes: SungNotes, beats_per_bar: int) -> int:
    """How many beats come before the first barline: barlines are where the longest notes begin."""
    place = _places(notes.onset, beats)
    nearest = np.rint(place).astype(np.int64)
    length = np.minimum(np.diff(_places(np.append(notes.onset, notes.end[-1]), beats)), beats_per_bar)
    weight = np.where(np.abs(place - nearest) < NEAR, length, 0.0)
    return int(np.argmax(np.bincount(nearest % beats_per_bar, weight, minlength=beats_per_bar)))
