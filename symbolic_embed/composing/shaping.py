"""How cells are brought to what is asked of a part.

Before a cell is written, what the part lacks is a pace (`networks.pace`): so many notes, so many together, so far
apart. Once it is there, or returns, it is shaped: notes beyond the range go into it by octaves, so that harmony and
rhythm stay; a note ends where more than are wanted would sound; and all lengths grow or shrink alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.bars.patterns.measures import Played
from symbolic_embed.composing.controls import Wishes
from symbolic_embed.composing.history import Cell
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.networks.pace import ANY, Pace

AT_MOST = 2.0  # times what is asked for a part comes to in one cell to make up for earlier ones
FREEDOM = 0.15  # by so large a share a cell may have fewer notes than are wanted of it
APART = 0.5  # of the length that is asked for notes begin apart
CUTS = 3  # times that lengths grow where notes are cut by others
OCTAVE = 12


def pace_of(wish: Wishes, so_far: Sequence[Played], *, steps: int, single: bool) -> Pace:
    """The pace of the next cell of a part, of `steps` steps, for each of several variations by what it has played."""
    rows = [_pace(wish, played, steps=steps, single=single) for played in so_far]
    return Pace(*np.array(rows, np.int64).reshape(-1, 4).T)


def fewest_of(wish: Wishes, so_far: Sequence[Played], *, steps: int) -> NDArray[np.int64]:
    """How many notes the next cell has at the least, in each of several variations; int64 (variations,)."""
    wanted = [_wanted(wish, played, steps=steps) or 0.0 for played in so_far]
    return np.array([int(number * (1 - FREEDOM)) for number in wanted], np.int64)


def plays(wish: Wishes, so_far: Played, *, steps: int) -> bool | None:
    """Whether a part plays in its next cell, by the density that is asked of it: where what is wanted is nearer to what
    it begins together than to nothing. None where none is asked for."""
    wanted = _wanted(wish, so_far, steps=steps)
    if wanted is None:
        return None
    together = wish.polyphony or (so_far.polyphony[0] if so_far.notes[0] else 1.0)
    return bool(wanted >= together / 2)


def shaped(cell: Cell, wish: Wishes, so_far: Played, *, steps: int, single: bool) -> Cell:
    """A cell of `steps` steps as it comes nearest to a wish without other onsets or pitch classes, of a part that has
    played `so_far`; `single`: one of one voice. Where a polyphony is asked for nothing sounds on into the next cell."""
    if not len(cell) or cell[0, 1] >= FIRST_DRUM:
        return cell
    cell = _folded(cell, wish)
    cell = cell[np.lexsort((cell[:, 1], cell[:, 0]))]
    limits = [_next_onsets(cell, single=single)]
    if wish.polyphony is not None:
        _, voices = _voices(wish.polyphony, so_far)
        limits += [_out_voiced(cell, voices=voices), steps - cell[:, 0]]
    room = np.min(limits, axis=0)
    if wish.note_length is not None:
        return _lasting(cell, wish.note_length * STEPS_PER_QUARTER, so_far, room=room)
    return np.column_stack([cell[:, :2], np.minimum(cell[:, 2], room)]) if wish.polyphony is not None else cell


def _pace(wish: Wishes, so_far: Played, *, steps: int, single: bool) -> tuple[int, int, int, int]:
    """Most notes, fewest and most together, steps apart."""
    wanted = _wanted(wish, so_far, steps=steps)
    most = ANY if wanted is None else max(int(np.ceil(wanted - FREEDOM)), 1)
    fewest_together, most_together, apart = 1, ANY, 0
    if wish.polyphony is not None:
        fewest_together, most_together = _voices(wish.polyphony, so_far)
    if wish.note_length is not None and wanted is None:
        length = wish.note_length * STEPS_PER_QUARTER
        lacking = wish.note_length / so_far.note_length[0] if so_far.notes[0] else 1.0
        if single or lacking > 1:
            apart = min(int(APART * length * min(max(lacking, 1.0), AT_MOST)), steps - 1)
    return most, fewest_together, most_together, apart


def _wanted(wish: Wishes, so_far: Played, *, steps: int) -> float | None:
    """How many notes a cell should have; not all that is lacking at once."""
    wanted = wish.notes_wanted(so_far, steps=steps)
    if wanted is None or wish.density is None:
        return None
    return min(wanted, max(AT_MOST * wish.density * steps / STEPS_PER_QUARTER, 1.0))


def _voices(wanted: float, so_far: Played) -> tuple[int, int]:
    """How many shall sound at once next, at the least and at the most: whole numbers around what makes up for what was
    too few or too many; then the one or the other of them."""
    lacking = wanted - so_far.polyphony[0] if so_far.notes[0] else 0.0
    aim = float(np.clip(wanted + AT_MOST * lacking, 1.0, AT_MOST * wanted))
    fewest, most = int(aim), int(np.ceil(aim))
    if lacking:
        fewest, most = (most, most) if lacking > 0 else (fewest, fewest)
    return fewest, most


def _folded(cell: Cell, wish: Wishes) -> Cell:
    """Notes beyond the range that is asked for, in the nearest octave that lies in it, where one does; each pitch once
    on an onset."""
    pitch = cell[:, 1]
    low, high = wish.lowest or 0, FIRST_DRUM - 1 if wish.highest is None else wish.highest
    up, down = (-(-np.maximum(beyond, 0) // OCTAVE) * OCTAVE for beyond in (low - pitch, pitch - high))
    moved = pitch + up - down
    moved = np.where((moved >= low) & (moved <= high), moved, pitch)
    if (moved == pitch).all():
        return cell
    _, first = np.unique(np.column_stack([cell[:, 0], moved]), axis=0, return_index=True)
    return np.column_stack([cell[:, 0], moved, cell[:, 2]])[np.sort(first)]


def _next_onsets(cell: Cell, *, single: bool) -> NDArray[np.int64]:
    """How long each note can last until its pitch, or in one voice any, begins again; int64 (notes,)."""
    onset, pitch = cell[:, 0], cell[:, 1]
    later = (onset[None] > onset[:, None]) & (single | (pitch[None] == pitch[:, None]))
    room = np.where(later, onset[None] - onset[:, None], ANY).min(axis=1)
    return np.asarray(room, np.int64)


def _out_voiced(cell: Cell, *, voices: int) -> NDArray[np.int64]:
    """How long each note can last until so many begin after it that more than `voices` would sound."""
    onset = cell[:, 0]
    number = np.arange(len(cell))
    place = number + voices
    after = np.append(onset, np.full(voices, onset[-1] + ANY))[place]
    return np.where(after > onset, after - onset, ANY)


def _lasting(cell: Cell, wanted: float, so_far: Played, *, room: NDArray[np.int64]) -> Cell:
    """A cell whose notes grow or shrink alike, as far as there is `room`, until all lengths come to what is wanted."""
    count = len(cell)
    lacking = (wanted * (so_far.notes[0] + count) - so_far.length_sum[0]) / count
    goal = float(np.clip(lacking, wanted / AT_MOST, wanted * AT_MOST))
    length = np.minimum(cell[:, 2], room).astype(np.float64)
    for _ in range(CUTS):
        length = np.minimum(length * goal / length.mean(), room)
    return np.column_stack([cell[:, :2], np.maximum(np.round(length), 1).astype(np.int64)])
