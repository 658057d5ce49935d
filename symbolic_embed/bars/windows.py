"""Windows: the pieces of music that the encoder sees, at most 48 steps (a bar of 4/4) each.

A bar of up to 4/4 is one window; a longer bar is several, the last one shorter. A *cell window* holds what one part
does in it, a *bar window* what all parts do together. A note held over from an earlier window is seen too, marked as
held: harmony goes on sounding although nothing begins. Lengths of drum notes mean nothing and are not seen.

Everything is kept sparse, a row a note, so a piece of a thousand bars is a few arrays and no loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.grid import WINDOW_STEPS
from symbolic_embed.bars.hashing import scattered
from symbolic_embed.score.score import Chosen

DRUM, HELD = 1, 2  # flags of a note
DRUM_LENGTH = 3  # what every drum note is said to last: a sixteenth
LONGEST = 255
HELD_WINDOWS = 32  # a drone sounds on in the 32 windows after the one it began in


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of music, their notes in columns.

    Of each note, uint8 (notes,), ordered by window, onset, flags, pitch:
        onset: step in the window, 0 to 47; pitch; length: in steps, 1 to 255; flags: DRUM, HELD.
    Of each window, int64 (windows,):
        track: which part, -1 for all together; bar: from 0; part_of_bar: 0 but in long bars; steps: length, 1 to 48.
    offsets: int64 (windows + 1,); the notes of window w are rows offsets[w] to offsets[w + 1].
    """

    onset: NDArray[np.uint8]
    pitch: NDArray[np.uint8]
    length: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    part_of_bar: NDArray[np.int64]
    steps: NDArray[np.int64]

    @classmethod
    def of_notes(cls, notes: NDArray[np.int64], *, steps: NDArray[np.int64], track: int = 0) -> Windows:
        """Windows of lengths `steps`, (windows,), from a table of their notes in any order, int64 (notes, 5): window,
        onset, flags, pitch, length. They are numbered as if each were a bar of one part, `track`."""
        window, onset, flags, pitch, length = notes[np.lexsort(notes[:, 3::-1].T)].T
        number = np.arange(len(steps))
        return cls(
            onset=onset.astype(np.uint8),
            pitch=pitch.astype(np.uint8),
            length=length.astype(np.uint8),
            flags=flags.astype(np.uint8),
            offsets=np.searchsorted(window, np.arange(len(steps) + 1)),
            track=np.full(len(steps), track),
            bar=number,
            part_of_bar=np.zeros_like(number),
            steps=np.asarray(steps, np.int64),
        )

    @classmethod
    def concatenated(cls, several: Sequence[Windows]) -> Windows:
        """All windows of `several` (one at least), in order."""
        columns = ("onset", "pitch", "length", "flags", "track", "bar", "part_of_bar", "steps")
        together = {name: np.concatenate([getattr(windows, name) for windows in several]) for name in columns}
        return cls(offsets=ranges.offsets(np.concatenate([windows.note_counts for windows in several])), **together)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def note_window(self) -> NDArray[np.int64]:
        """The window each note belongs to; int64 (notes,)."""
        return ranges.owners(self.note_counts)

    @property
    def note_counts(self) -> NDArray[np.int64]:
        """How many notes each window has, held ones too; int64 (windows,)."""
        return np.diff(self.offsets)

    @property
    def begins(self) -> NDArray[np.bool_]:
        """Which notes begin in their window, and are not held over from an earlier one; bool (notes,)."""
        return ~self._flagged(HELD)

    @property
    def is_drum(self) -> NDArray[np.bool_]:
        """Which notes are struck on drums; bool (notes,)."""
        return self._flagged(DRUM)

    def counted(self, notes: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of each window's notes a mask, bool (notes,), chooses; int64 (windows,)."""
        return np.bincount(self.note_window[notes], minlength=len(self))

    def content_hashes(self) -> NDArray[np.uint64]:
        """A number for the notes and the length of each window, equal for equal content; uint64 (windows,)."""
        words = self.onset.astype(np.uint64) | self.pitch.astype(np.uint64) << np.uint64(8)
        words |= self.length.astype(np.uint64) << np.uint64(16) | self.flags.astype(np.uint64) << np.uint64(24)
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(scattered(words + np.uint64(1)), dtype=np.uint64)])
        return scattered(sums[self.offsets[1:]] - sums[self.offsets[:-1]] + self.steps.astype(np.uint64))

    def where(self, windows: Chosen) -> Windows:
        """The windows that a boolean mask or an index array chooses, in the order it gives."""
        counts = self.note_counts[windows]
        notes = self._with_notes(ranges.rows(self.offsets[:-1][windows], counts), counts)
        return replace(
            notes,
            track=self.track[windows],
            bar=self.bar[windows],
            part_of_bar=self.part_of_bar[windows],
            steps=self.steps[windows],
        )

    def keeping(self, notes: NDArray[np.bool_]) -> Windows:
        """The same windows with only those of their notes that a mask, bool (notes,), chooses."""
        return self._with_notes(notes, self.counted(notes))

    def transposed(self, semitones: int | NDArray[np.int64]) -> Windows:
        """All pitched notes moved, each window's by its own interval where `semitones` is int64 (windows,). A pitch
        that would leave 0 to 127 is moved by an octave more to stay inside."""
        interval = semitones[self.note_window] if isinstance(semitones, np.ndarray) else semitones
        pitch = self.pitch.astype(np.int64) + np.where(self.is_drum, 0, interval)
        pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch))
        return replace(self, pitch=pitch.astype(np.uint8))

    def _flagged(self, flag: int) -> NDArray[np.bool_]:
        return (self.flags & flag).astype(bool)

    def _with_notes(self, notes: Chosen, counts: NDArray[np.int64]) -> Windows:
        """Chosen notes, so many in each window."""
        columns = {name: getattr(self, name)[notes] for name in ("onset", "pitch", "length", "flags")}
        return replace(self, offsets=ranges.offsets(counts), **columns)


def bar_windows(barred: BarredScore) -> Windows:
    """All bars, the empty ones too, all parts together; a note that two parts share is there once."""
    spans = _Spans.of(barred)
    sounding = _sounding(barred, spans)
    return _holding(sounding.window, sounding.note, track=np.full(len(spans.bar), -1), spans=spans)


def cell_windows(barred: BarredScore) -> Windows:
    """Every cell in which a note begins (with all windows of its bar), ordered by part, then bar."""
    spans = _Spans.of(barred)
    sounding = _sounding(barred, spans)
    cells = barred.notes.track * barred.bars + barred.note_bar  # in order, since notes are
    cells = cells[np.diff(cells, prepend=-1) > 0]
    count = np.diff(np.append(spans.first, len(spans.bar)))[cells % barred.bars]
    window = ranges.rows(spans.first[cells % barred.bars], count)
    track = np.repeat(cells // barred.bars, count)
    wanted, there = track * len(spans.bar) + window, sounding.track * len(spans.bar) + sounding.window
    cell = np.searchsorted(wanted, there)
    inside = np.append(wanted, -1)[cell] == there
    of_cells = spans._replace(bar=spans.bar[window], part_of_bar=spans.part_of_bar[window], steps=spans.steps[window])
    return _holding(cell[inside], sounding.note[inside], track=track, spans=of_cells)


class _Spans(NamedTuple):
    """Where windows lie: of each bar its first window, int64 (bars,); of each window its bar, which of the windows of
    that bar it is, and its length in steps, int64 (windows,)."""

    first: NDArray[np.int64]
    bar: NDArray[np.int64]
    part_of_bar: NDArray[np.int64]
    steps: NDArray[np.int64]

    @classmethod
    def of(cls, barred: BarredScore) -> _Spans:
        """Those of all bars of a piece."""
        lengths = np.diff(barred.grid.bar_steps)
        count = -(-lengths // WINDOW_STEPS)
        bar, part = ranges.owners(count), ranges.ordinals(count)
        steps = np.minimum(lengths[bar] - part * WINDOW_STEPS, WINDOW_STEPS)
        return cls(ranges.offsets(count)[:-1], bar, part, steps)


class _Sounding(NamedTuple):
    """What sounds where: a row for each note in the window where it begins, and one for each later window it is held
    in. int64 (rows,): the note's part, its window, and `note`: onset, flags, pitch and 255 - length in one number."""

    track: NDArray[np.int64]
    window: NDArray[np.int64]
    note: NDArray[np.int64]


def _sounding(barred: BarredScore, spans: _Spans) -> _Sounding:
    notes, bar_steps, drum = barred.notes, barred.grid.bar_steps, barred.note_is_drum
    starts = bar_steps[spans.bar] + spans.part_of_bar * WINDOW_STEPS  # the step on which each window begins

    def window_at(step: NDArray[np.int64], bar: NDArray[np.int64]) -> NDArray[np.int64]:
        return spans.first[bar] + (step - bar_steps[bar]) // WINDOW_STEPS

    begins = window_at(notes.onset_steps, barred.note_bar)
    last_steps = np.minimum(notes.onset_steps + notes.length_steps - 1, bar_steps[-1] - 1)
    ends = np.where(drum, begins, window_at(last_steps, barred.grid.bar_of(last_steps)))
    rows = np.minimum(ends - begins, HELD_WINDOWS) + 1
    row, nth = ranges.owners(rows), ranges.ordinals(rows)
    window = begins[row] + nth
    onset = np.where(nth == 0, notes.onset_steps[row] - starts[window], 0)
    left = notes.onset_steps[row] + notes.length_steps[row] - starts[window] - onset
    length = np.where(drum[row], DRUM_LENGTH, np.clip(left, 1, LONGEST))
    flags = np.where(drum[row], DRUM, 0) | np.where(nth == 0, 0, HELD)
    return _Sounding(notes.track[row], window, ((onset * 4 + flags) * 128 + notes.pitch[row]) * 256 + LONGEST - length)


def _holding(window: NDArray[np.int64], note: NDArray[np.int64], *, track: NDArray[np.int64], spans: _Spans) -> Windows:
    """Windows with these notes, each in its `window` of `spans`; of doubled ones the longest stays."""
    rows = np.sort(window * 2**23 + note)  # a note takes 23 bits; one number sorts ten times as fast as five
    rows = rows[np.diff(rows >> 8, prepend=-1) > 0]
    return Windows(
        onset=(rows >> 17 & 63).astype(np.uint8),
        pitch=(rows >> 8 & 127).astype(np.uint8),
        length=(LONGEST - (rows & 255)).astype(np.uint8),
        flags=(rows >> 15 & 3).astype(np.uint8),
        offsets=np.searchsorted(rows >> 23, np.arange(len(spans.bar) + 1)),
        track=track,
        bar=spans.bar,
        part_of_bar=spans.part_of_bar,
        steps=spans.steps,
    )
