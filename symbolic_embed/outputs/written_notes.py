"""New notes, as steps of a piece: not yet loud or soft, early or late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class WrittenNotes:
    """New notes of one variation: int64 (n,) each. `onset_steps` counts through the piece."""

    track: np.ndarray
    onset_steps: np.ndarray
    length_steps: np.ndarray
    pitch: np.ndarray

    def where(self, chosen: np.ndarray) -> WrittenNotes:
        """The notes a boolean mask or an index array chooses."""
        return WrittenNotes(self.track[chosen], self.onset_steps[chosen], self.length_steps[chosen], self.pitch[chosen])

    @classmethod
    def concatenated(cls, *several: WrittenNotes) -> WrittenNotes:
        """All notes of `several`, in order."""
        names = ("track", "onset_steps", "length_steps", "pitch")
        return cls(*(np.concatenate([getattr(notes, name) for notes in several]) for name in names))
