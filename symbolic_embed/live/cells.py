"""Bars that were played, as the composer takes them: cells, window by window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from symbolic_embed.bars import WINDOW_STEPS
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD, LONGEST
from symbolic_embed.composing.context import Rows, without_doubles
from symbolic_embed.composing.given import Given
from symbolic_embed.composing.history import Cell
from symbolic_embed.composing.sheet import rolls_of_cells
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.live.deadline import DRUM_CHANNEL
from symbolic_embed.live.notes import HeardBar, Note


def split(steps: int) -> list[tuple[int, int]]:
    """The windows of a bar of so many steps: where each begins in it, and how long it is."""
    return [(start, min(WINDOW_STEPS, steps - start)) for start in range(0, steps, WINDOW_STEPS)]


def cell_of(notes: Iterable[Note], window: tuple[int, int], *, drums: bool) -> Cell:
    """What notes of one part begin in a window of their bar."""
    start, steps = window
    first = FIRST_DRUM if drums else 0
    rows = [
        (note.step - start, note.pitch + first, note.length) for note in notes if start <= note.step < start + steps
    ]
    return np.array(sorted(rows), np.int64).reshape(-1, 3)


def notes_of(cell: Cell, *, part: int, start: int) -> list[Note]:
    """The notes of a cell whose window begins at a step of the bar; their loudness is not known yet."""
    return [Note(part, start + onset, max(length, 1), token % FIRST_DRUM, 0) for onset, token, length in cell.tolist()]


def given_of(heard: HeardBar, window: tuple[int, int], *, roles: Sequence[str]) -> Given:
    """What the player plays in a window of a bar, as parts of `roles`: drums are those that strike, on their channel
    where another part is there too."""
    rows, cells = [], []
    for role in roles:
        drums = role == "drums"
        notes, held = ([note for note in some if is_of(note, drums=drums, roles=roles)] for some in heard[1:])
        rows.append(_rows(notes, held, window, drums=drums))
        cells.append(cell_of(notes, window, drums=drums))
    return Given(tuple(rows), rolls_of_cells(cells))


def is_of(note: Note, *, drums: bool, roles: Sequence[str]) -> bool:
    """Whether a note is of the player's drums, or of what else there is; all notes are of the only part."""
    return len(roles) == 1 or (note.part == DRUM_CHANNEL) == drums


def _rows(notes: Sequence[Note], held: Sequence[Note], window: tuple[int, int], *, drums: bool) -> Rows:
    """What sounds in a window, what began before it too."""
    start, steps = window
    flag, rows = DRUM if drums else 0, []
    for note, began in [*((note, True) for note in notes), *((note, False) for note in held)]:
        left = note.step + note.length - start
        if began and start <= note.step < start + steps:
            length = DRUM_LENGTH if drums else min(note.length, LONGEST)
            rows.append((note.step - start, note.pitch, length, flag))
        elif note.step < max(start, 1) and left > 0 and not drums:
            rows.append((0, note.pitch, min(left, LONGEST), HELD))
    return without_doubles(np.array(rows, np.int64).reshape(-1, 4))
