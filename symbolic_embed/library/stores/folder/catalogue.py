"""The catalogue of a library: which files and pieces there are, and where in the data files each piece lies. It is an
SQLite data base in WAL mode: readers see the last commit while somebody writes, and a kill leaves the last commit.
Rows are compared with their check sums (`tables`).
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from symbolic_embed.errors import LibraryError, LibraryInUseError
from symbolic_embed.library.stores.folder.damage import DamagedError
from symbolic_embed.library.stores.folder.tables import COUNTING, NAME, SCHEMA, TABLES, Row, State, check_sum

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
WAIT_S = 30.0


class Catalogue:
    """A catalogue, opened when it is first read, or made. What it raises is a LibraryError, and DamagedError
    where rows are not as they were written."""

    def __init__(self, folder: str, *, make: bool = False, name: str = NAME) -> None:
        self.path = os.path.join(folder, name)
        self._lock = threading.RLock()
        self._file: tuple[int, int] | None = None
        if make:
            with self._understood():
                self._data_base = _connected(self.path, make=True)
            self._file = self._identity()

    def close(self) -> None:
        """Gives the data base back; what was not committed is forgotten."""
        with self._lock, self._understood():
            if self._file is not None:
                self._data_base.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Inside the block all is of one commit, the last."""
        with self._lock, self._understood():
            self._follow()
            self._data_base.execute("BEGIN")
            try:
                yield
            finally:
                self._data_base.execute("ROLLBACK")

    def commit_seen(self) -> tuple[int, ...]:
        """What tells one commit of somebody else from the next."""
        return *(self._file or ()), self.number("PRAGMA data_version")

    def begin(self) -> None:
        """Begins to write. Only who holds the library does."""
        with self._understood():
            self._data_base.execute("BEGIN IMMEDIATE")

    def roll_back(self) -> None:
        """Forgets what was written since the last commit, and begins again."""
        with self._understood():
            self._data_base.execute("ROLLBACK")
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

    def salvaged(self, table: str) -> list[Row]:
        """The rows of a table that can be read and are as they were written, where others are not."""
        rows = []
        with suppress(sqlite3.Error):
            for *row, crc in self._data_base.execute(f"SELECT {TABLES[table]}, crc FROM {table} NOT INDEXED"):
                if crc == check_sum(row):
                    rows.append(tuple(row))
        return rows

    def last_number(self, table: str) -> int:
        """The largest number that a row of a table has or had; 0 where that cannot be known any more."""
        with suppress(sqlite3.Error):
            row = self._data_base.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
            return int(row[0]) if row else 0
        return 0

    def put_last_number(self, table: str, number: int) -> None:
        """Has rows that come later have larger numbers."""
        known = max(number, self.number(f"SELECT coalesce(max(number), 0) FROM {table}"))
        with self._understood():
            self._data_base.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            self._data_base.execute("INSERT INTO sqlite_sequence(name, seq) VALUES(?, ?)", (table, known))

    def state(self) -> State:
        """How far the data files are filled."""
        return State.of(self.counted("state"))

    def put_state(self, state: State) -> None:
        """In place of the earlier one."""
        self.remove("state", "", ())
        self.add("state", (state.text,))

    def require_sound(self) -> None:
        """Raises DamagedError where SQLite finds the tables and their indices at odds with each other."""
        with self._understood():
            (said,) = self._data_base.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise DamagedError(self.path, " ".join(said.split()))

    def _follow(self) -> None:
        """Opens the data base, and once more where it was mended: then another file has its place."""
        now = self._identity()
        if now != self._file:
            if self._file is not None:
                self._data_base.close()
            self._data_base, self._file = _connected(self.path, make=False), now

    def _identity(self) -> tuple[int, int]:
        try:
            status = os.stat(self.path)
        except OSError:
            raise DamagedError(self.path, "it is missing") from None
        return status.st_dev, status.st_ino

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _TAKEN:
                raise LibraryInUseError(f"{self.path}: another program has it; wait until it is done") from None
            if code in _BROKEN:
                raise DamagedError(self.path, str(error)) from None
            raise LibraryError(f"{self.path}: {error}; all that was committed before is there") from None


def _connected(path: str, *, make: bool) -> sqlite3.Connection:
    """A data base that is there, made where it may be; in a folder that nobody may write to, as it lies."""
    mode = "rwc" if make else "rw"
    if not os.access(os.path.dirname(path), os.W_OK):
        mode = "ro" if os.path.exists(f"{path}-wal") else "ro&immutable=1"
    address = f"{Path(path).absolute().as_uri()}?mode={mode}"
    base = sqlite3.connect(address, uri=True, isolation_level=None, timeout=WAIT_S, check_same_thread=False)
    base.text_factory = lambda content: content.decode("utf-8", "replace")  # what is no text fits no check sum
    if make:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        counting = "".join(COUNTING.format(name=name) for name in TABLES)
        base.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {counting} COMMIT;")
    return base


def _piece_of(table: str, row: list[Any]) -> int | None:
    return row[0] if table in ("pieces", "facts") and isinstance(row[0], int) else None
