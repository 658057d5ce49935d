"""Counting notes that are right.

A written note is right where the original has one of the same onset (in steps) and pitch in the same window, and right
with its length where the class of its length is the same too. Each note of the original answers for one written note.
Notes held over from an earlier window belong to that one, and are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows, ranges
from symbolic_embed.encodings import note_rows


@dataclass(frozen=True)
class NoteCounts:
    """How many notes there were, were written, are right, and right with their length; from how many windows."""

    original: int = 0
    written: int = 0
    right: int = 0
    right_with_length: int = 0
    windows: int = 0

    def __add__(self, other: NoteCounts) -> NoteCounts:
        return NoteCounts(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def precision(self) -> float:
        """The share of the written notes that are right; 0 where none was written."""
        return self.right / max(self.written, 1)

    @property
    def recall(self) -> float:
        """The share of the original's notes that were written; 0 where it has none."""
        return self.right / max(self.original, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(self.written + self.original, 1)

    @property
    def f1_with_length(self) -> float:
        """The same, where a right note must have the right length."""
        return 2 * self.right_with_length / max(self.written + self.original, 1)


def count_notes(original: Windows, written: Windows, *, chosen: NDArray[np.bool_]) -> NoteCounts:
    """The counts over the windows that the mask `chosen` (windows,) takes; both have the same windows in one order."""
    truth, answer = _lengths(original, chosen), _lengths(written, chosen)
    right = truth.keys() & answer.keys()
    with_length = sum(truth[note] == answer[note] for note in right)
    return NoteCounts(len(truth), len(answer), len(right), with_length, int(np.count_nonzero(chosen)))


def mean_over_sets(sets: Iterable[NoteCounts]) -> dict[str, float]:
    """The mean of each figure over data sets, a large set counting no more than a small one."""
    sets = list(sets)
    names = ("precision", "recall", "f1", "f1_with_length")
    return {name: sum(getattr(one, name) for one in sets) / len(sets) for name in names}


def _lengths(windows: Windows, chosen: NDArray[np.bool_]) -> dict[int, int]:
    """Window, onset and pitch token of each note in one number, with the class of its length."""
    rows, counts = note_rows.encode(windows)
    window = ranges.owners(counts)
    inside = chosen[window]
    numbers = (window * 64 + rows[:, 0]) * note_rows.PITCH_TOKENS + rows[:, 1]
    return dict(zip(numbers[inside].tolist(), rows[inside, 2].tolist(), strict=True))
