"""A data base of pieces by their content, and of what lies where: what the user's cache keeps (`library.cached`).

    files      what lies where: a path, what tells that it is still the same, its content
    pieces     what was read of some content, by one model, in one way; when it was last used
    sections   its features, packed (`stores.packing`), each with a check sum

Nothing waits for another process longer than WAIT, and nothing is lost but what can be made again: so what is written
need not lie on the disk when a call returns. Everything raises sqlite3.Error.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symbolic_embed.score import ScoreWarning

FORMAT = 1
ROOM = 0.8  # of what may be held is left when it was too much
WAIT = 0.2  # seconds, for another process
BESIDE = 400  # bytes that a piece takes beside its sections

_TABLES = """
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, stamp TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pieces (
    number INTEGER PRIMARY KEY, how TEXT NOT NULL, content TEXT NOT NULL, told TEXT NOT NULL, bytes INTEGER NOT NULL,
    used REAL NOT NULL, UNIQUE (content, how));
CREATE INDEX IF NOT EXISTS by_use ON pieces (used);
CREATE TABLE IF NOT EXISTS sections (
    piece INTEGER NOT NULL, name TEXT NOT NULL, crc INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (piece, name));
"""


@dataclass(frozen=True)
class Told:
    """What reading a file told: its warnings, how many notes and bars it has."""

    warnings: tuple[ScoreWarning, ...]
    notes: int
    bars: int


@dataclass(frozen=True)
class Kept:
    """A piece: its number, what reading it told, and the names of its sections."""

    number: int
    told: Told
    sections: frozenset[str]


@dataclass(frozen=True)
class NewFile:
    """What lies where."""

    path: str
    stamp: str
    content: str


@dataclass(frozen=True)
class NewPiece:
    """A piece to be kept, or further sections of one."""

    how: str
    content: str
    told: Told
    sections: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return BESIDE + sum(map(len, self.sections.values()))


class PiecesFile:
    """The data base in a file, made where there is none; one of another format is made anew."""

    def __init__(self, path: Path) -> None:
        self._base = _connected(path)
        (format,) = self._base.execute("PRAGMA user_version").fetchone()
        if format not in (0, FORMAT):
            self._base.close()
            remove_pieces(path)
            self._base = _connected(path)
        if format != FORMAT:
            for pragma in ("auto_vacuum = INCREMENTAL", "journal_mode = WAL"):
                self._base.execute(f"PRAGMA {pragma}").fetchall()
            self._base.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {FORMAT}; COMMIT;")

    def close(self) -> None:
        self._base.close()

    def content_at(self, path: str, stamp: str) -> str | None:
        """The content of a file that is as it was; None of one that is not known, or has changed."""
        rows = self._all("SELECT content FROM files WHERE path = ? AND stamp = ?", _whole(path), stamp)
        return str(rows[0][0]) if rows else None

    def kept(self, how: str, content: str) -> Kept | None:
        """The piece of some content."""
        rows = self._all("SELECT number, told FROM pieces WHERE content = ? AND how = ?", content, how)
        if not rows:
            return None
        number, text = rows[0]
        names = self._all("SELECT name FROM sections WHERE piece = ?", number)
        return Kept(number, _read_told(text), frozenset(name for (name,) in names))

    def read(self, number: int, names: Iterable[str]) -> dict[str, bytes] | None:
        """Some sections of a piece; None where one is damaged, or is there no longer."""
        found: dict[str, bytes] = {}
        for name in names:
            rows = self._all("SELECT crc, content FROM sections WHERE piece = ? AND name = ?", number, name)
            if not rows or zlib.crc32(rows[0][1]) != rows[0][0]:
                return None
            found[name] = rows[0][1]
        return found

    def write(self, files: Iterable[NewFile], pieces: Iterable[NewPiece], used: Iterable[int], *, size: int) -> None:
        """Keeps what is new, and that some pieces were used now; where all take more bytes than that, gives up those
        that were not used for longest."""
        now = time.time()
        with self._base:
            self._base.execute("BEGIN IMMEDIATE")
            rows = ((_whole(file.path), file.stamp, file.content) for file in files)
            self._base.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)
            self._base.executemany("UPDATE pieces SET used = ? WHERE number = ?", ((now, number) for number in used))
            for piece in pieces:
                self._put(piece, now)
            gave_up = self._make_room(size)
        if gave_up:
            self._base.executescript("PRAGMA incremental_vacuum")  # `execute` would give back one page alone
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def count(self) -> int:
        """How many pieces there are."""
        return int(self._all("SELECT COUNT(*) FROM pieces")[0][0])

    def _put(self, new: NewPiece, now: float) -> None:
        piece = (new.how, new.content, _said(new.told), BESIDE, now)
        self._base.execute("INSERT OR IGNORE INTO pieces VALUES (NULL, ?, ?, ?, ?, ?)", piece)
        ((number,),) = self._all("SELECT number FROM pieces WHERE content = ? AND how = ?", new.content, new.how)
        rows = ((number, name, zlib.crc32(content), content) for name, content in new.sections.items())
        self._base.executemany("INSERT OR REPLACE INTO sections VALUES (?, ?, ?, ?)", rows)
        self._base.execute(
            "UPDATE pieces SET used = ?, bytes = ? + "
            "(SELECT TOTAL(LENGTH(content)) FROM sections WHERE piece = number) WHERE number = ?",
            (now, BESIDE, number),
        )

    def _make_room(self, size: int) -> bool:
        """Whether something had to be given up."""
        held = self._held()
        if held <= size:
            return False
        given_up: list[tuple[int]] = []
        for number, taken in self._all("SELECT number, bytes FROM pieces ORDER BY used, number"):
            if held <= ROOM * size:
                break
            held -= taken
            given_up.append((number,))
        self._base.executemany("DELETE FROM sections WHERE piece = ?", given_up)
        self._base.executemany("DELETE FROM pieces WHERE number = ?", given_up)
        self._base.execute("DELETE FROM files WHERE content NOT IN (SELECT content FROM pieces)")
        return True

    def _held(self) -> int:
        """The bytes of the pages that are in use."""
        pages, free, size = (
            int(self._all(f"PRAGMA {name}")[0][0]) for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _all(self, query: str, *values: object) -> Sequence[Any]:
        return self._base.execute(query, values).fetchall()


def remove_pieces(path: Path) -> None:
    """Throws the data base away. Raises OSError."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time."""
    base = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    base.execute("PRAGMA synchronous = OFF")
    return base


def _whole(path: str) -> bytes:
    return os.fsencode(os.path.abspath(path))


def _said(told: Told) -> str:
    warnings = [[warning.kind, warning.text, warning.count] for warning in told.warnings]
    return json.dumps([warnings, told.notes, told.bars])


def _read_told(text: str) -> Told:
    warnings, notes, bars = json.loads(text)
    return Told(tuple(ScoreWarning(*warning) for warning in warnings), notes, bars)
