"""Which key a piece is in, told from its pitch classes.

The method is Krumhansl and Schmuckler's (Krumhansl, Cognitive Foundations of Musical Pitch, 1990, chapter 4): how long
each of the twelve pitch classes sounds is correlated with the profile of each of the twelve major and twelve minor
keys; the highest correlation is the answer. The profiles are those of Albrecht and Shanahan (The Use of Large Corpora
to Train a New Type of Key-Finding Algorithm, Music Perception 31(1), 2013): how often each degree occurs in major and
in minor. On 939 files of four sets that name their key once, they name its signature for 93 %, signature and mode for
86 %; Krumhansl's own, from listeners' ratings, for 85 and 79 %; those of Temperley (2001) for 92 and 86 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.score import Score

MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
LONGEST_QUARTERS = 4  # a drone of fifty bars counts no more than a bar of it


@dataclass(frozen=True)
class KeyEstimate:
    """A key, as "G major", and the correlation of the music with its profile, -1 to 1."""

    name: str
    correlation: float


def estimate_key(score: Score) -> KeyEstimate | None:
    """The likeliest key; None where no pitch class sounds longer than another (and where there is no pitch at all)."""
    sounding = pitch_class_durations(score)
    if np.ptp(sounding) == 0:
        return None
    keys = [(name, "major", MAJOR) for name in MAJOR_NAMES] + [(name, "minor", MINOR) for name in MINOR_NAMES]
    fits = [np.corrcoef(sounding, np.roll(profile, n % 12))[0, 1] for n, (_, _, profile) in enumerate(keys)]
    best = int(np.argmax(fits))
    return KeyEstimate(f"{keys[best][0]} {keys[best][1]}", round(float(fits[best]), 3))


def pitch_class_durations(score: Score) -> NDArray[np.float64]:
    """For how many quarters each pitch class sounds in all parts but drums; float64 (12,)."""
    total = np.zeros(12)
    for track in score.tracks:
        if not track.is_drum:
            lengths = np.minimum(track.notes.duration_ticks / score.division, LONGEST_QUARTERS)
            total += np.bincount(track.notes.pitch % 12, lengths, minlength=12)
    return total


def best_transposition(fixed: NDArray[np.float64], moving: NDArray[np.float64]) -> int:
    """By how many semitones, -5 to 6, a piece moves so that its pitch classes (12,) sound most like the fixed ones; of
    equally good intervals the smallest, upwards before downwards."""
    intervals = sorted(range(-5, 7), key=lambda interval: (abs(interval), -interval))
    return max(intervals, key=lambda interval: float(fixed @ np.roll(moving, interval)))
