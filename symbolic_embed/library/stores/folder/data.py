"""Files that only grow. What is committed is known from the catalogue; what stands behind it was never committed, and
who writes next cuts it off.
"""

from __future__ import annotations

import os
import re
import threading
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO

import numpy as np

from symbolic_embed.files.beside import sync_folder, synced
from symbolic_embed.library.stores.folder.damage import DamagedError, refusals_named

FEATURES, ROWS, INDEX = ("features", "data"), "rows", "index"  # names and endings
SKETCHES = "sketches.packed"  # what `library.sketch_file` keeps beside them
_NAME = re.compile(rf"[a-z_]+-(\d{{6,}})\.(?:{FEATURES[1]}|{ROWS}|{INDEX})")


def name_of(what: str, generation: int, ending: str) -> str:
    """The name of a data file."""
    return f"{what}-{generation:06d}.{ending}"


def generation_of(name: str) -> int | None:
    """Which generation a data file is of, by its name; None for other files."""
    matched = _NAME.fullmatch(name)
    return int(matched[1]) if matched else None


class Appended:
    """A data file that is written to from its committed end on. Raises LibraryError where the system refuses."""

    def __init__(self, path: str, *, end: int) -> None:
        self.path, self.end = path, end
        with refusals_named(path):
            self._file = opened(path, end)

    def append(self, content: bytes) -> int:
        """Adds bytes; returns where they begin. Others see them after `sync` and the catalogue's commit."""
        begin = self.end
        with refusals_named(self.path):
            self._file.write(content)
        self.end += len(content)
        return begin

    def sync(self) -> None:
        """All that was added is on the disk when this returns."""
        with refusals_named(self.path):
            synced(self._file)

    def close(self) -> None:
        with suppress(OSError):  # what was not synced is not committed
            self._file.close()


def opened(path: str, end: int) -> BinaryIO:
    """A file to append to, without what stands behind `end`. Raises DamagedError where it is shorter."""
    if end == 0 and not os.path.exists(path):
        with open(path, "xb"):
            pass
        sync_folder(os.path.dirname(path))
    file = open(path, "r+b")  # noqa: SIM115 (it stays open from piece to piece)
    if file.seek(0, os.SEEK_END) < end:
        file.close()
        raise DamagedError(path, "it ends too early")
    file.seek(end)
    with suppress(PermissionError):  # Windows cuts off nothing that a reader has mapped: it is written over
        file.truncate()
    return file


class Data:
    """The features of pieces, read section by section. It stays open until nobody has it any more."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 (closed by `__del__`)
        self._lock = threading.Lock()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()

    def stretch(self, first: int, length: int) -> memoryview:
        """Some bytes. Raises DamagedError where the file ends before."""
        content = np.empty(length, np.uint8).data
        done = 0
        with self._lock, refusals_named(self.path):
            self._file.seek(first)
            while done < length:
                count = self._file.readinto(content[done:])
                if not count:
                    raise DamagedError(self.path, "it ends too early")
                done += count
        return content

    def sections(
        self, first: int, kept: Mapping[str, tuple[int, int]], wanted: tuple[str, ...]
    ) -> dict[str, memoryview]:
        """Sections of a piece whose features begin at `first`: of each its length and check sum are given, one behind
        the other. Raises DamagedError where a check sum does not fit."""
        places, place = {}, first
        for name, (length, crc) in kept.items():
            places[name] = (place, length, crc)
            place += length
        found: dict[str, memoryview] = {}
        for run in _runs([(name, *places[name][:2]) for name in wanted]):
            content = self.stretch(run[0][1], sum(length for _, _, length in run))
            for name, begin, length in run:
                found[name] = content[begin - run[0][1] : begin - run[0][1] + length]
                if zlib.crc32(found[name]) != places[name][2]:
                    raise DamagedError(self.path, f"{name} at byte {begin:,}")
        return found


def _runs(sections: list[tuple[str, int, int]]) -> list[list[tuple[str, int, int]]]:
    """Sections, (name, first byte, length), that lie one behind the other put together: each is read at once."""
    runs: list[list[tuple[str, int, int]]] = []
    for section in sections:
        if runs and runs[-1][-1][1] + runs[-1][-1][2] == section[1]:
            runs[-1].append(section)
        else:
            runs.append([section])
    return runs
