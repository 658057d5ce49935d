"""The chord and the bass of each half of a bar, told from what sounds.

How long each pitch class sounds in a half, and how often it begins there, on a beat twice as much, makes a profile.
Every kind of chord on every root is held against it: what the chord explains counts for it; a tone of it that is
missing, and a rarer kind, against it; a bass on its root is half the proof of a chord. Two halves that one chord
explains nearly as well as two do are one chord.

A bar of 4/4 has halves of two beats, one of 6/8 of three eighths; where beats are odd the first half has one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore, PlacedNotes
from symbolic_embed.bars.grid import STEPS_PER_QUARTER
from symbolic_embed.requests.chord_symbols import SPELLINGS, Chord
from symbolic_embed.score.score import TimeSignature

HALVES = 2
RARER = {"": 0.0, "m": 0.0, "7": 0.05, "m7": 0.05, "maj7": 0.06, "5": 0.06, "sus4": 0.07, "dim": 0.07}
RARER |= {"sus2": 0.09, "m7b5": 0.09, "aug": 0.1, "dim7": 0.1, "7sus4": 0.11, "add9": 0.1, "madd9": 0.11}
MISSING = 0.12  # against a chord for each tone that does not sound
SOUNDS = 0.05  # of the profile: a tone with less is missing, the less the more so
BASS_IS_ROOT, BASS_IS_TONE = 0.18, 0.05  # for a chord
ONE_CHORD = 0.1  # so much worse may one chord be for a bar than two
ONSET_STEPS = 3  # a note that begins counts as so many steps more, on a beat twice as many
DOUBLED = 2  # a pitch class that more voices have at once counts as two


def _templates() -> tuple[list[tuple[int, str]], NDArray[np.float64], NDArray[np.float64]]:
    """Root and kind of every chord, its tones, float64 (chords, 12), and how rare its kind is, (chords,)."""
    chords = [(root, kind) for kind in RARER for root in range(12)]
    tones = np.zeros((len(chords), 12))
    for number, (root, kind) in enumerate(chords):
        tones[number, [(root + tone) % 12 for tone in SPELLINGS[kind]]] = 1
    return chords, tones, np.array([RARER[kind] for _, kind in chords])


CHORDS, TONES, COSTS = _templates()
ROOTS = np.array([root for root, _ in CHORDS])


@dataclass(frozen=True, eq=False)
class Profile:
    """What sounds in the halves of bars: `weights` and `bass`, float64 (bars, 2, 12), how much of each pitch class in
    all pitched parts, and how long each is the lowest."""

    weights: NDArray[np.float64]
    bass: NDArray[np.float64]

    def folded(self, period: int) -> Profile:
        """The bars of one loop of `period` bars, the last of them last, each what all of its returns have together."""
        whole = len(self.weights) // period * period
        folded = (
            column[len(column) - whole :].reshape(-1, period, HALVES, 12).sum(axis=0)
            for column in (self.weights, self.bass)
        )
        return Profile(*folded)

    def chords(self) -> list[tuple[Chord, Chord]]:
        """The likeliest chord of each half; `Chord.none()` in a silent bar. A silent half has that of the other."""
        scores = self._scores()
        best = scores.max(axis=2)
        both = scores.sum(axis=1)
        is_one = (both.max(axis=1) >= best.sum(axis=1) - 2 * ONE_CHORD) | ~self._sounds().all(axis=1)
        chosen = np.where(is_one[:, None], both.argmax(axis=1)[:, None], scores.argmax(axis=2))
        silent = (Chord.none(), Chord.none())
        plays: list[bool] = np.asarray(self._sounds().any(axis=1)).tolist()
        return [
            (self._chord(bar, 0, int(first)), self._chord(bar, 1, int(second))) if plays[bar] else silent
            for bar, (first, second) in enumerate(chosen)
        ]

    def _sounds(self) -> NDArray[np.bool_]:
        sounds: NDArray[np.bool_] = self.weights.sum(axis=2) > 0
        return sounds

    def _scores(self) -> NDArray[np.float64]:
        """How well each chord explains each half, 0 for all where it is silent; float64 (bars, 2, chords)."""
        total = self.weights.sum(axis=2, keepdims=True)
        shares = self.weights / np.maximum(total, 1e-9)
        missing = np.maximum(1 - shares / SOUNDS, 0) @ TONES.T
        lowest = np.where(self.bass.any(axis=2), self.bass.argmax(axis=2), -1)[..., None]
        is_root = lowest == ROOTS
        is_tone = (np.arange(12) == lowest) @ TONES.T > 0
        scores = shares @ TONES.T - MISSING * missing - COSTS + BASS_IS_ROOT * is_root + BASS_IS_TONE * is_tone
        return np.asarray(scores * (total > 0))

    def _chord(self, bar: int, half: int, number: int) -> Chord:
        """One of the chords, over the bass of a half where that is one of its tones."""
        root, kind = CHORDS[number]
        bass = self.bass[bar, half]
        low = int(bass.argmax()) if bass.any() else root
        return Chord.of(root, kind, bass=low if TONES[number, low] else None)


def chord_profile(barred: BarredScore, bars: Iterable[int]) -> Profile:
    """The profile of some bars of a piece, in their order."""
    wanted = np.fromiter(bars, np.int64)
    pitched = barred.notes.where(~barred.note_is_drum)
    notes = pitched.where(np.argsort(pitched.onset_steps, kind="stable"))
    low = np.isin(notes.track, [part for part, role in enumerate(barred.roles) if role == "bass"])
    ends = np.maximum.accumulate(notes.onset_steps + notes.length_steps)
    profiles = []
    for start, end, signature in _spans(barred, wanted):
        near = slice(ends.searchsorted(start, side="right"), notes.onset_steps.searchsorted(end))
        there = np.arange(near.start, near.stop)
        there = there[notes.onset_steps[near] + notes.length_steps[near] > start]
        profiles.append(_bar_profile(notes.where(there), low[there], (start, end), signature))
    return Profile(*(np.stack(column) for column in zip(*profiles, strict=True)))


def _spans(barred: BarredScore, bars: NDArray[np.int64]) -> Iterator[tuple[int, int, TimeSignature]]:
    """The first step of each bar, the one after its last, and its metre."""
    for bar in bars.tolist():
        start, end = barred.grid.bar_steps[bar : bar + 2].tolist()
        yield start, end, barred.metre.signatures[bar]


def half_bar(signature: TimeSignature, *, steps: int) -> int:
    """The step on which the second half of a bar of `steps` steps begins; `steps` where it is one beat alone."""
    unit = 4 * STEPS_PER_QUARTER / signature.denominator
    is_compound = signature.numerator > 3 and signature.numerator % 3 == 0 and signature.denominator >= 8
    beat = unit * (3 if is_compound else 1)
    beats = max(round(steps / beat), 1)
    return min(round(-(-beats // 2) * beat), steps)


def _bar_profile(
    own: PlacedNotes, is_low: NDArray[np.bool_], span: tuple[int, int], signature: TimeSignature
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights and bass of one bar, float64 (2, 12) each, from the pitched notes that sound in its span of steps, and
    which of them are of a bass, bool (notes,)."""
    start, end = span
    half = half_bar(signature, steps=end - start)
    begin = np.maximum(own.onset_steps, start) - start
    count = np.minimum(own.onset_steps + own.length_steps, end) - start - begin
    step, note = ranges.rows(begin, count), ranges.owners(count)
    voices = np.zeros((end - start, 12))
    np.add.at(voices, (step, own.pitch[note] % 12), 1)
    voices = np.minimum(voices, DOUBLED)
    struck = own.onset_steps >= start
    emphasis = ONSET_STEPS * (1 + (begin[struck] % STEPS_PER_QUARTER == 0))
    np.add.at(voices, (begin[struck], own.pitch[struck] % 12), emphasis)
    lowest = np.full(end - start, 128)
    in_bass = is_low[note] if is_low.any() else np.ones(len(note), bool)
    np.minimum.at(lowest, step[in_bass], own.pitch[note][in_bass])
    bass = np.zeros((end - start, 12))
    sounding = np.flatnonzero(lowest < 128)
    bass[sounding, lowest[sounding] % 12] = 1
    for first, last in ((0, half), (half, end - start)):
        here = sounding[(sounding >= first) & (sounding < last)]
        if len(here):  # what begins a half is its bass, whatever walks on from it
            bass[here[0], lowest[here[0]] % 12] += (last - first) / 2
    halves = ((0, half), (half, end - start))
    weights, lows = (np.stack([column[a:b].sum(axis=0) for a, b in halves]) for column in (voices, bass))
    return weights, lows
