"""Windows: the pieces of music that the encoder sees, at most 48 steps (a bar of 4/4) each.

A bar of up to 4/4 is one window; a longer bar is several, the last one shorter. A *cell window* holds what one part
does in it, a *bar window* what all parts do together. A note held over from an earlier window is seen too, marked as
held: harmony goes on sounding although nothing begins. Lengths of drum notes mean nothing and are not seen.

Everything is kept sparse, a row a note, so a piece of a thousand bars is a few arrays and no loops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.grid import WINDOW_STEPS

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

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def note_window(self) -> np.ndarray:
        """The window each note belongs to; int64 (notes,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def content_hashes(self) -> np.ndarray:
        """A number for the notes and the length of each window, equal for equal content; uint64 (windows,)."""
        words = self.onset.astype(np.uint64) | self.pitch.astype(np.uint64) << np.uint64(8)
        words |= self.length.astype(np.uint64) << np.uint64(16) | self.flags.astype(np.uint64) << np.uint64(24)
        sums = np.concatenate([[np.uint64(0)], np.cumsum(_mixed(words + np.uint64(1)), dtype=np.uint64)])
        return _mixed(sums[self.offsets[1:]] - sums[self.offsets[:-1]] + self.steps.astype(np.uint64))

    def where(self, windows: np.ndarray) -> Windows:
        """The windows of an index array, in its order."""
        counts = np.diff(self.offsets)[windows]
        offsets = np.concatenate([[0], np.cumsum(counts)])
        rows = np.repeat(self.offsets[:-1][windows] - offsets[:-1], counts) + np.arange(offsets[-1])
        notes = (column[rows] for column in (self.onset, self.pitch, self.length, self.flags))
        return Windows(*notes, offsets, *(c[windows] for c in (self.track, self.bar, self.part_of_bar, self.steps)))

    def transposed(self, semitones: int) -> Windows:
        """All pitched notes moved; a pitch that would leave 0 to 127 is moved by an octave more to stay inside."""
        pitch = self.pitch.astype(np.int64) + np.where(self.flags & DRUM, 0, semitones)
        pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch)).astype(np.uint8)
        return Windows(
            self.onset, pitch, self.length, self.flags, self.offsets, self.track, self.bar, self.part_of_bar, self.steps
        )


def bar_windows(barred: BarredScore) -> Windows:
    """All bars, the empty ones too, all parts together; a note that two parts share is there once."""
    first, bar, part, steps = _windows_of(barred)
    notes = _sounding(barred, first, starts=barred.grid.bar_steps[bar] + part * WINDOW_STEPS)
    notes["track"] = np.full(len(notes["window"]), -1)
    return _collect(notes, np.full(len(bar), -1), np.arange(len(bar)), bar, part, steps)


def cell_windows(barred: BarredScore) -> Windows:
    """Every cell in which a note begins (with all windows of its bar), ordered by part, then bar."""
    first, bar, part, steps = _windows_of(barred)
    notes = _sounding(barred, first, starts=barred.grid.bar_steps[bar] + part * WINDOW_STEPS)
    cells = np.unique(barred.notes.track * barred.bars + barred.note_bar)
    count = np.diff(np.append(first, len(bar)))[cells % barred.bars]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    window = np.repeat(first[cells % barred.bars], count) + within
    track = np.repeat(cells // barred.bars, count)
    return _collect(notes, track, window, bar[window], part[window], steps[window])


def _windows_of(barred: BarredScore) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The first window of each bar; and of each window its bar, its place in the bar, its length in steps."""
    lengths = np.diff(barred.grid.bar_steps)
    count = -(-lengths // WINDOW_STEPS)
    first = np.cumsum(count) - count
    bar = np.repeat(np.arange(len(lengths)), count)
    part = np.arange(len(bar)) - first[bar]
    return first, bar, part, np.minimum(lengths[bar] - part * WINDOW_STEPS, WINDOW_STEPS)


def _sounding(barred: BarredScore, first: np.ndarray, *, starts: np.ndarray) -> dict[str, np.ndarray]:
    """What sounds in each window: a row for each note where it begins, and one for each later window it is held in.
    `first` is the first window of each bar, `starts` the step on which each window begins."""
    notes, bar_steps = barred.notes, barred.grid.bar_steps
    last = bar_steps[-1] - 1
    drum = np.array([t.is_drum for t in barred.score.tracks], bool)[notes.track] if len(notes) else np.zeros(0, bool)

    def window_at(step: np.ndarray) -> np.ndarray:
        bar = barred.grid.bar_of(step)
        return first[bar] + (step - bar_steps[bar]) // WINDOW_STEPS

    begins = window_at(notes.step)
    ends = np.where(drum, begins, window_at(np.minimum(notes.step + notes.steps - 1, last)))
    held = np.minimum(ends - begins, HELD_WINDOWS)
    row = np.repeat(np.arange(len(notes)), held + 1)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(held + 1) - (held + 1), held + 1)
    window = begins[row] + nth
    start = starts[window]
    length = np.where(nth == 0, notes.steps[row], notes.step[row] + notes.steps[row] - start)
    return {
        "track": notes.track[row],
        "window": window,
        "onset": np.where(nth == 0, notes.step[row] - start, 0),
        "pitch": notes.pitch[row],
        "length": np.where(drum[row], DRUM_LENGTH, np.clip(length, 1, LONGEST)),
        "flags": np.where(drum[row], DRUM, 0) | np.where(nth == 0, 0, HELD),
    }


def _collect(
    notes: dict[str, np.ndarray],
    track: np.ndarray,
    window: np.ndarray,
    bar: np.ndarray,
    part: np.ndarray,
    steps: np.ndarray,
) -> Windows:
    """Sorts notes into the given windows (track, window), leaving out doubled ones (the longest stays)."""
    span = int(window.max(initial=0)) + int(notes["window"].max(initial=0)) + 1
    wanted = (track + 1) * span + window
    key = (notes["track"] + 1) * span + notes["window"]
    slot = np.searchsorted(wanted, key) if len(wanted) else np.zeros(len(key), np.int64)
    inside = (slot < len(wanted)) & (wanted[np.minimum(slot, len(wanted) - 1)] == key) if len(wanted) else slot < 0
    columns = [slot[inside], *(notes[name][inside] for name in ("onset", "flags", "pitch", "length"))]
    place = ((columns[0] * 64 + columns[1]) * 4 + columns[2]) * 128 + columns[3]
    order = np.lexsort((-columns[4], columns[3], columns[2], columns[1], columns[0]))
    place = place[order]
    order = order[np.append(True, place[1:] != place[:-1])] if len(order) else order
    slot, onset, flags, pitch, length = (column[order] for column in columns)
    offsets = np.searchsorted(slot, np.arange(len(wanted) + 1))
    note_columns = (column.astype(np.uint8) for column in (onset, pitch, length, flags))
    return Windows(*note_columns, offsets, track, bar, part, steps)


def _mixed(words: np.ndarray) -> np.ndarray:
    """Each number scattered over 64 bits (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        words = (words ^ words >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        words = (words ^ words >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return words ^ words >> np.uint64(31)
