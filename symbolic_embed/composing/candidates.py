"""Several candidates are drawn for each cell that is written; which one is taken.

The composer is conditioned on the harmony of the others, but a single draw may miss it. So the candidates are reranked:
by how much of what they sound makes one chord with what sounds already.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.composing.context import Rows
from symbolic_embed.composing.history import Cell


def returned_or_new(returned: Cell | None, new: Cell) -> Cell:
    """The cell that returns, where one does."""
    return new if returned is None else returned


def best_candidate(candidates: Sequence[Cell], others: Rows, *, steps: int) -> Cell:
    """The candidate that most often makes one chord with what others sound, where both do; the first of equals. Where
    the first candidate is a rest it stays one: else rests, which never clash, would always win."""
    if len(candidates) == 1 or len(others) == 0 or len(candidates[0]) == 0:
        return candidates[0]
    sounding = sounding_classes(others[:, 0], others[:, 2], others[:, 1], steps=steps)
    agreements = []
    for candidate in candidates:
        own = sounding_classes(candidate[:, 0], candidate[:, 2], candidate[:, 1], steps=steps)
        both = own.any(axis=1) & sounding.any(axis=1)
        agreements.append(float(is_one_chord((own | sounding)[both]).mean()) if both.any() else -1.0)
    return candidates[int(np.argmax(agreements))]


def pitched(rows: Sequence[Rows]) -> Rows:
    """All pitched notes of several parts in one window."""
    together = np.concatenate([np.zeros((0, 4), np.int64), *rows])
    of_pitch: Rows = together[together[:, 3] & DRUM == 0]
    return of_pitch
