"""What the tables of a catalogue are, and what is kept in their rows.

SQLite notices no flipped bit. So each row has a check sum, and `tally` has the number of rows of every table and the
sum of their check sums, kept by triggers: a row that is lost or comes back is missed or stands out.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from symbolic_embed.library.stores.folder.damage import DamagedError
from symbolic_embed.library.stores.library import File

NAME = "catalogue.sqlite"
# Of each table the columns that its check sum is of, in order.
TABLES: dict[str, str] = {
    "state": "about",
    "files": "number, path, size, changed_ns, sha256, problem, piece",
    "pieces": "number, sha256, place",
    "facts": "piece, facts",
    "dead": "channel, first, count",
}
SCHEMA = """
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
COUNTING = """
INSERT OR IGNORE INTO tally VALUES('{name}', 0, 0);
CREATE TRIGGER IF NOT EXISTS {name}_in AFTER INSERT ON {name} BEGIN
    UPDATE tally SET rows = rows + 1, crcs = crcs + NEW.crc WHERE name = '{name}'; END;
CREATE TRIGGER IF NOT EXISTS {name}_out AFTER DELETE ON {name} BEGIN
    UPDATE tally SET rows = rows - 1, crcs = crcs - OLD.crc WHERE name = '{name}'; END;
CREATE TRIGGER IF NOT EXISTS {name}_changed AFTER UPDATE ON {name} BEGIN
    UPDATE tally SET crcs = crcs + NEW.crc - OLD.crc WHERE name = '{name}'; END;
"""
_PROBLEM = ("utf-8", "surrogatepass")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class State:
    """How far the data files are filled. generation: which of them are in use; features: bytes; rows, dims: of each
    channel. header: the check sum of the library's."""

    generation: int = 0
    features: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    dims: dict[str, int] = field(default_factory=dict)
    header: int = 0

    @property
    def text(self) -> str:
        """As the catalogue keeps it."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, rows: list[Row]) -> Self:
        """The state that is the one row of its table. Raises DamagedError where there is none."""
        if len(rows) != 1:
            raise DamagedError(NAME, "what it says of itself is missing")
        return cls(**json.loads(rows[0][0]))


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


def row_of(number: int, file: File) -> Row:
    """A file as the catalogue keeps it."""
    problem = None if file.problem is None else file.problem.encode(*_PROBLEM)
    return number, os.fsencode(file.path), file.size, file.changed_ns, file.sha256, problem, file.piece


def file_of(row: Row) -> File:
    """What `row_of` made a row of."""
    _, path, size, changed_ns, sha256, problem, piece = row
    said = None if problem is None else problem.decode(*_PROBLEM)
    return File(os.fsdecode(path), size, changed_ns, sha256, said, piece)
