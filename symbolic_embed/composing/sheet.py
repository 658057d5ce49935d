"""What an ensemble has written so far, in every variation: cells, window by window, and the notes they come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD, LONGEST
from symbolic_embed.composing.context import Rows, windows_of, without_doubles
from symbolic_embed.composing.history import Cell, SeedHistory
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.cell_rolls import Rolls, rolls_of
from symbolic_embed.outputs.written_notes import WrittenNotes

Played = list[list[Cell]]  # the cells of all writers in one window, in every variation
Placed = NDArray[np.int64]  # notes of one part, (notes, 4): track, step in the piece, length, pitch token

NO_NOTES: Cell = np.zeros((0, 3), np.int64)
NOTHING = -1  # the number of a window before all music
WINDOWS_HELD = 8  # a note sounds on in so many windows after its own


class Sheet:
    """The cells of `writers`, in writing order, in so many variations; `history`: what they played before."""

    def __init__(self, writers: Sequence[PartWriter], *, variations: int, history: SeedHistory | None = None) -> None:
        self.writers, self.history = list(writers), history
        self.cells: list[list[Cell]] = [[] for _ in range(variations)]
        self.notes: list[list[Placed]] = [[] for _ in range(variations)]
        self.forgotten = 0  # windows

    @property
    def windows(self) -> int:
        """How many windows there are, those of the history counted too."""
        before = 0 if self.history is None else len(self.history.lengths)
        return before + self.forgotten + len(self.cells[0]) // len(self.writers)

    def rows(self, variations: NDArray[np.int64]) -> Sheet:
        """What some of the variations have written, by their numbers."""
        copy = Sheet(self.writers, variations=len(variations), history=self.history)
        copy.cells = [list(self.cells[variation]) for variation in variations]
        copy.notes = [list(self.notes[variation]) for variation in variations]
        copy.forgotten = self.forgotten
        return copy

    def forget(self, *, keep: int) -> None:
        """Keeps only the last so many of its own windows; which of these stands where is told as before."""
        gone = max(len(self.cells[0]) // len(self.writers) - keep, 0)
        for table in (self.cells, self.notes):
            for of_variation in table:
                del of_variation[: gone * len(self.writers)]
        self.forgotten += gone

    def add(self, variation: int, turn: int, cell: Cell, *, start: int) -> Rows:
        """A writer's cell in the window that begins at step `start` of the piece; what it sounds there."""
        rows = self.sounding(variation, turn, cell, start=start)
        self.cells[variation].append(cell)
        self.notes[variation].append(_placed(cell, self.writers[turn].track, start=start))
        return rows

    def played_in(self, window: int) -> Played:
        """What was played in a window that stands here, counted from 0."""
        first = (window - self.forgotten) * len(self.writers)
        return [of_variation[first : first + len(self.writers)] for of_variation in self.cells]

    def cell(self, variation: int, turn: int, window: int) -> Cell:
        """What a writer played in a window, counted from the first of its history; nothing before."""
        before = 0 if self.history is None else len(self.history.lengths)
        if window == NOTHING:
            return NO_NOTES
        if self.history is not None and window < before:
            return self.history.cell(turn, window)
        return self.cells[variation][(window - before - self.forgotten) * len(self.writers) + turn]

    def last_cells(self, turn: int) -> list[Cell]:
        """Of each variation the last cell in which a writer plays; one without notes where there is none."""
        found = []
        for variation, cells in enumerate(self.cells):
            numbers = range(self.windows - 1 - (len(cells) % len(self.writers) > turn), -1, -1)
            played = (self.cell(variation, turn, number) for number in numbers)
            found.append(next((cell for cell in played if len(cell)), NO_NOTES))
        return found

    def beside(self, turn: int, leader: int) -> list[Cell]:
        """What a writer that came before has just played, of each variation, when it is another one's turn."""
        return [of_variation[leader - turn] for of_variation in self.cells]

    def finished(self, *, end: int) -> list[WrittenNotes]:
        """What each variation came to: no note sounds past step `end` or into the next of its pitch; in a part of one
        voice, none into the next at all."""
        single = {writer.track for writer in self.writers if writer.single}
        return [_finished(cells, end=end, single=single) for cells in self.notes]

    def sounding(self, variation: int, turn: int, cell: Cell, *, start: int) -> Rows:
        """What a part sounds in a window: a cell, and what the part holds over from earlier windows."""
        return np.concatenate([self._held_over(variation, turn, start=start), rows_of_cell(cell)])

    def together(self, played: Played, beside: Rows, *, start: int, steps: int) -> Windows:
        """All that sounds in a window of `steps` steps that begins at step `start` when all writers play this, `beside`
        what others do, in each variation."""
        unions = [
            np.concatenate([beside, *(self.sounding(variation, *own, start=start) for own in enumerate(cells))])
            for variation, cells in enumerate(played)
        ]
        return windows_of(list(map(without_doubles, unions)), steps=np.full(len(unions), steps))

    def _held_over(self, variation: int, turn: int, *, start: int) -> Rows:
        """What this writer wrote in earlier windows that still sounds at step `start`."""
        earlier = self.notes[variation][turn :: len(self.writers)][-WINDOWS_HELD:]
        table = np.concatenate([np.zeros((0, 4), np.int64), *earlier])
        sounding = table[(table[:, 1] + table[:, 2] > start) & (table[:, 3] < note_rows.FIRST_DRUM)]
        left = np.minimum(sounding[:, 1] + sounding[:, 2] - start, LONGEST)
        zeros = np.zeros(len(sounding), np.int64)
        return without_doubles(np.stack([zeros, sounding[:, 3], left, zeros + HELD], axis=1))


def rolls_of_cells(cells: Sequence[Cell]) -> Rolls:
    """Cells (notes, 3) of onset, pitch token and length in steps, as rolls; uint8 (cells, 48, 128)."""
    rows = np.concatenate([np.zeros((0, 3), np.int64), *map(classes_of, cells)])
    return rolls_of(rows, np.array([len(cell) for cell in cells], np.int64))


def rows_of_cell(cell: Cell) -> Rows:
    """What begins in a cell, as rows of a window."""
    drum = cell[:, 1] >= note_rows.FIRST_DRUM
    columns = (cell[:, 0], cell[:, 1] % note_rows.FIRST_DRUM, np.minimum(_lengths(cell), LONGEST))
    return np.stack([*columns, np.where(drum, DRUM, 0)], axis=1)


def classes_of(cell: Cell) -> NDArray[np.int64]:
    """A cell as the decoder has it, with length classes, ordered by onset and pitch; int64 (notes, 3)."""
    order = np.lexsort((cell[:, 1], cell[:, 0]))
    return np.column_stack([cell[:, :2], note_rows.length_class(_lengths(cell))])[order]


def _lengths(cell: Cell) -> NDArray[np.int64]:
    """The lengths of the notes of a cell, those of drums as windows have them."""
    return np.where(cell[:, 1] >= note_rows.FIRST_DRUM, DRUM_LENGTH, cell[:, 2])


def transposed_cell(cell: Cell, semitones: int, *, allowed: NDArray[np.bool_]) -> Cell:
    """A cell in another octave; notes that would leave what is allowed go an octave back."""
    moved = cell + np.array([0, semitones, 0])
    inside = (moved[:, 1] >= 0) & (moved[:, 1] < note_rows.FIRST_DRUM)
    inside &= allowed[np.clip(moved[:, 1], 0, note_rows.FIRST_DRUM - 1)]
    return np.where(inside[:, None], moved, cell)


def _placed(cell: Cell, track: int, *, start: int) -> Placed:
    """A cell where it lies in the piece."""
    return np.stack([np.full(len(cell), track), start + cell[:, 0], cell[:, 2], cell[:, 1]], axis=1)


def _finished(cells: list[Placed], *, end: int, single: set[int]) -> WrittenNotes:
    """The notes of one variation, cut as `Sheet.finished` says."""
    table = np.concatenate([np.zeros((0, 4), np.int64), *cells])
    table[:, 3] %= note_rows.FIRST_DRUM
    voice = np.where(np.isin(table[:, 0], sorted(single)), 0, table[:, 3])
    struck = np.stack([table[:, 0], voice, table[:, 1]], axis=1)
    onsets, number = np.unique(struck, axis=0, return_inverse=True)  # notes struck together may end together
    following = np.append(onsets[1:], [[-1, -1, -1]], axis=0)[number.ravel()]
    goes_on = (following[:, :2] == struck[:, :2]).all(axis=1)
    limit = np.where(goes_on, following[:, 2], end)
    table[:, 2] = np.maximum(np.minimum(table[:, 1] + table[:, 2], limit) - table[:, 1], 1)
    return WrittenNotes(*table[np.lexsort((table[:, 3], table[:, 1], table[:, 0]))].T)
