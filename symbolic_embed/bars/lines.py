"""What is sung: the top line, in either of the two senses that musicians have for it.

*Of what begins*: at each onset the highest of the notes that are struck there, whatever still sounds above it. So every
onset of a part has its note in the line, and the line of a part is the tune that its player would name. This is what is
compared note by note: runs of intervals, n-grams, a melody that must not change.

*Of what sounds*: the notes above which nothing sounds when they begin, in any part. So a long note hides what moves
below it until it ends: an accompaniment under a tune leaves no trace in the line. A note that stands longer than
LONGEST_STEPS (a drone, a pad) hides nothing after that. This is the melody of a whole piece.

Drums have no line of either sort.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.grid import STEPS_PER_QUARTER

LONGEST_STEPS = 16 * STEPS_PER_QUARTER


class Line(NamedTuple):
    """Notes one after another: onsets, counted in steps through the piece and rising, and pitches; int64 (n,)."""

    onset_steps: NDArray[np.int64]
    pitch: NDArray[np.int64]


class Pitched(NamedTuple):
    """All notes but drums, in no order: onset and length in steps, pitch; int64 (n,)."""

    onset_steps: NDArray[np.int64]
    length_steps: NDArray[np.int64]
    pitch: NDArray[np.int64]


def pitched_notes(barred: BarredScore) -> Pitched:
    """The notes of all parts but drums."""
    notes = barred.notes.where(~barred.note_is_drum)
    return Pitched(notes.onset_steps, notes.length_steps, notes.pitch)


def struck_highest(
    onset: NDArray[np.integer], pitch: NDArray[np.integer], *, part: NDArray[np.integer] | None = None
) -> NDArray[np.int64]:
    """The top line of what begins: the index of the highest note at each onset of each part (of one part, where `part`
    is not given), in order of part and onset; int64 (line,). Of several equal notes it is the last."""
    if part is None:
        part = np.zeros(len(onset), np.int64)
    order = np.lexsort((pitch, onset, part))
    is_last = np.ones(len(order), bool)
    is_last[:-1] = (np.diff(part[order]) != 0) | (np.diff(onset[order]) != 0)
    return order[is_last]


def top_line(notes: Pitched) -> Line:
    """The top line of what sounds: the notes above which nothing sounds at their onset."""
    if not len(notes.pitch):
        return Line(notes.onset_steps, notes.pitch)
    lengths = np.minimum(notes.length_steps, LONGEST_STEPS)
    sounding = ranges.rows(notes.onset_steps, lengths)
    highest = np.zeros(sounding.max() + 1, np.int64)
    np.maximum.at(highest, sounding, np.repeat(notes.pitch, lengths))
    onset_steps = np.unique(notes.onset_steps[notes.pitch == highest[notes.onset_steps]])
    return Line(onset_steps, highest[onset_steps])
