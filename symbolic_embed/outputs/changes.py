"""What differs between a piece and cells that were written for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows
from symbolic_embed.bars.voices import is_single_voice
from symbolic_embed.bars.windows import LONGEST
from symbolic_embed.encodings.note_rows import length_class
from symbolic_embed.outputs.written_notes import WrittenNotes


def changes(barred: BarredScore, cells: Windows, written: Windows) -> tuple[NDArray[np.int64], WrittenNotes]:
    """The notes of the piece that are not in the written windows, as indices into `barred.notes`, and the written notes
    that are not in the piece. `cells` says which part and bar each written window is for.

    A note that is written again where it was, at the same pitch and of the same length class, stays the note it is.
    """
    notes = barred.notes
    placed = placed_notes(barred, cells, written)
    new_class = np.where(written.is_drum, 0, length_class(written.length))[written.begins]
    old_class = np.where(barred.note_is_drum, 0, length_class(np.minimum(notes.length_steps, LONGEST)))
    new = np.stack([placed.track, placed.onset_steps, placed.pitch, new_class], axis=1)
    old = np.stack([notes.track, notes.onset_steps, notes.pitch, old_class], axis=1)
    inside = np.flatnonzero(_inside(barred, cells))
    old_keys, new_keys = (set(map(tuple, rows.tolist())) for rows in (old[inside], new))
    goes = np.array([tuple(row) not in new_keys for row in old[inside].tolist()], bool)
    return inside[goes], placed.where(np.array([tuple(row) not in old_keys for row in new.tolist()], bool))


def placed_notes(barred: BarredScore, cells: Windows, written: Windows) -> WrittenNotes:
    """The notes that begin in written windows, where they lie in the piece."""
    begins = written.begins
    owner = written.note_window[begins]
    start = barred.grid.bar_steps[cells.bar] + WINDOW_STEPS * cells.part_of_bar
    columns = (cells.track[owner], start[owner] + written.onset[begins], written.length[begins], written.pitch[begins])
    return WrittenNotes(*(column.astype(np.int64) for column in columns))


def voiced(barred: BarredScore, removed: NDArray[np.int64], added: WrittenNotes, *, end: int) -> WrittenNotes:
    """`added` with lengths cut: none sounds past step `end`, and in a part of the piece that has one voice none sounds
    into the next note, be it new or one that stays."""
    staying = np.ones(len(barred.notes), bool)
    staying[removed] = False
    last = np.full(len(added), end)
    for track in np.unique(added.track):
        if track < len(barred.score.tracks) and is_single_voice(barred, int(track)):
            mine = added.track == track
            theirs = barred.notes.onset_steps[staying & (barred.notes.track == track)]
            onsets = np.unique(np.concatenate([added.onset_steps[mine], theirs, [end]]))
            following = np.searchsorted(onsets, added.onset_steps[mine], side="right")
            last[mine] = onsets[np.minimum(following, len(onsets) - 1)]
    steps = np.maximum(np.minimum(added.length_steps, last - added.onset_steps), 1)
    return replace(added, length_steps=steps)


def _inside(barred: BarredScore, cells: Windows) -> NDArray[np.bool_]:
    """Which notes of the piece begin in one of the cell windows; bool (notes,)."""
    part_of_bar = (barred.notes.onset_steps - barred.grid.bar_steps[barred.note_bar]) // WINDOW_STEPS
    key = (barred.notes.track * barred.bars + barred.note_bar) * 4096 + part_of_bar
    return np.isin(key, (cells.track * barred.bars + cells.bar) * 4096 + cells.part_of_bar)
