"""The catalogue of a library: which files and pieces there are, and where in the data files each piece lies. It is an
SQLite data base in WAL mode: readers see the last commit while somebody writes, and a kill leaves the last commit.

SQLite notices no flipped bit. So each row has a check sum, and `tally` has the number of rows of every table and the
sum of their check sums, kept by triggers: a row that is lost or comes back is missed or stands out.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from symbolic_embed.errors import LibraryError, LibraryInUseError
from symbolic_embed.library.stores.folder.damage import DamagedError

NAME = "catalogue.sqlite"
# Of each table the columns that its check sum is of, in order.
TABLES: dict[str, str] = {
    "state": "about",
    "files": "number, path, size, changed_ns, sha256, problem, piece",
    "pieces": "number, sha256, place",
    "facts": "piece, facts",
    "dead": "channel, first, count",
}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS state(about TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS files(number INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL, changed_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, problem BLOB, piece INTEGER,
    crc INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS files_of_piece ON files(piece);
CREATE TABLE IF NOT EXISTS pieces(number INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS facts(piece INTEGER PRIMARY KEY, facts TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS dead(channel TEXT NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
    crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tally(name TEXT PRIMARY KEY, rows INTEGER NOT NULL, crcs INTEGER NOT NULL);
"""
_COUNTING = """
INSERT OR IGNORE INTO tally VALUES('{name}', 0, 0);
CREATE TRIGGER IF NOT EXISTS {name}_in AFTER INSERT ON {name} BEGIN
    UPDATE tally SET rows = rows + 1, crcs = crcs + NEW.crc WHERE name = '{name}'; END;
CREATE TRIGGER IF NOT EXISTS {name}_out AFTER DELETE ON {name} BEGIN
    UPDATE tally SET rows = rows - 1, crcs = crcs - OLD.crc WHERE name = '{name}'; END;
CREATE TRIGGER IF NOT EXISTS {name}_changed AFTER UPDATE ON {name} BEGIN
    UPDATE tally SET crcs = crcs + NEW.crc - OLD.crc WHERE name = '{name}'; END;
"""
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
WAIT_S = 30.0

Row = tuple[Any, ...]


@dataclass(frozen=True)
class State:
    """How far the data files are filled. generation: which of them are in use; features: bytes; rows, dims: of each
    channel."""

    generation: int = 0
    features: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    dims: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """Where a piece lies. first: the byte of its features; sections: of each its length in bytes and check sum, one
    behind the other; rows: of each channel the first and how many."""

    first: int
    sections: dict[str, tuple[int, int]]
    rows: dict[str, tuple[int, int]]

    @property
    def length(self) -> int:
        """Bytes of features."""
        return sum(length for length, _ in self.sections.values())


class Catalogue:
    """A catalogue that is open. What it raises is a LibraryError; DamagedError where rows are not as written."""

    def __init__(self, folder: str, *, make: bool = False) -> None:
        self.path = os.path.join(folder, NAME)
        self._lock = threading.RLock()
        with self._understood():
            self._data_base = _connected(self.path, make=make)

    def close(self) -> None:
        """Gives the data base back; what was not committed is forgotten."""
        with self._lock, self._understood():
            self._data_base.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Inside the block all is of one commit, the last."""
        with self._lock, self._understood():
            self._data_base.execute("BEGIN")
            try:
                yield
            finally:
                self._data_base.execute("ROLLBACK")

    def begin(self) -> None:
        """Begins to write. Only who holds the library does."""
        with self._understood():
            self._data_base.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """What was written since `begin` lasts when this returns."""
        with self._understood():
            self._data_base.execute("COMMIT")

    def rows(self, table: str, where: str = "", values: Row = ()) -> Iterator[Row]:
        """Rows of a table, in the columns of TABLES, each compared with its check sum."""
        with self._understood():
            for *row, crc in self._data_base.execute(f"SELECT {TABLES[table]}, crc FROM {table} {where}", values):
                if crc != check_sum(row):
                    raise DamagedError(self.path, f"a row of {table}", piece=_piece_of(table, row))
                yield tuple(row)

    def counted(self, table: str) -> list[Row]:
        """All rows of a table, none missing."""
        rows = list(self.rows(table))
        with self._understood():
            tally = self._data_base.execute("SELECT rows, crcs FROM tally WHERE name = ?", (table,)).fetchone()
        if tally != (len(rows), sum(map(check_sum, rows))):
            raise DamagedError(self.path, f"rows of {table} are missing")
        return rows

    def number(self, question: str, values: Row = ()) -> int:
        """The one number that answers a question in SQL."""
        with self._understood():
            return int(self._data_base.execute(question, values).fetchone()[0])

    def add(self, table: str, row: Row) -> None:
        """One more row, in the columns of TABLES."""
        marks = ", ".join("?" for _ in row)
        with self._understood():
            self._data_base.execute(
                f"INSERT INTO {table}({TABLES[table]}, crc) VALUES({marks}, ?)", (*row, check_sum(row))
            )

    def remove(self, table: str, where: str, values: Row) -> int:
        """Removes rows; returns how many there were."""
        with self._understood():
            return self._data_base.execute(f"DELETE FROM {table} {where}", values).rowcount

    def next_number(self, table: str) -> int:
        """A number that no row of a table has or had."""
        with self._understood():
            row = self._data_base.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return (row[0] if row else 0) + 1

    def state(self) -> State:
        """How far the data files are filled."""
        with self._understood():
            return next((State(**json.loads(about)) for (about,) in self.counted("state")), State())

    def put_state(self, state: State) -> None:
        """In place of the earlier one."""
        self.remove("state", "", ())
        self.add("state", (json.dumps(asdict(state)),))

    def require_sound(self) -> None:
        """Raises DamagedError where SQLite finds the tables and their indices at odds with each other."""
        with self._understood():
            (said,) = self._data_base.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise DamagedError(self.path, " ".join(said.split()))

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _TAKEN:
                raise LibraryInUseError(f"{self.path}: another program has it; wait until it is done") from None
            if code in _BROKEN or "decode" in str(error):
                raise DamagedError(self.path, str(error)) from None
            raise LibraryError(f"{self.path}: {error}; all that was committed before is there") from None


def check_sum(row: Row | list[Any]) -> int:
    """Of the values of a row, whatever they are."""
    return zlib.crc32(repr(tuple(row)).encode("utf-8", "surrogatepass"))


def text_of(placed: Placed) -> str:
    """Where a piece lies, as the catalogue keeps it."""
    return json.dumps([placed.first, placed.sections, placed.rows])


def placed_of(text: str) -> Placed:
    """What `text_of` made a text of."""
    first, sections, rows = json.loads(text)
    return Placed(first, sections, rows)


def _connected(path: str, *, make: bool) -> sqlite3.Connection:
    """A data base that is there, made where it may be; in a folder that nobody may write to, as it lies."""
    mode = "rwc" if make else "rw"
    if not os.access(os.path.dirname(path), os.W_OK):
        mode = "ro" if os.path.exists(f"{path}-wal") else "ro&immutable=1"
    address = f"{Path(path).absolute().as_uri()}?mode={mode}"
    base = sqlite3.connect(address, uri=True, isolation_level=None, timeout=WAIT_S, check_same_thread=False)
    if make:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        counting = "".join(_COUNTING.format(name=name) for name in TABLES)
        base.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {counting} COMMIT;")
    return base


def _piece_of(table: str, row: list[Any]) -> int | None:
    return row[0] if table in ("pieces", "facts") and isinstance(row[0], int) else None
