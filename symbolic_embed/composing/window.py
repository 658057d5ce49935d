"""One window while it is written."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.bars.windows import HELD
from symbolic_embed.composing.context import Rows, windows_of, without_doubles
from symbolic_embed.composing.given import Given
from symbolic_embed.composing.memory import Memory, WindowPlan
from symbolic_embed.encodings.cell_rolls import Rolls
from symbolic_embed.encodings.patterns.material import Outlook, outlook
from symbolic_embed.networks.choosing import Choice


class Window(NamedTuple):
    """A window: where it begins in the piece, and how long it is; how notes are chosen; its plan, and what the parts
    may copy from; whether given parts begin a note in it. Of what is written in it so far: what sounds, of each
    variation, part by part; which parts returned (1) or did not (-1), int64 (variations, parts), as `Past.returned` has
    it; the cells, uint8 (variations, parts, 48, 128).
    """

    start: int
    steps: int
    choice: Choice
    plan: WindowPlan
    seen: Outlook
    others_begin: bool
    together: list[list[Rows]]
    returned: NDArray[np.int64]
    cells: Rolls

    @classmethod
    def opened(
        cls, plan: WindowPlan, *, memory: Memory, start: int, steps: int, choice: Choice, given: Given | None
    ) -> Window:
        """A window in which nothing is written yet, beside what is `given`."""
        seen = outlook(memory.past, plan.sources, plan.chords)
        cells = np.zeros((memory.variations, len(memory.roles), *seen.references.shape[3:]), np.uint8)
        together: list[list[Rows]] = [[] for _ in range(memory.variations)]
        if given is not None:
            cells[:, len(memory.roles) - len(given.cells) :] = given.cells
            together = [list(given.rows) for _ in together]
        others_begin = given is not None and bool(given.cells.any())
        returned = memory.past.returned(cells, plan.sources)
        return cls(start, steps, choice, plan, seen, others_begin, together, returned, cells)

    def unions(self) -> Windows:
        """All that sounds in it so far, in each variation."""
        return self._unions(self.together)

    def heard(self) -> Windows:
        """The same, but of parts in which a note begins, as the composer has learnt to hear what others have written:
        of one that only holds notes over nothing."""
        return self._unions([[rows for rows in of_parts if begins(rows)] for of_parts in self.together])

    def _unions(self, together: list[list[Rows]]) -> Windows:
        nothing = np.zeros((0, 4), np.int64)
        unions = [without_doubles(np.concatenate([nothing, *rows])) for rows in together]
        return windows_of(unions, steps=np.full(len(unions), self.steps))


def begins(rows: Rows) -> bool:
    """Whether a note begins in a window, beside what is held over into it."""
    return bool((rows[:, 3] & HELD == 0).any())
