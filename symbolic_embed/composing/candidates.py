"""Several cells are drafted for each that is written; which one is taken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.composing.context import Rows
from symbolic_embed.composing.history import Cell


def old_or_new(old: Cell | None, new: Cell) -> Cell:
    """The cell that returns, where one does."""
    return new if old is None else old


def fitting(drafts: Sequence[Cell], others: Rows, *, steps: int) -> Cell:
    """The draft that most often makes one chord with what others sound, where both do; the first of equals. Where the
    first draft is a rest it stays one: else rests, which never clash, would always win."""
    if len(drafts) == 1 or len(others) == 0 or len(drafts[0]) == 0:
        return drafts[0]
    heard = sounding_classes(others[:, 0], others[:, 2], others[:, 1], steps=steps)
    agreements = []
    for draft in drafts:
        own = sounding_classes(draft[:, 0], draft[:, 2], draft[:, 1], steps=steps)
        both = own.any(axis=1) & heard.any(axis=1)
        agreements.append(float(is_one_chord((own | heard)[both]).mean()) if both.any() else -1.0)
    return drafts[int(np.argmax(agreements))]


def pitched(rows: Sequence[Rows]) -> Rows:
    """All pitched notes of several parts in one window."""
    together = np.concatenate([np.zeros((0, 4), np.int64), *rows])
    return together[together[:, 3] & DRUM == 0]
