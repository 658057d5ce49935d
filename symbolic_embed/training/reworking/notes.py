"""Passages as notes, many at once: what is reworked into other versions of the same music.

A batch of passages is one table with a row a note. Every way of reworking takes the table and which passages it is to
be done to, and returns another; so a hundred passages cost a few operations on arrays, whichever is done to which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, Windows, ranges
from symbolic_embed.bars.windows import DRUM, HELD, LONGEST

PARTS = 8  # of a passage at most, those that are made among them
LEAD, ACCOMPANIMENT = PARTS - 2, PARTS - 1  # parts that reworking makes
MELODY, CHORDS, DRUMS = (ROLES.index(role) for role in ("melody", "chords", "drums"))


@dataclass(frozen=True, eq=False)
class PassageNotes:
    """Passages of `bars` bars each. Of each note, int64 (notes,): passage, part (within the passage), bar, onset (step
    in the bar), pitch, length (steps), flags as `Windows` have them. roles: int64 (passages, PARTS); steps: int64
    (passages, bars), how long each bar is."""

    passage: NDArray[np.int64]
    part: NDArray[np.int64]
    bar: NDArray[np.int64]
    onset: NDArray[np.int64]
    pitch: NDArray[np.int64]
    length: NDArray[np.int64]
    flags: NDArray[np.int64]
    roles: NDArray[np.int64]
    steps: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pitch)

    @property
    def bars(self) -> int:
        """How many bars each passage has."""
        return int(self.steps.shape[1])

    @property
    def is_pitched(self) -> NDArray[np.bool_]:
        """Which notes are not struck on drums; bool (notes,)."""
        pitched: NDArray[np.bool_] = self.flags & DRUM == 0
        return pitched

    @property
    def begins(self) -> NDArray[np.bool_]:
        """Which notes begin in their bar, and are not held over; bool (notes,)."""
        begins: NDArray[np.bool_] = self.flags & HELD == 0
        return begins

    @property
    def bar_steps(self) -> NDArray[np.int64]:
        """How long the bar of each note is; int64 (notes,)."""
        lengths: NDArray[np.int64] = self.steps[self.passage, self.bar]
        return lengths

    @property
    def time(self) -> NDArray[np.int64]:
        """When each note begins, in steps from the beginning of its passage; int64 (notes,)."""
        begins = np.cumsum(self.steps, axis=1) - self.steps
        times: NDArray[np.int64] = begins[self.passage, self.bar] + self.onset
        return times

    @property
    def own_part(self) -> NDArray[np.int64]:
        """The part of each note, counted through all passages; int64 (notes,)."""
        return self.passage * PARTS + self.part

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> PassageNotes:
        """The same passages with only the notes that a mask or an index array chooses."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in COLUMNS})

    def and_also(self, other: PassageNotes) -> PassageNotes:
        """The same passages with the notes of both; the roles are those of `other`."""
        columns = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in COLUMNS}
        return replace(other, **columns)

    def cells(self) -> PassageCells:
        """The cells in which a note begins; of doubled notes the longest stays."""
        key = self.own_part * self.bars + self.bar
        begun = np.unique(key[self.begins])
        cell = np.searchsorted(begun, key)
        inside = np.append(begun, -1)[cell] == key
        part, bar = np.divmod(begun, self.bars)
        passage, part = np.divmod(part, PARTS)
        steps = self.steps[passage, bar]
        counts = -(-steps // WINDOW_STEPS)  # windows of each cell
        first, owner, nth = ranges.offsets(counts)[:-1], ranges.owners(counts), ranges.ordinals(counts)
        rows = self._rows(first, counts, cell, inside)
        rows = rows[np.argsort(-rows[:, 4], kind="stable")]
        rows = rows[np.unique(rows[:, :4] @ np.array([2**24, 2**16, 2**8, 1]), return_index=True)[1]]
        windows = Windows.of_notes(rows, steps=np.minimum(steps[owner] - nth * WINDOW_STEPS, WINDOW_STEPS))
        return PassageCells(windows, owner, passage * self.bars + bar, self.roles[passage, part])

    def _rows(
        self, first: NDArray[np.int64], counts: NDArray[np.int64], cell: NDArray[np.int64], inside: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """The notes of cells as `Windows.of_notes` takes them, where of each cell its first window and how many it has
        are given; held notes once more in each later window of their cell."""
        cell = cell[inside]
        within, onset = np.divmod(self.onset[inside], WINDOW_STEPS)
        end = onset + np.maximum(self.length[inside], 1)
        more = np.minimum((end - 1) // WINDOW_STEPS, counts[cell] - 1 - within) * self.is_pitched[inside]
        note, later = ranges.owners(more + 1), ranges.ordinals(more + 1)
        return np.stack(
            [
                first[cell[note]] + within[note] + later,
                np.where(later > 0, 0, onset[note]),
                np.where(later > 0, HELD, 0) | self.flags[inside][note],
                self.pitch[inside][note],
                np.minimum(end[note] - np.where(later > 0, later * WINDOW_STEPS, onset[note]), LONGEST),
            ],
            axis=1,
        )


class PassageCells(NamedTuple):
    """Cells of passages. windows: one of each cell, several of one in a long bar; cell: int64 (windows,), whose each
    is. Of each cell, int64 (cells,): slot, passage * bars + bar, and role."""

    windows: Windows
    cell: NDArray[np.int64]
    slot: NDArray[np.int64]
    role: NDArray[np.int64]


COLUMNS = ("passage", "part", "bar", "onset", "pitch", "length", "flags")


def some(count: int, share: float, random: np.random.Generator) -> NDArray[np.bool_]:
    """Which of `count` passages something is done to, where it is done to that share of them; bool (count,)."""
    chosen: NDArray[np.bool_] = random.random(count) < share
    return chosen


def within_range(pitch: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pitches that left 0 to 127 moved back by octaves."""
    return np.where(pitch > 127, pitch - 12 * -(-(pitch - 127) // 12), np.where(pitch < 0, pitch % 12, pitch))
