"""Notes that were heard, written down: a score of one part, whose tempo map keeps the times of the recording.

Each beat is a beat of the score, however long it was; so a note that was sung at 3.21 seconds sounds at 3.21 seconds,
and lies where in the bar it was sung. What comes before the first beat is rests: as many beats as have room, and they
are as long as it takes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.listening.melodies import SungNotes
from symbolic_embed.listening.pulse import Pulse
from symbolic_embed.score.score import Notes, Score, Tempo, TimeSignature, Track

DIVISION = 480  # ticks a quarter note
SHORTEST_LEAD = 0.01  # seconds before the first beat that are written as a beat of their own
SHORT_LEAD, ON_BEAT = 0.4, 0.2  # of a beat: less than the first makes no lead; less than the second is on the beat
VELOCITY, VELOCITY_A_DB, SOFTEST = 100, 2.5, 40


def melody_score(notes: SungNotes, pulse: Pulse, *, name: str = "Melody", source: str = "melody") -> Score:
    """The score of a melody with at least one note; times are counted from the beginning of what was heard."""
    times, lead = _with_lead(pulse, float(notes.onset[0]))
    beat_ticks = pulse.metre.eighths * DIVISION // 2
    ticks = beat_ticks * np.arange(len(times))
    onset, end = (_ticks_at(when, times, ticks) for when in (notes.onset, notes.end))
    velocity = np.clip(VELOCITY + VELOCITY_A_DB * notes.loudness, SOFTEST, 127).astype(np.int64)
    track = Track(Notes.of(onset, np.maximum(end - onset, 1), notes.rounded, velocity), name=name)
    quarters = np.diff(times) * DIVISION / beat_ticks
    return Score(DIVISION, (track,), _tempi(quarters, ticks), _signatures(pulse, lead, beat_ticks), source=source)


def _with_lead(pulse: Pulse, onset: float) -> tuple[NDArray[np.float64], int]:
    """The beats of the score, in seconds, from 0 on, and how many of them are put before those that were heard. Where
    there is room for a fraction of one alone, and nothing begins on the first, that one is longer."""
    first, period = float(pulse.beats[0]), float(np.median(np.diff(pulse.beats)))
    if first < SHORTEST_LEAD or (first < SHORT_LEAD * period and onset - first > ON_BEAT * period):
        return np.concatenate([[0.0], pulse.beats[1:]]), 0
    lead = max(1, round(first / period))
    return np.concatenate([first / lead * np.arange(lead), pulse.beats]), lead


def _ticks_at(when: NDArray[np.float64], times: NDArray[np.float64], ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The tick at each time; behind the last beat at the pace it had."""
    behind = np.maximum(when - times[-1], 0) * (ticks[-1] - ticks[-2]) / (times[-1] - times[-2])
    return np.asarray(np.rint(np.interp(when, times, ticks) + behind), np.int64)


def _tempi(quarters: NDArray[np.float64], ticks: NDArray[np.int64]) -> tuple[Tempo, ...]:
    """A tempo wherever it changes; `quarters`: seconds a quarter note in each beat."""
    microseconds = np.rint(quarters * 1e6).astype(np.int64)
    changes = np.nonzero(np.diff(microseconds, prepend=-1))[0]
    return tuple(Tempo(int(ticks[beat]), int(microseconds[beat])) for beat in changes)


def _signatures(pulse: Pulse, lead: int, beat_ticks: int) -> tuple[TimeSignature, ...]:
    """The metre, after a bar that is as long as what comes before the first barline."""
    metre = pulse.metre
    short = (lead + pulse.pick_up) % metre.beats
    if not short:
        return (TimeSignature(0, metre.numerator, metre.denominator),)
    numerator = short * metre.numerator // metre.beats
    return (
        TimeSignature(0, numerator, metre.denominator),
        TimeSignature(short * beat_ticks, metre.numerator, metre.denominator),
    )
