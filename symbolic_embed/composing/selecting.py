"""Which cells of a piece vary, how far each is asked to go, and under which rules.

A drum part of nothing but what its groove holds (a track for the bass drum alone) stays as it is beside others. Where
nothing else was chosen, the groove is what is meant, and does not hold. Where locks leave no pitch in a part's manner,
they alone limit it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows, cell_windows
from symbolic_embed.composing.dial import asked_of_drums
from symbolic_embed.composing.idiom import idiom_of
from symbolic_embed.composing.locks import melody_parts, rules_for
from symbolic_embed.composing.manner import HOLDS_BELOW, manner_of
from symbolic_embed.composing.patterns import Patterns
from symbolic_embed.composing.rules import Rules
from symbolic_embed.composing.scope import Scope

FAR_BEYOND = 7  # semitones that a part may go beyond its range where each bar is varied for itself


@dataclass(frozen=True, eq=False)
class Selection:
    """The cells that vary, their rules, and what is asked of each on the dial, float64 (cells,); and the parts that
    were chosen and stay, since the rules leave none of their cells a choice."""

    cells: Windows
    rules: Rules
    asked: NDArray[np.float64]
    no_choice: tuple[int, ...]

    @classmethod
    def of(
        cls, barred: BarredScore, scope: Scope, amounts: NDArray[np.float64], *, by_notes: bool, each_bar: bool
    ) -> Selection:
        """Of the cells in a scope those that may become others. amounts: float64 (parts,), what is asked of each;
        `by_notes`: they are shares of notes; `each_bar`: parts need not go on in their manner."""
        cells = cell_windows(barred)
        chosen = scope.admits(cells.track, cells.bar)
        if scope.locks.melody:
            chosen &= ~np.isin(cells.track, sorted(melody_parts(barred)))
        if amounts.any():
            chosen &= amounts[cells.track] > 0
        cells = cells.where(np.flatnonzero(chosen))
        asked = amounts[cells.track]
        if each_bar:
            rules = rules_for(cells, barred, scope.locks, idiom=idiom_of(cells, barred, beyond=FAR_BEYOND))
            return cls._with_choice(cells, rules, asked, held=np.zeros(len(rules.kept), bool))
        idiom = idiom_of(cells, barred)
        for groove_holds in (amounts < HOLDS_BELOW, np.zeros(len(amounts), bool)):
            manner = manner_of(cells, barred, groove_holds=groove_holds)
            rules = rules_for(cells, barred, scope.locks, idiom=idiom, manner=manner)
            rules = rules.with_free_pitches(~rules.leave_choice(cells))
            shares = _of_drums(asked, cells, rules) if by_notes else asked
            selection = cls._with_choice(cells, rules, shares, held=manner.kept)
            if len(selection.cells):
                break
        return selection

    @classmethod
    def _with_choice(
        cls, cells: Windows, rules: Rules, asked: NDArray[np.float64], *, held: NDArray[np.bool_]
    ) -> Selection:
        """Those of the cells in which something else may be written; `held`: notes that stay in their manner."""
        has_choice = (cells.counted(~rules.kept) > 0) & rules.leave_choice(cells)
        was_chosen = cells.track[cells.counted(~rules.kept | held) > 0]
        no_choice = tuple(np.setdiff1d(was_chosen, cells.track[has_choice]).tolist())
        rules, cells = rules.where(has_choice, cells), cells.where(np.flatnonzero(has_choice))
        return cls(cells, rules, asked[has_choice], no_choice)

    def patterns(self, amounts: NDArray[np.float64]) -> tuple[Patterns, Rules]:
        """What of the cells is the same, and is asked to go as far; and the rules of the models. A pattern whose cells
        have no choice together is taken apart."""
        apart = np.unique(amounts[self.cells.track], return_inverse=True)[1]
        patterns = Patterns.of(self.cells, apart=apart, exactly=self.rules.rhythm is not None)
        for _ in range(2):
            together, models = self.rules.together(patterns), self.cells.where(patterns.model)
            has_choice = (models.counted(~together.kept) > 0) & together.leave_choice(models)
            if has_choice.all():
                break
            patterns = patterns.split(~has_choice)
        return patterns, self.rules.together(patterns)


def _of_drums(asked: NDArray[np.float64], cells: Windows, rules: Rules) -> NDArray[np.float64]:
    """What is asked of all cells, those of drums as drums go; float64 (cells,)."""
    drums = cells.counted(cells.is_drum) > 0
    free = cells.counted(~rules.kept) / np.maximum(cells.counted(cells.begins), 1)
    result = asked.copy()
    result[drums] = asked_of_drums(asked[drums], part=cells.track[drums], free=free[drums])
    return result
