"""What is in the folder: clips by name, each with a stamp that tells whether it has changed."""

from __future__ import annotations

import os
from typing import NamedTuple

from symbolic_embed.files.kinds import EXTENSIONS


class Stamp(NamedTuple):
    """What a file had when it was looked at: size in bytes, and the time of its last change, in ns since 1970, as the
    drive says it (its clock may be another than ours: stamps are compared for being the same, and no more)."""

    size: int
    changed_ns: int


def clips_in(folder: str) -> dict[str, Stamp]:
    """The clips of a folder, those that are named like music; hidden files (a Mac's companions, files of ours in the
    making) are none, nor is what is no regular file. By name, sorted. Raises OSError where the folder cannot be opened,
    as a network drive that is gone for now."""
    found: dict[str, Stamp] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.name.lower().endswith(tuple(EXTENSIONS)):
                stamp = _stamp(entry)
                if stamp is not None:
                    found[entry.name] = stamp
    return dict(sorted(found.items()))


def stamp_at(path: str) -> Stamp | None:
    """The stamp of the file at a path; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    """The stamp of a regular file, by a question to the file itself: what Windows tells of it in a listing is late."""
    try:
        return stamp_at(entry.path) if entry.is_file() else None
    except OSError:
        return None
