"""What a library has, which of its files are gone, and how they are forgotten."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symbolic_embed.files.folders import Found
from symbolic_embed.library.indexing import is_unchanged
from symbolic_embed.library.reading import UNTRUSTED
from symbolic_embed.library.stores.library import File, Library

TOGETHER = 1_000  # pieces whose facts are asked for at a time


@dataclass(frozen=True)
class Contents:
    """A library in numbers. files: those that have a piece; rejected: those that were read and have none; bars, parts:
    of the pieces; rows: by channel; bytes: by what they keep; checkpoint: its hash; changed, gone: files that are no
    longer on the disk as they were read."""

    files: int
    rejected: int
    pieces: int
    bars: int
    parts: int
    rows: Mapping[str, int]
    bytes: Mapping[str, int]
    bytes_a_bar: int
    checkpoint: str
    options: Mapping[str, str]
    changed: int
    gone: int


def contents(library: Library) -> Contents:
    """What a library has."""
    files = library.files()
    pieces = sorted({file.piece for file in files if file.piece is not None})
    counts: Counter[str] = Counter()
    for first in range(0, len(pieces), TOGETHER):
        for facts in library.facts(pieces[first : first + TOGETHER]):
            counts["bars"] += int(facts["bars"][0])
            counts["parts"] += int(facts["tracks"][0])
    kept = library.kept()
    there = [file for file in files if file.piece is not None]
    lost = {file.path for file in there if is_gone(file.path)}
    trusted = [file for file in there if file.changed_ns != UNTRUSTED and file.path not in lost]
    return Contents(
        files=len(there),
        rejected=len(files) - len(there),
        pieces=len(pieces),
        bars=counts["bars"],
        parts=counts["parts"],
        rows=kept.rows,
        bytes=kept.bytes,
        bytes_a_bar=round(sum(kept.bytes.values()) / max(counts["bars"], 1)),
        checkpoint=library.checkpoint,
        options=library.options,
        changed=sum(not is_unchanged(file) for file in trusted),
        gone=len(lost),
    )


def remove(library: Library, paths: Iterable[str]) -> int:
    """Forgets the files at `paths`, and those in the folders there; returns how many there were. Nothing on the disk is
    touched."""
    named = inside([file.path for file in library.files()], paths)
    with library.writing() as writer:
        return writer.remove_files(named)


def inside(paths: Iterable[str], named: Iterable[str]) -> list[str]:
    """Those of `paths` that are named, or lie in a folder that is, however it is spelt."""
    alone = {os.path.normpath(name) for name in named}

    def is_inside(path: str) -> bool:
        path = os.path.normpath(path)
        while path not in alone:
            above = os.path.dirname(path)
            if above == path or (not above and "." not in alone):
                return False
            path = above or "."
        return True

    return [path for path in paths if is_inside(path)]


def gone(files: Sequence[File], named: Iterable[str], found: Iterable[Found]) -> list[str]:
    """The files of a library that are gone from the places that were `named`: folders, and files among what was
    `found`. Where a folder itself is missing, it may only be out of reach, and nothing counts as gone from it."""
    found = list(found)
    there = {one.path for one in found if not one.problem}
    missing = {one.path for one in found if one.problem and os.path.isdir(os.path.dirname(one.path) or ".")}
    paths = [file.path for file in files if file.path not in there]
    of_folders = set(inside(paths, [name for name in named if os.path.isdir(name)]))
    return [path for path in paths if (path in of_folders or path in missing) and is_gone(path)]


def is_gone(path: str) -> bool:
    """Whether the system says that nothing is at a path; what it does not let us see may be there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
