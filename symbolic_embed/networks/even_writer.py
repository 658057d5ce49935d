"""A writer of notes that writes every window alike, however many are written beside it.

Matrix products of one to three rows are computed in another order than those of more, and differ in the last bits.
Windows end at different times, so the last ones of a batch would be such rows; here fewer than FEWEST are filled up.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from symbolic_embed.networks.grammar import Grammar, Written
from symbolic_embed.networks.writing import Choice, Writer

FEWEST = 4  # rows


class EvenWriter(Writer):
    """The same notes as a `Writer`'s but for rounding; if written greedily, they do not depend on other windows."""

    def _planned(self, embeddings: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        state, keys, frames = super()._planned(embeddings[_filled(len(embeddings))])
        return state[: len(embeddings)], keys[: len(embeddings)], frames[: len(embeddings)]

    def _next_state(self, told: Tensor, state: Tensor) -> Tensor:
        rows = _filled(len(state))
        return super()._next_state(told[rows], state[rows])[: len(state)]

    def _next_note(
        self, state: Tensor, keys: Tensor, frames: Tensor, written: Written, *, grammar: Grammar, choice: Choice
    ) -> tuple[np.ndarray, np.ndarray]:
        rows = _filled(len(state))
        if isinstance(rows, slice):
            return super()._next_note(state, keys, frames, written, grammar=grammar, choice=choice)
        filled = Written(written.count, written.onset[rows], written.pitch[rows])
        note, going_on = super()._next_note(
            state[rows], keys[rows], frames[rows], filled, grammar=grammar.rows(rows), choice=choice
        )
        return note[: len(state)], going_on[: len(state)]


def _filled(count: int) -> np.ndarray | slice:
    """Which of `count` rows to compute: all, and where they are fewer than FEWEST, some of them twice."""
    return slice(None) if count >= FEWEST else np.arange(FEWEST) % count
