"""Bars prepared for training: every window of a collection, in arrays that are mapped from disk, not loaded.

Preparing reads each file once, cuts it, and appends its cell windows and bar windows. Beside the arrays lies a stamp:
the version of this format, and of every file its name, size, time of change and labels; which files were rejected, and
why, is kept with it and said again. A prepared corpus is used again only where its stamp is the one that would be made
now, so it is a cache that can always be thrown away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, bar_windows, cell_windows, cut
from symbolic_embed.corpus.collection import Collection, Entry
from symbolic_embed.corpus.duplicates import interval_sketch
from symbolic_embed.corpus.splits import splits_and_clusters
from symbolic_embed.corpus.tables import TableWriter, WindowTable, load_table
from symbolic_embed.errors import CorpusError, InputError
from symbolic_embed.files import placing_folder
from symbolic_embed.files.caches import NewFolder
from symbolic_embed.notation import read

FORMAT = 3  # 1: rejected files were forgotten; 2: which are synthetic was not known


@dataclass(frozen=True)
class Piece:
    """One prepared file. `is_synthetic`: rules made it, not people."""

    path: str
    set_name: str
    split: str
    cluster: str
    group: str | None
    bars: int
    signature: str
    is_synthetic: bool = False


@dataclass(frozen=True, eq=False)
class PreparedCorpus:
    """A collection's windows, what is known of its pieces, and the files that could not be used, with the reason."""

    folder: Path
    pieces: tuple[Piece, ...]
    stamp: str
    rejected: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def cells(self) -> WindowTable:
        return load_table(self.folder / "cells")

    @cached_property
    def bars(self) -> WindowTable:
        return load_table(self.folder / "bars")

    def pieces_of(self, split: str) -> NDArray[np.int64]:
        """The numbers of the pieces in a split; int64."""
        return np.array([number for number, piece in enumerate(self.pieces) if piece.split == split], np.int64)

    @cached_property
    def synthetic_sets(self) -> frozenset[str]:
        """The names of the sets that hold synthetic pieces."""
        return frozenset(piece.set_name for piece in self.pieces if piece.is_synthetic)

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
        with placing_folder(folder) as working:  # another process may put the same there meanwhile
            _write(collection, working, stamp=stamp, progress=progress, rejected=rejected)
    return open_prepared(folder)


def open_prepared(folder: Path) -> PreparedCorpus:
    """A corpus prepared before. Raises CorpusError where there is none, or one of another format."""
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        format_number = stamp["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder}: no prepared corpus ({error})") from None
    if format_number != FORMAT:
        raise CorpusError(f"{folder}: prepared in format {format_number}, this version reads {FORMAT}; delete it")
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
        labels = f"{entry.split}\0{entry.cluster}\0{entry.is_synthetic}"
        digest.update(f"{entry.path}\0{seen}\0{labels}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _write(
    collection: Collection,
    folder: NewFolder,
    *,
    stamp: str,
    progress: Callable[[Iterable[Entry]], Iterable[Entry]],
    rejected: Callable[[Entry, str], None],
) -> None:
    tables = {"cells": TableWriter(), "bars": TableWriter()}
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
        signature = str(barred.metre.signatures[0])
        pieces.append(Piece(*names, bars=barred.bars, signature=signature, is_synthetic=entry.is_synthetic))
    if len(pieces) < 2:
        count = f"{len(pieces)} of {len(collection.entries)} files can be used"
        raise CorpusError(
            f"{collection.entries[0].path.parent}: {count}; at least 2 are needed, from 3 on some are held out"
        )
    for name, table in tables.items():
        table.save(folder, name)
    labels = splits_and_clusters([(piece.split, piece.cluster) for piece in pieces], sketches)
    labelled = [
        replace(piece, split=split, cluster=cluster) for piece, (split, cluster) in zip(pieces, labels, strict=True)
    ]
    content = {"format": FORMAT, "stamp": stamp, "pieces": [asdict(piece) for piece in labelled], "rejected": reasons}
    with folder.open("stamp.json") as file:
        file.write(json.dumps(content).encode())


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
