"""The chord of a window: which triad sounds there, and what is sounding at each step.

Chords are numbers: 0 is none, 1 + 3 * root + kind a major, minor or diminished triad on a pitch class. The triad is the
one whose tones sound longest; of nearly equal ones that whose root lies in the bass. It is meant for comparing bars,
not for printing: sevenths, suspensions and power chords count as the triad they are nearest to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.grid import WINDOW_STEPS
from symbolic_embed.bars.windows import Windows

KINDS = ((0, 4, 7), (0, 3, 7), (0, 3, 6))
NO_CHORD, CHORDS = 0, 1 + 12 * len(KINDS)
BASS_BONUS, ROOT_BONUS = (
    0.2,
    0.1,
)  # of all that sounds: of a triad whose root is in the bass, and for how long it sounds


def _templates() -> NDArray[np.float64]:
    """What each chord but none counts of each pitch class; float64 (12, CHORDS - 1)."""
    table = np.zeros((12, CHORDS - 1))
    for root in range(12):
        for kind, tones in enumerate(KINDS):
            column = len(KINDS) * root + kind
            table[[(root + tone) % 12 for tone in tones], column] = 1.0
            table[root, column] += ROOT_BONUS
    return table


TEMPLATES = _templates()


def sounding_steps(windows: Windows) -> NDArray[np.bool_]:
    """Which pitch class sounds at each step of each window, drums left out; bool (windows, 48, 12)."""
    changes = np.zeros((len(windows), WINDOW_STEPS + 1, 12), np.int16)
    pitched = ~windows.is_drum
    owner, onset = windows.note_window[pitched], windows.onset[pitched].astype(np.int64)
    end = np.minimum(onset + windows.length[pitched], WINDOW_STEPS)
    pitch_class = windows.pitch[pitched] % 12
    np.add.at(changes, (owner, onset, pitch_class), 1)
    np.add.at(changes, (owner, end, pitch_class), -1)
    return changes.cumsum(axis=1)[:, :-1] > 0


def chord_numbers(windows: Windows) -> NDArray[np.int64]:
    """The chord of each window; int64 (windows,), 0 to CHORDS - 1."""
    return chord_of_profile(sounding_steps(windows).sum(axis=1).astype(np.float64), _lowest_class(windows))


def chord_of_profile(profile: NDArray[np.float64], lowest: NDArray[np.int64]) -> NDArray[np.int64]:
    """The chords of how long each pitch class sounds, (n, 12), and of the lowest pitch class, (n,), -1 for none."""
    total = profile.sum(axis=1, keepdims=True)
    fit = profile @ TEMPLATES / np.maximum(total, 1.0)  # (n, chords)
    fit += BASS_BONUS * (np.repeat(np.arange(12), len(KINDS)) == lowest[:, None])
    return np.where(total[:, 0] > 0, 1 + fit.argmax(axis=1), NO_CHORD)


def root_of(chords: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pitch class each chord stands on, -1 for none."""
    return np.where(chords == NO_CHORD, -1, (chords - 1) // len(KINDS))


def tones_of(chords: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The pitch classes of chords (...,), none for none; bool (..., 12)."""
    tones = np.concatenate([np.zeros((1, 12), bool), TEMPLATES.T > 0])
    chosen: NDArray[np.bool_] = tones[chords]
    return chosen


def root_rows(chords: NDArray[np.int64]) -> NDArray[np.float32]:
    """1 for the root of chords (...,), 0 for all other pitch classes; float32 (..., 12)."""
    rows: NDArray[np.float32] = (np.arange(12) == root_of(chords)[..., None]).astype(np.float32)
    return rows


def _lowest_class(windows: Windows) -> NDArray[np.int64]:
    """The pitch class of the lowest note of each window, -1 where it has none."""
    lowest = np.full(len(windows), 255, np.int64)
    pitched = ~windows.is_drum
    np.minimum.at(lowest, windows.note_window[pitched], windows.pitch[pitched].astype(np.int64))
    return np.where(lowest < 255, lowest % 12, -1)
