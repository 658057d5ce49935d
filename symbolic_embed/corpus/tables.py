"""Tables of windows: all windows of a collection on disk, a column an array.

The notes of a large collection take gigabytes, and training looks at a few thousand windows at a time; so notes are
mapped from disk, and only what is looked at is read. What is known of each window fits into memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, ranges
from symbolic_embed.files.caches import NewFolder

WINDOW_COLUMNS = {"piece": np.int32, "track": np.int32, "ordinal": np.int32, "steps": np.uint8, "role": np.int8}
WINDOW_COLUMNS |= {"onsets": np.uint16, "content": np.uint64}


@dataclass(frozen=True, eq=False)
class WindowTable:
    """All windows of one level (cells or bars), ordered by piece, part, and place in the piece.

    notes: uint8 (notes, 4): onset, pitch, length, flags, as in `bars.Windows`; offsets: int64 (windows + 1,).
    piece, track (-1: all parts), ordinal (windows counted through the piece), steps, role (index in ROLES, -1 for
    bars), onsets (how many notes begin there), content (hash of the notes): (windows,).
    """

    notes: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    piece: NDArray[np.int32]
    track: NDArray[np.int32]
    ordinal: NDArray[np.int32]
    steps: NDArray[np.uint8]
    role: NDArray[np.int8]
    onsets: NDArray[np.uint16]
    content: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def windows(self, chosen: NDArray[np.int64]) -> Windows:
        """The windows of an index array, in its order; `bar` holds their ordinals. -1 stands for an empty window."""
        chosen = np.asarray(chosen)
        first, counts = self.offsets[chosen], self.offsets[chosen + 1] - self.offsets[chosen]
        counts = np.where(chosen < 0, 0, counts)
        notes = np.asarray(self.notes[ranges.rows(first, counts)])
        onset, pitch, length, flags = np.ascontiguousarray(notes.T)
        return Windows(
            onset=onset,
            pitch=pitch,
            length=length,
            flags=flags,
            offsets=ranges.offsets(counts),
            track=self.track[chosen].astype(np.int64),
            bar=self.ordinal[chosen].astype(np.int64),
            part_of_bar=np.zeros(len(chosen), np.int64),
            steps=self.steps[chosen].astype(np.int64),
        )

    def successors(self) -> NDArray[np.int64]:
        """For each window the index of the next one of the same part, where something begins in both; else -1."""
        same = (self.piece[1:] == self.piece[:-1]) & (self.track[1:] == self.track[:-1])
        same &= (self.ordinal[1:] == self.ordinal[:-1] + 1) & (self.onsets[1:] > 0) & (self.onsets[:-1] > 0)
        return np.append(np.where(same, np.arange(1, len(self)), -1), -1)[: len(self)]


class TableWriter:
    """Collects the windows of one level, piece by piece."""

    def __init__(self) -> None:
        self.notes: list[NDArray[np.uint8]] = []
        self.counts: list[NDArray[np.int64]] = []
        self.columns: dict[str, list[NDArray[np.integer]]] = {name: [] for name in WINDOW_COLUMNS}

    def append(self, windows: Windows, barred: BarredScore, *, piece: int) -> None:
        """Adds the windows of a piece, which has this number."""
        self.notes.append(np.stack([windows.onset, windows.pitch, windows.length, windows.flags], axis=1))
        self.counts.append(windows.note_counts)
        lengths = -(-np.diff(barred.grid.bar_steps) // WINDOW_STEPS)
        first = ranges.offsets(lengths)
        roles = np.array([ROLES.index(role) for role in barred.roles] + [-1])
        row = {
            "piece": np.full(len(windows), piece),
            "track": windows.track,
            "ordinal": first[windows.bar] + windows.part_of_bar,
            "steps": windows.steps,
            "role": roles[windows.track],
            "onsets": windows.counted(windows.begins),
            "content": windows.content_hashes(),
        }
        for name, values in row.items():
            self.columns[name].append(values.astype(WINDOW_COLUMNS[name]))

    def save(self, folder: NewFolder, level: str) -> None:
        """An array a column, in a folder of its own; one piece at least must have been added."""
        offsets = ranges.offsets(np.concatenate(self.counts))
        tables: dict[str, Sequence[NDArray[Any]]] = {"notes": self.notes, "offsets": [offsets], **self.columns}
        for name, values in tables.items():
            with folder.open(f"{level}/{name}.npy") as file:
                np.save(file, np.concatenate(values))


def load_table(folder: Path) -> WindowTable:
    """The table that a `TableWriter` saved in a folder; its notes are mapped, not loaded."""
    columns = {name: np.load(folder / f"{name}.npy") for name in ["offsets", *WINDOW_COLUMNS]}
    return WindowTable(np.load(folder / "notes.npy", mmap_mode="r"), **columns)
