"""Windows: the pieces of music that the encoder sees, at most 48 steps (a bar of 4/4) each.

A bar of up to 4/4 is one window; a longer bar is several, the last one shorter. A *cell window* holds what one part
does in it, a *bar window* what all parts do together. A note held over from an earlier window is seen too, marked as
held: harmony goes on sounding although nothing begins. Lengths of drum notes mean nothing and are not seen.

Everything is kept sparse, a row a note, so a piece of a thousand bars is a few arrays and no loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.grid import WINDOW_STEPS
from symbolic_embed.bars.hashing import scattered

DRUM, HELD = 1, 2  # flags of a note
DRUM_LENGTH = 3  # what every drum note is said to last: a sixteenth
LONGEST = 255
HELD_WINDOWS = 32  # a drone is heard in the 32 windows after the one it began in


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of music, their notes in columns.

    Of each note, uint8 (notes,), ordered by window, onset, pitch:
        onset: step in the window, 0 to 47; pitch; length: in steps, 1 to 255; flags: DRUM, HELD.
    Of each window, int64 (windows,):
        track: which part, -1 for all together; bar: from 0; part_of_bar: 0 but in long bars; steps: length, 1 to 48.
    offsets: int64 (windows + 1,); the notes of window w are rows offsets[w] to offsets[w + 1].
    """

    onset: np.ndarray
    pitch: np.ndarray
    length: np.ndarray
    flags: np.ndarray
    offsets: np.ndarray
    track: np.ndarray
    bar: np.ndarray
    part_of_bar: np.ndarray
    steps: np.ndarray

    @classmethod
    def concatenated(cls, several: Sequence[Windows]) -> Windows:
        """All windows of `several` (one at least), in order."""
        notes = (np.concatenate([getattr(w, name) for w in several]) for name in ("onset", "pitch", "length", "flags"))
        counts = np.concatenate([w.note_counts for w in several])
        columns = (
            np.concatenate([getattr(w, name) for w in several]) for name in ("track", "bar", "part_of_bar", "steps")
        )
        return cls(*notes, ranges.offsets(counts), *columns)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def note_window(self) -> np.ndarray:
        """The window each note belongs to; int64 (notes,)."""
        return ranges.owners(self.note_counts)

    @property
    def note_counts(self) -> NDArray[np.int64]:
        """How many notes each window has, held ones too; int64 (windows,)."""
        return np.diff(self.offsets)

    @property
    def begins(self) -> NDArray[np.bool_]:
        """Which notes begin in their window, and are not held over from an earlier one; bool (notes,)."""
        return (self.flags & HELD) == 0

    @property
    def is_drum(self) -> NDArray[np.bool_]:
        """Which notes are struck on drums; bool (notes,)."""
        return (self.flags & DRUM) != 0

    def counted(self, notes: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of each window's notes a mask, bool (notes,), chooses; int64 (windows,)."""
        return np.bincount(self.note_window[notes], minlength=len(self))

    def content_hashes(self) -> np.ndarray:
        """A number for the notes and the length of each window, equal for equal content; uint64 (windows,)."""
        words = self.onset.astype(np.uint64) | self.pitch.astype(np.uint64) << np.uint64(8)
        words |= self.length.astype(np.uint64) << np.uint64(16) | self.flags.astype(np.uint64) << np.uint64(24)
        sums = np.concatenate([[np.uint64(0)], np.cumsum(scattered(words + np.uint64(1)), dtype=np.uint64)])
        return scattered(sums[self.offsets[1:]] - sums[self.offsets[:-1]] + self.steps.astype(np.uint64))

    def where(self, windows: np.ndarray) -> Windows:
        """The windows of an index array, in its order."""
        counts = self.note_counts[windows]
        rows = ranges.rows(self.offsets[:-1][windows], counts)
        notes = (column[rows] for column in (self.onset, self.pitch, self.length, self.flags))
        return Windows(
            *notes, ranges.offsets(counts), *(c[windows] for c in (self.track, self.bar, self.part_of_bar, self.steps))
        )

    def keeping(self, notes: np.ndarray) -> Windows:
        """The same windows with only those of their notes that a mask, bool (notes,), chooses."""
        columns = (column[notes] for column in (self.onset, self.pitch, self.length, self.flags))
        offsets = ranges.offsets(self.counted(notes))
        return Windows(*columns, offsets, self.track, self.bar, self.part_of_bar, self.steps)

    def transposed(self, semitones: int | np.ndarray) -> Windows:
        """All pitched notes moved, each window's by its own interval where `semitones` is int64 (windows,). A pitch
        that would leave 0 to 127 is moved by an octave more to stay inside."""
        interval = semitones[self.note_window] if isinstance(semitones, np.ndarray) else semitones
        pitch = self.pitch.astype(np.int64) + np.where(self.is_drum, 0, interval)
        pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch))
        return replace(self, pitch=pitch.astype(np.uint8))


def bar_windows(barred: BarredScore) -> Windows:
    """All bars, the empty ones too, all parts together; a note that two parts share is there once."""
    first, bar, part, steps = _windows_of(barred)
    sounding = _sounding(barred, first, starts=barred.grid.bar_steps[bar] + part * WINDOW_STEPS)
    notes = _sorted_into(sounding.window, sounding.note, count=len(bar))
    return Windows(*notes, np.full(len(bar), -1), bar, part, steps)


def cell_windows(barred: BarredScore) -> Windows:
    """Every cell in which a note begins (with all windows of its bar), ordered by part, then bar."""
    first, bar, part, steps = _windows_of(barred)
    sounding = _sounding(barred, first, starts=barred.grid.bar_steps[bar] + part * WINDOW_STEPS)
    cells = barred.notes.track * barred.bars + barred.note_bar  # in order, since notes are
    cells = cells[np.diff(cells, prepend=-1) > 0]
    count = np.diff(np.append(first, len(bar)))[cells % barred.bars]
    window = ranges.rows(first[cells % barred.bars], count)
    track = np.repeat(cells // barred.bars, count)
    wanted, found = track * len(bar) + window, sounding.track * len(bar) + sounding.window
    place = np.searchsorted(wanted, found)
    inside = np.append(wanted, -1)[place] == found
    notes = _sorted_into(place[inside], sounding.note[inside], count=len(wanted))
    return Windows(*notes, track, bar[window], part[window], steps[window])


def _windows_of(barred: BarredScore) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The first window of each bar; and of each window its bar, its place in the bar, its length in steps."""
    lengths = np.diff(barred.grid.bar_steps)
    count = -(-lengths // WINDOW_STEPS)
    bar, part = ranges.owners(count), ranges.ordinals(count)
    return ranges.offsets(count)[:-1], bar, part, np.minimum(lengths[bar] - part * WINDOW_STEPS, WINDOW_STEPS)


class _Sounding(NamedTuple):
    """What sounds where: a row for each note in the window where it begins, and one for each later window it is held
    in. int64 (rows,): the note's part, its window, and `note`: onset, flags, pitch and 255 - length in one number."""

    track: np.ndarray
    window: np.ndarray
    note: np.ndarray


def _sounding(barred: BarredScore, first: np.ndarray, *, starts: np.ndarray) -> _Sounding:
    """`first` is the first window of each bar, `starts` the step on which each window begins."""
    notes, bar_steps = barred.notes, barred.grid.bar_steps
    last = bar_steps[-1] - 1
    drum = barred.note_is_drum

    def window_at(step: np.ndarray, bar: np.ndarray) -> np.ndarray:
        return first[bar] + (step - bar_steps[bar]) // WINDOW_STEPS

    begins = window_at(notes.onset_steps, barred.note_bar)
    last_steps = np.minimum(notes.onset_steps + notes.length_steps - 1, last)
    ends = np.where(drum, begins, window_at(last_steps, barred.grid.bar_of(last_steps)))
    rows = np.minimum(ends - begins, HELD_WINDOWS) + 1
    row, nth = ranges.owners(rows), ranges.ordinals(rows)
    window = begins[row] + nth
    onset = np.where(nth == 0, notes.onset_steps[row] - starts[window], 0)
    left = notes.onset_steps[row] + notes.length_steps[row] - starts[window] - onset
    length = np.where(drum[row], DRUM_LENGTH, np.clip(left, 1, LONGEST))
    flags = np.where(drum[row], DRUM, 0) | np.where(nth == 0, 0, HELD)
    return _Sounding(notes.track[row], window, ((onset * 4 + flags) * 128 + notes.pitch[row]) * 256 + LONGEST - length)


def _sorted_into(window: np.ndarray, note: np.ndarray, *, count: int) -> Iterator[np.ndarray]:
    """The note columns and offsets of `count` windows, each note in its `window`; of doubled ones the longest stays."""
    rows = np.sort(window * 2**23 + note)  # a note takes 23 bits; one number sorts ten times as fast as five
    rows = rows[np.diff(rows >> 8, prepend=-1) > 0]
    onset, flags, pitch, shortness = rows >> 17 & 63, rows >> 15 & 3, rows >> 8 & 127, rows & 255
    for column in (onset, pitch, LONGEST - shortness, flags):
        yield column.astype(np.uint8)
    yield np.searchsorted(rows >> 23, np.arange(count + 1))
