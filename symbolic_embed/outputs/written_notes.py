"""New notes, as steps of a piece: not yet loud or soft, early or late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class WrittenNotes:
    """New notes of one variation: int64 (n,) each. `onset_steps` counts through the piece."""

    track: NDArray[np.int64]
    onset_steps: NDArray[np.int64]
    length_steps: NDArray[np.int64]
    pitch: NDArray[np.int64]

    @classmethod
    def none(cls) -> WrittenNotes:
        """No notes."""
        return cls(*(np.zeros(0, np.int64) for _ in range(4)))

    def __len__(self) -> int:
        return len(self.track)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> WrittenNotes:
        """The notes a boolean mask or an index array chooses."""
        return WrittenNotes(self.track[chosen], self.onset_steps[chosen], self.length_steps[chosen], self.pitch[chosen])

    @classmethod
    def concatenated(cls, *several: WrittenNotes) -> WrittenNotes:
        """All notes of `several`, in order."""
        names = ("track", "onset_steps", "length_steps", "pitch")
        return cls(*(np.concatenate([getattr(notes, name) for notes in several]) for name in names))
