"""Beats of a performance, estimated from its onsets.

Notes that begin within 30 ms are one onset. It counts more the more notes it has, the lower and the longer they are:
that is where beats are. The pulse that explains the onsets best is tracked (`pulse.py`), each beat is brought to the
onsets around it, and beats are added until they reach from the first onset to the end of what sounds. How surely there
is a beat at all is read off how much better the pulse explains the onsets than chance does. Bars are counted on the
beats (`downbeats.py`), in four where there is hardly a beat.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.downbeats import counted
from symbolic_embed.bars.grid import STEPS_PER_QUARTER
from symbolic_embed.bars.pulse import pulse_of
from symbolic_embed.score.clock import seconds, ticks_at
from symbolic_embed.score.score import Score

TOGETHER_SECONDS: Final = 0.03
LONGER: Final = 0.6  # the weight of an onset goes with its length to this power
NEAR_SECONDS: Final = 0.06  # an onset so near to a beat is on it
LONGEST_SECONDS: Final = 3600.0
FEWEST_ONSETS: Final = 8
UNSURE: Final = 0.5  # below this confidence beats are a guess
# How many beats may make a bar, and how many nats more likely each is before anything is heard.
COUNTS: Final = {3: 0.0, 4: 0.1}
COUNTS_OF_THIRDS: Final = {2: 0.2, 3: 0.0, 4: 0.0}
LAST_BEATS: Final = 8  # whose median period is that in which the music goes on: a slowing end is none


class Beats(NamedTuple):
    """`ticks`: where the beats are, int64, increasing, from 0 on; `pick_up`: how many come before the first barline,
    less than `per_bar`, the beats of a bar; `has_thirds`: whether a beat is a dotted quarter, as in 6/8, or a quarter;
    `confidence`: how surely there is a beat at all, 0 to 1; `period_ticks`: from the last beat on, how far apart beats
    are."""

    ticks: NDArray[np.int64]
    pick_up: int
    per_bar: int = 4
    has_thirds: bool = False
    confidence: float = 1.0
    period_ticks: float = 0.0

    @property
    def is_guess(self) -> bool:
        """Whether there is hardly a beat."""
        return self.confidence < UNSURE

    @property
    def metre(self) -> tuple[int, int]:
        """Numerator and denominator of the bars."""
        return (3 * self.per_bar, 8) if self.has_thirds else (self.per_bar, 4)


class Said(NamedTuple):
    """What somebody says of a performance: beats a minute, by and large; numerator and denominator of its bars, whose
    beats are dotted where the denominator is 8."""

    tempo: float | None = None
    metre: tuple[int, int] | None = None

    @property
    def has_thirds(self) -> bool | None:
        return None if self.metre is None else self.metre[1] == 8

    @property
    def per_bar(self) -> int | None:
        return None if self.metre is None else self.metre[0] // (3 if self.has_thirds else 1)


UNSAID: Final = Said()


class Onsets(NamedTuple):
    """What begins together: when, in seconds, rising, and how much it counts; float64 (onsets,) both."""

    times: NDArray[np.float64]
    weights: NDArray[np.float64]


def estimate_beats(score: Score, said: Said = UNSAID) -> Beats | None:
    """The beats of a performance, with what is `said` of them as it is said: from the first onset (or half a step of
    the grid after it) to where the last note ends. What begins with the beat after them begins less than a beat before
    that, or half a beat after it.

    None where there is nothing to estimate from: under eight onsets, under two seconds, or over an hour of music.
    """
    notes = sum(len(track.notes) for track in score.tracks)
    if notes < FEWEST_ONSETS:
        return None
    clock: dict[str, Any] = {"tempi": score.tempi, "division": score.division}
    onsets = onsets_of(score)
    if not 2.0 <= np.ptp(onsets.times) <= LONGEST_SECONDS:
        return None
    pulse = pulse_of(
        onsets.times - onsets.times[0],
        onsets.weights,
        has_thirds=said.has_thirds,
        period=60 / said.tempo if said.tempo else None,
    )
    tracked = _drawn_to(onsets, onsets.times[0] + pulse.beats)
    confidence = _confidence(pulse.gain, len(onsets.times))
    beats, period = _reaching(tracked, score, last=float(onsets.times[-1]))
    ticks = np.unique(ticks_at(np.maximum([*beats, beats[-1] + period], 0.0), **clock))
    choices = {4: 0.0} if confidence < UNSURE else COUNTS_OF_THIRDS if pulse.has_thirds else COUNTS
    choices = choices if said.per_bar is None else {said.per_bar: 0.0}
    count = counted(score, seconds(ticks[:-1], **clock), choices=choices)
    thirds = pulse.has_thirds and (confidence >= UNSURE or said.metre is not None)
    return Beats(ticks[:-1], count.pick_up, count.per_bar, thirds, confidence, float(ticks[-1] - ticks[-2]))


def onsets_of(score: Score) -> Onsets:
    """The onsets of all notes of a score, which has some."""
    notes = [track.notes for track in score.tracks]
    ticks, ends = np.concatenate([[one.onset_ticks, one.offset_ticks] for one in notes], axis=1)
    begin, end = (seconds(when, tempi=score.tempi, division=score.division) for when in (ticks, ends))
    struck = np.concatenate([np.full(len(track.notes), track.is_drum) for track in score.tracks])
    low = np.clip((60.0 - np.concatenate([one.pitch for one in notes])) / 24.0, 0.0, 1.0)
    order = np.argsort(begin, kind="stable")
    begin, length, low, struck = (column[order] for column in (begin, end - begin, low, struck))
    group = np.cumsum(np.diff(begin, prepend=begin[0]) > TOGETHER_SECONDS)
    lasts = np.zeros(group[-1] + 1)
    np.maximum.at(lasts, group, np.where(struck, 0.0, np.minimum(length, 1.5)))
    usual = np.median(lasts[lasts > 0]) if lasts.any() else 1.0
    longer = np.where(lasts > 0, np.clip(lasts / usual, 0.25, 4.0), 1.0)
    counts = np.bincount(group, 1.0 + low)
    return Onsets(np.bincount(group, (1.0 + low) * begin) / counts, np.sqrt(counts) * longer**LONGER)


def _drawn_to(onsets: Onsets, beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Beats moved to the onsets that are near to them and to their neighbours; they stay in order."""
    nearest = np.clip(np.searchsorted(beats, onsets.times), 1, len(beats) - 1)
    nearest -= onsets.times - beats[nearest - 1] < beats[nearest] - onsets.times
    late = onsets.times - beats[nearest]
    weights = np.where(np.abs(late) <= NEAR_SECONDS, onsets.weights, 0.0)
    around = np.array([0.5, 1.0, 0.5])
    total = np.convolve(np.bincount(nearest, weights, minlength=len(beats)), around, mode="same")
    moved = np.convolve(np.bincount(nearest, weights * late, minlength=len(beats)), around, mode="same")
    return beats + moved / np.maximum(total, 1e-9) * (total > 0)


def _reaching(beats: NDArray[np.float64], score: Score, *, last: float) -> tuple[NDArray[np.float64], float]:
    """Beats from the first to that of the `last` onset, and to the end of what sounds but for half a beat; and how far
    apart those that follow are. All in seconds."""
    between = np.diff(beats)
    period = float(np.median(between[-LAST_BEATS - 1 : -1] if len(between) > 1 else between))
    beats = beats[beats <= last + period * 0.5 / STEPS_PER_QUARTER]
    end = float(seconds(score.end_tick, tempi=score.tempi, division=score.division))
    after = max(0, math.ceil((end - beats[-1]) / period - 1.5))
    return np.concatenate([beats, beats[-1] + period * np.arange(1, after + 1)]), period


def _confidence(gain: float, onsets: int) -> float:
    """0 to 1. Among onsets at random the best pulse gains .4 nats an onset, .6 where they are only ten; pieces that are
    played without a click gain 1.2, one in ten less than .65."""
    return 1 / (1 + math.exp(-(gain - 0.5 - 0.7 / onsets**0.5) / 0.05))
