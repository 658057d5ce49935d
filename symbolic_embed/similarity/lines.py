"""What is sung: the top line of a piece, and how much of the time it shares with the other notes.

The top line takes the notes above which nothing sounds when they begin. A note of another part that stands longer than
LONGEST_STEPS (a drone, a pad) does not go on hiding what moves below it. Drums have no line.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore

LONGEST_STEPS = 16 * STEPS_PER_QUARTER


class Line(NamedTuple):
    """Notes one after another: onsets, counted in steps through the piece and rising, and pitches; int64 (n,)."""

    step: np.ndarray
    pitch: np.ndarray


class Pitched(NamedTuple):
    """All notes but drums, in no order: onset and length in steps, pitch; int64 (n,)."""

    step: np.ndarray
    steps: np.ndarray
    pitch: np.ndarray


def pitched_notes(barred: BarredScore) -> Pitched:
    notes = barred.notes
    pitched = ~np.array([track.is_drum for track in barred.score.tracks], bool)[notes.track]
    return Pitched(
        *(column[pitched].astype(np.int64) for column in (notes.onset_steps, notes.length_steps, notes.pitch))
    )


def top_line(notes: Pitched) -> Line:
    """The notes above which nothing sounds at their onset."""
    if not len(notes.step):
        return Line(notes.step, notes.pitch)
    lengths = np.minimum(notes.steps, LONGEST_STEPS)
    row = np.repeat(np.arange(len(lengths)), lengths)
    sounding = notes.step[row] + np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    highest = np.zeros(sounding.max() + 1, np.int64)
    np.maximum.at(highest, sounding, notes.pitch[row])
    step = np.unique(notes.step[notes.pitch == highest[notes.step]])
    return Line(step, highest[step])
