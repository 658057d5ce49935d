"""From a pitch curve to notes: where each begins, where it ends, and at what pitch it stays.

A voice does not go from note to note as a keyboard does. It scoops into a note from below, swings about it, glides to
the next, and a tracker now and then hears the octave. So the curve is read as what a hidden Markov model wrote (as in
Mauch and others, Tony, TENOR 2015): at each frame there is silence, or a note of some pitch, in steps of a quarter of
a semitone, which has just begun (and may be anywhere near) or goes on (and stays near). The pitch that was heard lies
about that of the note by Laplace's law, now and then by anything, or an octave off. A note lasts at least some frames.
To begin one costs; less where the loudness rises or the spectrum is new, which is how two notes of one pitch are told
from a long one. The likeliest way through is found by the algorithm of Viterbi.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.listening.loudness import Samples
from symbolic_embed.listening.melodies import PitchCurve, SungNotes
from symbolic_embed.listening.onsets import begun_at, level_db, novelty, rise_db, spectrum_of
from symbolic_embed.listening.tuning import offsets_of

STEPS_A_SEMITONE = 4
RANGE = 60.0  # semitones over which a pitch that means nothing is spread
MIDDLE = 0.6  # of a note, in which its pitch is measured
NEAR = 1.0  # semitones from its step: frames that are heard elsewhere do not count for its pitch
FEWEST = 4  # frames near its pitch that a note has
MOMENT = 7  # frames, a tenth of a second: nobody repeats a note so soon


@dataclass(frozen=True)
class Manner:
    """How notes are told. Found on melodies rendered with six instruments and synthetic voices (train split):
    `benchmarks/pitch_trackers.py`.

    spread: of the pitch about that of its note, in semitones; wide_spread: while the note begins.
    stray: the share of frames whose pitch is anything; octave: of those an octave off.
    surest: the most a tracker is believed. shortest: frames that a note has at least, of which `beginning` begin it.
    begin: what it costs to begin a note; rise, new: how much less for each decibel of loudness and of novelty, above
    which of those, and how many at most; end: what it costs to end one with silence.
    """

    spread: float = 0.35
    wide_spread: float = 1.0
    stray: float = 0.03
    octave: float = 0.01
    surest: float = 0.97
    shortest: int = 6
    beginning: int = 3
    begin: float = 9.0
    rise: float = 1.3
    rise_from: float = 1.5
    rise_most: float = 12.0
    new: float = 2.0
    new_from: float = 1.5
    new_most: float = 4.0
    end: float = 3.0


class _Likelihoods(NamedTuple):
    """Log likelihoods of each frame: `going_on`, `beginning`: float64 (frames, steps); `silent`, `begin`: (frames,)."""

    going_on: NDArray[np.float64]
    beginning: NDArray[np.float64]
    silent: NDArray[np.float64]
    begin: NDArray[np.float64]


def notes_of(curve: PitchCurve, samples: Samples, *, manner: Manner = Manner()) -> SungNotes:
    """The notes of a curve; `samples`: what it was heard in, at 16 kHz. None where there is no pitch."""
    steps = _steps(curve)
    level, spectrum = level_db(samples), spectrum_of(samples)
    seen = _likelihoods(curve, steps, _evidence(level, spectrum, manner) - manner.begin, manner)
    found = _likeliest(seen, manner) if len(steps) else []
    found = [one for one in found if _is_heard(one, curve, steps)]
    return _measured(_begun_earlier(_swelling(found), spectrum, steps), curve, steps, level)


def _steps(curve: PitchCurve) -> NDArray[np.float64]:
    """The pitches that a note can have, float64 (steps,)."""
    voiced = curve.pitch[np.isfinite(curve.pitch)]
    if not len(voiced):
        return voiced
    lowest, highest = np.floor(voiced.min()) - 1, np.ceil(voiced.max()) + 1
    return np.arange(lowest, highest, 1 / STEPS_A_SEMITONE)


def _evidence(level: NDArray[np.float64], spectrum: NDArray[np.float32], manner: Manner) -> NDArray[np.float64]:
    """By how much cheaper it is to begin a note at each frame."""
    rise = np.clip(rise_db(level) - manner.rise_from, 0, manner.rise_most)
    new = np.clip(novelty(spectrum) - manner.new_from, 0, manner.new_most)
    return manner.rise * rise + manner.new * new


def _likelihoods(
    curve: PitchCurve, steps: NDArray[np.float64], begin: NDArray[np.float64], manner: Manner
) -> _Likelihoods:
    sure = np.clip(curve.confidence, 1 - manner.surest, manner.surest)
    voiced = np.isfinite(curve.pitch)
    away = np.where(voiced, curve.pitch, 0.0)[:, None] - steps

    def density(spread: float) -> NDArray[np.float64]:
        near = np.exp(-np.abs(away) / spread) / (2 * spread)
        octave = sum(np.exp(-np.abs(away + off) / spread) / (2 * spread) for off in (-12.0, 12.0)) / 2
        mixed = (1 - manner.stray - manner.octave) * near + manner.octave * octave + manner.stray / RANGE
        return np.log(np.where(voiced[:, None], mixed, 1 / RANGE)) + np.log(sure)[:, None]

    silent = np.log(1 - sure) - np.log(RANGE)
    return _Likelihoods(density(manner.spread), density(manner.wide_spread), silent, begin)


def _likeliest(seen: _Likelihoods, manner: Manner) -> list[_Stretch]:
    """The likeliest notes, one after another."""
    frames, count = seen.going_on.shape
    nothing = np.full(count, -np.inf)
    young = [nothing] * manner.shortest  # notes in their first frame, their second, ...
    old, silence = nothing, 0.0
    best = np.zeros(frames, np.int64)  # the step of the likeliest old note at the frame before
    after_silence, ended = np.zeros(frames, bool), np.zeros(frames, bool)
    grown = np.zeros((frames, count), bool)
    for frame in range(frames):
        before = best[frame] = int(np.argmax(old))
        sounding = float(old[before])
        after_silence[frame], ended[frame] = silence >= sounding, sounding - manner.end > silence
        begun = max(silence, sounding) + seen.begin[frame]
        silence = max(silence, sounding - manner.end) + seen.silent[frame]
        grown[frame] = young[-1] > old
        old = np.maximum(old, young[-1]) + seen.going_on[frame]
        older = [
            note + (seen.beginning if age < manner.beginning else seen.going_on)[frame]
            for age, note in enumerate(young[:-1], start=1)
        ]
        young = [begun + seen.beginning[frame], *older]
    back = _Back(best, after_silence, ended, grown)
    return back.stretches(manner.shortest, last=None if silence >= old.max() else int(np.argmax(old)))


class _Stretch(NamedTuple):
    """A note: its first frame, the one after its last, and the step of its pitch."""

    first: int
    last: int
    step: int


class _Back(NamedTuple):
    """The way back through the frames: the best note at the frame before, int64 (frames,); whether a note that begins
    there comes after silence, whether silence comes after a note, bool (frames,); whether a note was young until then,
    bool (frames, steps)."""

    best: NDArray[np.int64]
    after_silence: NDArray[np.bool_]
    ended: NDArray[np.bool_]
    grown: NDArray[np.bool_]

    def stretches(self, shortest: int, *, last: int | None) -> list[_Stretch]:
        """The notes, of which the step `last` sounds at the end; None: silence."""
        found: list[_Stretch] = []
        frame, step = len(self.best) - 1, last
        end = frame + 1
        while frame >= 0:
            if step is None:
                step, end = (int(self.best[frame]), frame) if self.ended[frame] else (None, end)
                frame -= 1
            elif self.grown[frame, step]:
                first = frame - shortest
                found.append(_Stretch(first, end, step))
                end = first
                step = None if self.after_silence[first] else int(self.best[first])
                frame = first - 1
            else:
                frame -= 1
        return found[::-1]


def _is_heard(one: _Stretch, curve: PitchCurve, steps: NDArray[np.float64]) -> bool:
    """Whether a note is more than a moment with a pitch, carried through frames that have none."""
    return int((np.abs(curve.pitch[one.first : one.last] - steps[one.step]) < NEAR).sum()) >= FEWEST


def _swelling(stretches: list[_Stretch]) -> list[_Stretch]:
    """Notes, each with the moment before it that goes over into the same pitch: it grew louder from nothing."""
    joined: list[_Stretch] = []
    for one in stretches:
        before = joined[-1] if joined else None
        if before and before.last == one.first and before.last - before.first <= MOMENT and _is_near(before, one):
            joined[-1] = one._replace(first=before.first)
        else:
            joined.append(one)
    return joined


def _is_near(one: _Stretch, other: _Stretch) -> bool:
    return 2 * abs(one.step - other.step) < STEPS_A_SEMITONE


def _begun_earlier(
    stretches: list[_Stretch], spectrum: NDArray[np.float32], steps: NDArray[np.float64]
) -> list[_Stretch]:
    """Notes from where their own partials rise; the note before ends there."""
    begun: list[_Stretch] = []
    for one in stretches:
        earliest = begun[-1].first + 1 if begun else 0
        first = begun_at(spectrum, one.first, float(steps[one.step]), earliest=earliest)
        if begun and begun[-1].last > first:
            begun[-1] = begun[-1]._replace(last=first)
        begun.append(one._replace(first=first))
    return begun


def _measured(
    stretches: list[_Stretch], curve: PitchCurve, steps: NDArray[np.float64], level: NDArray[np.float64]
) -> SungNotes:
    """Notes with their pitch, how sure it is, and how loud they are."""
    rows = [_measures(one, curve, float(steps[one.step]), level) for one in stretches]
    onset, end, pitch, confidence, loudness = np.array(rows, np.float64).reshape(-1, 5).T
    offset, tuning = offsets_of(pitch, onset, end)
    return SungNotes(onset, end, pitch, confidence, loudness - loudness.max(initial=-np.inf), offset, tuning)


def _measures(
    one: _Stretch, curve: PitchCurve, step: float, level: NDArray[np.float64]
) -> tuple[float, float, float, float, float]:
    """Onset, end, pitch, confidence and loudness of a note. Its pitch is the median in its middle, of frames that were
    not heard an octave off."""
    skipped = int((one.last - one.first) * (1 - MIDDLE) / 2)
    pitch = curve.pitch[one.first + skipped : one.last - skipped]
    near = pitch[np.abs(pitch - step) < NEAR]
    hop = curve.times[1] - curve.times[0]
    return (
        float(curve.times[one.first]),
        float(curve.times[one.last - 1] + hop),
        float(np.median(near)) if len(near) else step,
        float(curve.confidence[one.first : one.last].mean()),
        float(level[one.first : one.last].max()),
    )
