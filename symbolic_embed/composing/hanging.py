"""Parts do not hang on one note: for how many onsets in a row they may stay on a pitch.

The likeliest note after a note is the same note, so the colder notes are drawn, the longer a part stays where it is,
and what it wrote is what it hears next. What a part may do is what it does in its piece: its longest run of one pitch,
counted in the highest note of each onset, or FEWEST where that is shorter. A pitch whose run is as long may not begin
in the next window; a cell that would make a longer run does not return, and of candidates those are taken that make
none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns import Stretch, pitches
from symbolic_embed.composing.history import Cell
from symbolic_embed.encodings.cell_rolls import Rolls

FEWEST = 2
NO_RUN = (-1, 0)

Run = tuple[int, int]  # a pitch, and for how many onsets a part has stayed on it


@dataclass(frozen=True)
class Stay:
    """For how many onsets a part may stay on a pitch; None: for any number."""

    longest: int | None = None

    def last_run(self, rolls: Rolls) -> Run:
        """The last run of a part, as far as it matters (`last_run`)."""
        return NO_RUN if self.longest is None else last_run(rolls)

    def admits(self, cell: Cell, run: Run) -> bool:
        """Whether a cell may follow a run."""
        return self.longest is None or run_after(cell, run) <= self.longest

    def moving_on(self, tokens: NDArray[np.bool_], run: Run) -> NDArray[np.bool_]:
        """Pitch tokens, bool (..., tokens), without that of a run that is as long as it may be, as far as others are
        left."""
        pitch, length = run
        if self.longest is None or length < self.longest:
            return tokens
        others = tokens & (np.arange(tokens.shape[-1]) != pitch)
        return np.where(others.any(axis=-1, keepdims=True), others, tokens)

    def shortest(self, cells: list[Cell], run: Run) -> list[Cell]:
        """The cells that may follow a run; where none may, those with the shortest run."""
        if self.longest is None:
            return cells
        lengths = [max(run_after(cell, run), self.longest) for cell in cells]
        return [cell for cell, length in zip(cells, lengths, strict=True) if length == min(lengths)]


ANY = Stay()


def stays_of(barred: BarredScore, *, order: Sequence[int]) -> tuple[Stay, ...]:
    """For how long each part of a piece, in `order`, may stay on a pitch after it; drums, which have none, for any."""
    longest = pitches.longest_runs(Stretch.of(barred))
    return tuple(ANY if barred.part_is_drum[part] else Stay(max(int(longest[part]), FEWEST)) for part in order)


def last_run(rolls: Rolls) -> Run:
    """The pitch that a part stayed on last, and for how many onsets, in its windows so far, uint8 (windows, 48, 128);
    NO_RUN before its first note."""
    pitch, run = NO_RUN
    for roll in rolls[::-1]:
        for top in _tops(*np.nonzero(roll))[::-1]:
            if run and top != pitch:
                return pitch, run
            pitch, run = top, run + 1
    return pitch, run


def run_after(cell: Cell, before: Run) -> int:
    """The longest run of one pitch that a cell holds, or that comes to with the run `before` it."""
    pitch, run = before
    longest = 0
    for top in _tops(cell[:, 0], cell[:, 1]):
        pitch, run = top, run + 1 if top == pitch else 1
        longest = max(longest, run)
    return longest


def _tops(onset: NDArray[np.int64], pitch: NDArray[np.int64]) -> list[int]:
    """The highest pitch of each onset, in order."""
    highest: dict[int, int] = {}
    for at, tone in zip(onset.tolist(), pitch.tolist(), strict=True):
        highest[at] = max(highest.get(at, -1), tone)
    return [highest[at] for at in sorted(highest)]
