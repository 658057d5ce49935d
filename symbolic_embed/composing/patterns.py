"""What of a piece is the same, and so is varied once: a loop's bars, a riff that returns, parts that double each other.

Two cells are the same *pattern* where the same pitches begin on the same sixteenths. Their lengths, and the few
milliseconds that a player is early or late, are each cell's own and stay so. Cells of one part that are the same are of
one pattern, and so are cells of several parts in one bar, be it some octaves apart: a doubling. Crashes are not
compared: the bar that begins a section is the groove of its others.

One cell of each pattern is varied, its *model*, under rules that hold for all: what is kept in one is kept, what one
may not play is not written. What it becomes is then played by all, each in its octave. What is held over from the bar
before belongs to each cell alone; a model has as little of that as any.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from symbolic_embed.bars import WINDOW_STEPS, Windows, ranges
from symbolic_embed.bars.merging import merge
from symbolic_embed.composing.manner import CRASHES
from symbolic_embed.encodings.note_rows import length_class, pitch_tokens

SIXTEENTH = 3  # steps


@dataclass(frozen=True, eq=False)
class Patterns:
    """Which cells are the same. pattern: int64 (cells,), which pattern each is of; model: int64 (patterns,), the cell
    that stands for each; semitones: int64 (cells,), how much higher each is than its model, whole octaves.

    compared: int64 (notes compared,), the notes of the cells that make them the same, cell by cell in the same order;
    place: int64 (notes compared,), which of its cell's each is. apart: how many cells are of a pattern that was taken
    apart.
    """

    cells: Windows
    pattern: NDArray[np.int64]
    model: NDArray[np.int64]
    semitones: NDArray[np.int64]
    compared: NDArray[np.int64]
    place: NDArray[np.int64]
    apart: int = 0

    @classmethod
    def of(cls, cells: Windows, *, apart: NDArray[np.int64], exactly: bool = False) -> Patterns:
        """The patterns of cell windows. apart: int64 (cells,), only cells of one number can be the same. `exactly`:
        onsets and lengths are compared to the step."""
        begins = cells.begins & ~(cells.is_drum & np.isin(cells.pitch, CRASHES))
        octave = _octaves(cells, begins)
        content = _content(cells, begins, exactly=exactly)
        in_part = _numbered(cells.track, content.content_hashes(), apart)
        lowered = content.transposed(-12 * octave).content_hashes()
        in_bar = _numbered(cells.bar, cells.part_of_bar, lowered, apart)
        edges = coo_array((np.ones(len(cells)), (in_part, in_bar + len(cells))), shape=(2 * len(cells), 2 * len(cells)))
        pattern = connected_components(edges, directed=False)[1][in_part]
        return cls._numbered(cells, pattern, octave, begins)

    @classmethod
    def _numbered(
        cls, cells: Windows, label: NDArray[np.int64], octave: NDArray[np.int64], begins: NDArray[np.bool_]
    ) -> Patterns:
        """Patterns from a label of each cell."""
        order = np.lexsort((cells.counted(~cells.begins), label))
        model = order[np.unique(label[order], return_index=True)[1]]
        pattern = np.unique(label, return_inverse=True)[1]
        onset = _sixteenths(cells)
        compared = np.flatnonzero(begins)
        keys = (cells.onset, cells.pitch, onset, cells.note_window)
        compared = compared[np.lexsort([key[compared] for key in keys])]
        semitones = 12 * (octave - octave[model[pattern]])
        return cls(cells, pattern, model, semitones, compared, ranges.ordinals(cells.counted(begins)))

    def __len__(self) -> int:
        return len(self.model)

    def split(self, patterns: NDArray[np.bool_]) -> Patterns:
        """The same with some patterns, a mask, taken apart: what each part plays is then a pattern; where it was one
        already, what each cell plays."""
        within = _numbered(self.pattern, self.cells.track)
        parts = np.bincount(_first_of(within, self.pattern), minlength=len(self))
        several = parts[self.pattern] > 1
        new = np.where(several, within, len(self.cells) + np.arange(len(self.cells)))
        label = np.where(patterns[self.pattern], len(self.cells) + new, self.pattern)
        begins = np.zeros(len(self.cells.onset), bool)
        begins[self.compared] = True
        split = Patterns._numbered(self.cells, label, _octaves(self.cells, begins), begins)
        return replace(split, apart=self.apart + int(np.count_nonzero(patterns[self.pattern])))

    def agreed(self, notes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A mask of the cells' notes, bool (notes,), so that where a note is chosen all that stand for it are."""
        owner = self.pattern[self.cells.note_window[self.compared]]
        note = _numbered(owner, self.place)
        chosen = np.zeros(int(note.max(initial=-1)) + 1, bool)
        chosen[note[notes[self.compared]]] = True
        agreed = notes.copy()
        agreed[self.compared] = chosen[note]
        return agreed

    def allowed_to_all(self, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """What is allowed to all cells of each pattern, as its model would play it. `allowed`: bool (cells, ...,
        tokens), pitches before drums; bool (patterns, ..., tokens)."""
        here = allowed.copy()
        pitches = allowed.shape[-1] // 2
        for semitones in np.unique(self.semitones[self.semitones != 0]).tolist():
            rows = self.semitones == semitones
            moved = np.roll(here[rows][..., :pitches], -semitones, axis=-1)
            moved[..., slice(pitches - semitones, None) if semitones > 0 else slice(0, -semitones)] = False
            here[rows, ..., :pitches] = moved
        order = np.argsort(self.pattern, kind="stable")
        starts = np.searchsorted(self.pattern[order], np.arange(len(self)))
        together: NDArray[np.bool_] = np.logical_and.reduceat(here[order], starts, axis=0)
        return together

    def played(self, written: Windows, *, kept: NDArray[np.bool_]) -> Windows:
        """What all cells become where the models become `written`, a window for each pattern. `kept`: the notes of the
        cells that stay."""
        new = written.keeping(written.begins & ~self._is_in(written, kept))
        new = new.where(self.pattern).transposed(self.semitones)
        new = self._as_each_plays(new)
        staying = self.cells.keeping(kept)
        groups = np.tile(np.arange(len(self.cells)), 2)
        return merge(Windows.concatenated([staying, new]), groups=groups, steps=self.cells.steps)

    def _is_in(self, written: Windows, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which notes of the windows written for the models are notes that stay in these; bool (notes,)."""
        models = self.cells.keeping(kept).where(self.model)
        return np.isin(_keys(written), _keys(models))

    def _as_each_plays(self, new: Windows) -> Windows:
        """Windows of all cells in which a note that the model had is as each cell has it: as early, as long."""
        owner = self.cells.note_window[self.compared]
        first = ranges.offsets(np.bincount(owner, minlength=len(self.cells)))[:-1]
        counterpart = self.compared[first[self.model[self.pattern[owner]]] + self.place]
        semitones = self.semitones[owner]
        pitch = self.cells.pitch[counterpart] + semitones
        keys = (owner * WINDOW_STEPS + self.cells.onset[counterpart]) * 128 + pitch
        order = np.argsort(keys, kind="stable")
        wanted = (new.note_window * WINDOW_STEPS + new.onset) * 128 + new.pitch
        row = np.minimum(np.searchsorted(keys[order], wanted), max(len(keys) - 1, 0))
        known = order[row] if len(keys) else row
        same = np.zeros(len(wanted), bool)
        if len(keys):
            as_long = length_class(new.length) == length_class(self.cells.length[counterpart[known]])
            same = (keys[known] == wanted) & (as_long | new.is_drum)
        note = self.compared[known[same]]
        onset, length = new.onset.copy(), new.length.copy()
        onset[same], length[same] = self.cells.onset[note], self.cells.length[note]
        return replace(new, onset=onset, length=length)


def _content(cells: Windows, begins: NDArray[np.bool_], *, exactly: bool) -> Windows:
    """The windows with no more than what is compared."""
    if exactly:
        return cells.keeping(begins)
    onset = _sixteenths(cells).astype(np.uint8)
    return replace(cells, onset=onset, length=np.ones_like(cells.length)).keeping(begins)


def _sixteenths(cells: Windows) -> NDArray[np.int64]:
    """The nearest sixteenth of its window that each note begins on; int64 (notes,)."""
    last = (cells.steps - 1) // SIXTEENTH
    return np.minimum((cells.onset.astype(np.int64) + 1) // SIXTEENTH, last[cells.note_window])


def _octaves(cells: Windows, begins: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The octave of the lowest note compared of each cell, 0 for drums; int64 (cells,)."""
    pitched = begins & ~cells.is_drum
    lowest = np.full(len(cells), 127)
    np.minimum.at(lowest, cells.note_window[pitched], cells.pitch[pitched])
    return np.where(cells.counted(pitched) > 0, lowest // 12, 0)


def _keys(windows: Windows) -> NDArray[np.int64]:
    """A number for the window, onset and pitch of each note; int64 (notes,)."""
    return (windows.note_window * WINDOW_STEPS + windows.onset) * 256 + pitch_tokens(windows)


def _numbered(*columns: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.int64]:
    """A number from 0 for each row of columns, (n,) each, the same for the same."""
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values = np.unique(column, return_inverse=True)[1]
        number = np.unique(number * (int(values.max(initial=0)) + 1) + values, return_inverse=True)[1]
    return number


def _first_of(values: NDArray[np.int64], owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """The owner of each distinct value."""
    return owners[np.unique(values, return_index=True)[1]]
