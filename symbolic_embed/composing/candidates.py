"""Several candidates are drawn for each cell that is written; which one is taken.

The composer is conditioned on the harmony of the others, but a single draw may miss it. So the candidates are reranked:
by how much of what they sound makes one chord with what sounds already, how little of it rubs (minor seconds and major
sevenths, in any octave), and how used the piece is to their pitch classes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.composing.context import Rows
from symbolic_embed.composing.history import Cell

RUBBING = 1.5  # what a step of rubbing costs, where a step of one chord gains 1
UNUSUAL = 0.15  # what a note costs whose pitch class is e times rarer than the twelfth that each would have


def best_candidate(candidates: Sequence[Cell], others: Rows, *, steps: int, classes: NDArray[np.float32]) -> Cell:
    """The candidate that fits best to what others sound, and to the pitch classes that the piece is used to, (12,)
    logarithms of their shares, 0 for a twelfth; the first of equals."""
    if len(candidates) == 1:
        return candidates[0]
    sounding = sounding_classes(others[:, 0], others[:, 2], others[:, 1], steps=steps)
    return candidates[int(np.argmax([_fit(candidate, sounding, classes) for candidate in candidates]))]


def pitched(rows: Sequence[Rows]) -> Rows:
    """All pitched notes of several parts in one window."""
    together = np.concatenate([np.zeros((0, 4), np.int64), *rows])
    of_pitch: Rows = together[together[:, 3] & DRUM == 0]
    return of_pitch


def _fit(candidate: Cell, sounding: NDArray[np.bool_], classes: NDArray[np.float32]) -> float:
    """How well a candidate fits to what sounds, bool (steps, 12), where both sound."""
    own = sounding_classes(candidate[:, 0], candidate[:, 2], candidate[:, 1], steps=len(sounding))
    both = own.any(axis=1) & sounding.any(axis=1)
    fit = 0.0
    if both.any():
        together, beside = own[both], sounding[both]
        rubs = (together & (np.roll(beside, 1, axis=1) | np.roll(beside, -1, axis=1))).any(axis=1)
        fit = float(is_one_chord(together | beside).mean() - RUBBING * rubs.mean())
    unusual = np.minimum(classes[candidate[:, 1] % 12], 0.0)
    return fit + UNUSUAL * float(unusual.mean()) if len(unusual) else fit
