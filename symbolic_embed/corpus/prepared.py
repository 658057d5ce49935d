"""Bars prepared for training: every window of a collection, in arrays that are mapped from disk, not loaded.

Preparing reads each file once, cuts it, and appends its cell windows and bar windows. Beside the arrays lies a stamp:
the version of this format, and of every file its name, size, time of change and labels; which files were rejected, and
why, is kept with it and said again. A prepared corpus is used again only where its stamp is the one that would be made
now, so it is a cache that can always be thrown away.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, bar_windows, cell_windows, cut, ranges
from symbolic_embed.corpus.collection import Collection, Entry
from symbolic_embed.corpus.duplicates import interval_sketch
from symbolic_embed.corpus.splits import splits_and_clusters
from symbolic_embed.errors import CorpusError, InputError
from symbolic_embed.score import read

FORMAT = 2  # 1: rejected files were forgotten
WINDOW_COLUMNS = {"piece": np.int32, "track": np.int32, "ordinal": np.int32, "steps": np.uint8, "role": np.int8}
WINDOW_COLUMNS |= {"onsets": np.uint16, "content": np.uint64}


@dataclass(frozen=True)
class Piece:
    """One prepared file."""

    path: str
    set_name: str
    split: str
    cluster: str
    group: str | None
    bars: int
    signature: str


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


@dataclass(frozen=True, eq=False)
class PreparedCorpus:
    """A collection's windows, what is known of its pieces, and the files that could not be used, with the reason."""

    folder: Path
    pieces: tuple[Piece, ...]
    stamp: str
    rejected: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def cells(self) -> WindowTable:
        return _load_table(self.folder / "cells")

    @cached_property
    def bars(self) -> WindowTable:
        return _load_table(self.folder / "bars")

    def pieces_of(self, split: str) -> NDArray[np.int64]:
        """The numbers of the pieces in a split; int64."""
        return np.array([number for number, piece in enumerate(self.pieces) if piece.split == split], np.int64)

    def leaving_out(self, paths: Set[str], *, split: str) -> PreparedCorpus:
        """The same with some files of a split in none; their windows stay in the tables."""
        pieces = (
            replace(piece, split="") if piece.split == split and piece.path in paths else piece for piece in self.pieces
        )
        return replace(self, pieces=tuple(pieces))

    def split_hash(self, split: str) -> str:
        """SHA-256 over the paths in a split, for the card of a checkpoint."""
        names = sorted(f"{piece.set_name}/{Path(piece.path).name}" for piece in self.pieces if piece.split == split)
        return hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def prepare(
    collection: Collection,
    *,
    cache: Path,
    progress: Callable[[Iterable[Entry]], Iterable[Entry]] = iter,
    rejected: Callable[[Entry, str], None] = lambda entry, reason: None,
) -> PreparedCorpus:
    """The prepared corpus of a collection, made in a folder of `cache`, or found there.

    `progress` wraps the iteration over files; `rejected` is called for each file that cannot be used, also where that
    was found out earlier. Raises CorpusError where fewer than two pieces are left.
    """
    stamp = _stamp(collection)
    folder = cache / stamp[:16]
    if (folder / "stamp.json").is_file():
        entries = {str(entry.path): entry for entry in collection.entries}
        for path, reason in open_prepared(folder).rejected.items():
            rejected(entries[path], reason)
    else:
        cache.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix="preparing-", dir=cache))
        try:
            _write(collection, working, stamp=stamp, progress=progress, rejected=rejected)
            with suppress(OSError):  # another process may have put the same there meanwhile
                os.replace(working, folder)
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return open_prepared(folder)


def open_prepared(folder: Path) -> PreparedCorpus:
    """A corpus prepared before. Raises CorpusError where there is none, or one of another format."""
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        found = stamp["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder}: no prepared corpus ({error})") from None
    if found != FORMAT:
        raise CorpusError(f"{folder}: prepared in format {found}, this version reads {FORMAT}; delete it")
    pieces = tuple(Piece(**piece) for piece in stamp["pieces"])
    return PreparedCorpus(folder, pieces, stamp["stamp"], stamp["rejected"])


def _stamp(collection: Collection) -> str:
    """SHA-256 over the format and every file's name, size, time of change and labels."""
    digest = hashlib.sha256(f"format {FORMAT}".encode())
    for entry in collection.entries:
        try:
            state = entry.path.stat()
            seen = f"{state.st_size} {state.st_mtime_ns}"
        except OSError:
            seen = "missing"
        digest.update(f"{entry.path}\0{seen}\0{entry.split}\0{entry.cluster}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _write(
    collection: Collection,
    folder: Path,
    *,
    stamp: str,
    progress: Callable[[Iterable[Entry]], Iterable[Entry]],
    rejected: Callable[[Entry, str], None],
) -> None:
    tables = {"cells": _TableWriter(), "bars": _TableWriter()}
    pieces: list[Piece] = []
    sketches: list[NDArray[np.uint64]] = []
    reasons: dict[str, str] = {}

    def noted(entry: Entry, reason: str) -> None:
        reasons[str(entry.path)] = reason
        rejected(entry, reason)

    for entry, barred in _usable(progress(collection.entries), noted):
        tables["cells"].append(cell_windows(barred), barred, piece=len(pieces))
        tables["bars"].append(bar_windows(barred), barred, piece=len(pieces))
        sketches.append(interval_sketch(barred.score))
        names = (str(entry.path), entry.set_name, entry.split or "", entry.cluster or "", entry.group)
        pieces.append(Piece(*names, bars=barred.bars, signature=str(barred.metre.signatures[0])))
    if len(pieces) < 2:
        found = f"{len(pieces)} of {len(collection.entries)} files can be used; at least 2 are needed"
        raise CorpusError(f"{collection.entries[0].path.parent}: {found}")
    for name, table in tables.items():
        table.save(folder / name)
    labels = splits_and_clusters([(piece.split, piece.cluster) for piece in pieces], sketches)
    labelled = [
        replace(piece, split=split, cluster=cluster) for piece, (split, cluster) in zip(pieces, labels, strict=True)
    ]
    content = {"format": FORMAT, "stamp": stamp, "pieces": [asdict(piece) for piece in labelled], "rejected": reasons}
    (folder / "stamp.json").write_text(json.dumps(content), encoding="utf-8")


def _usable(entries: Iterable[Entry], rejected: Callable[[Entry, str], None]) -> Iterator[tuple[Entry, BarredScore]]:
    for entry in entries:
        try:
            score = read(entry.path)
            if score.note_count:
                yield entry, cut(score)
            else:
                rejected(entry, "no notes")
        except InputError as error:
            rejected(entry, error.reason)


class _TableWriter:
    """Collects the windows of one level, piece by piece."""

    def __init__(self) -> None:
        self.notes: list[NDArray[np.uint8]] = []
        self.counts: list[NDArray[np.int64]] = []
        self.columns: dict[str, list[NDArray[np.integer]]] = {name: [] for name in WINDOW_COLUMNS}

    def append(self, windows: Windows, barred: BarredScore, *, piece: int) -> None:
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

    def save(self, folder: Path) -> None:
        folder.mkdir()
        np.save(folder / "notes.npy", np.concatenate(self.notes))
        np.save(folder / "offsets.npy", ranges.offsets(np.concatenate(self.counts)))
        for name, values in self.columns.items():
            np.save(folder / f"{name}.npy", np.concatenate(values))


def _load_table(folder: Path) -> WindowTable:
    columns = {name: np.load(folder / f"{name}.npy") for name in ["offsets", *WINDOW_COLUMNS]}
    return WindowTable(np.load(folder / "notes.npy", mmap_mode="r"), **columns)
