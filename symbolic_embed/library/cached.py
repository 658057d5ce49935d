"""What files were embedded as, in the user's cache: what has been embedded once is not embedded again.

A piece is of one content, one model, one way of reading and one version of the program (`stores.pieces_file`). A file
is known without being opened where its size, its times and its place on the disk are what they were; else by its bytes.
All together take no more than they may: then what was not used for longest is given up.

The cache is a convenience and never in the way. Who cannot open it, or write into it, goes on without, after a line; a
damaged one is thrown away, and made again the next time.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from symbolic_embed.errors import LibraryError, OutputError, printable
from symbolic_embed.files import user_cache
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.reading import GRAIN_NS
from symbolic_embed.library.stores.buffers import joined, parted
from symbolic_embed.library.stores.packing import packed, sections_of, unpacked
from symbolic_embed.library.stores.pieces_file import Kept, NewFile, NewPiece, PiecesFile, Told, remove_pieces
from symbolic_embed.version import installed_version

NAME = "pieces.sqlite"
SIZE = 2_000_000_000  # bytes
TOGETHER = 8_000_000  # bytes that are written at a time
DAMAGED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRIMARY = 0xFF  # of a code of sqlite the bits that say which error; the others say where
BLIND = "blind"  # the section of the vectors of passages that are blind to key

Answer = TypeVar("Answer")


def cache_file() -> Path:
    """Where the cache lies."""
    return user_cache() / "files" / NAME


def way_of_reading(checkpoint: str, *, join_channels: bool, max_bytes: int) -> str:
    """What must be the same for a piece to be the same: the model's hash, the program, how files are read."""
    return f"{installed_version()} {checkpoint} {join_channels} {max_bytes}"


def stamp_of(path: str) -> str | None:
    """What tells whether the file at a path is still the same; None where there is none, or it was changed so shortly
    ago that another change might have the same."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    if max(status.st_mtime_ns, status.st_ctime_ns) > time.time_ns() - GRAIN_NS:
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_dev} {status.st_ino}"


def content_of(path: str, data: bytes) -> str:
    """A name for the bytes of a file and its ending, which may say how to read them."""
    ending = os.path.splitext(path)[1].lower()
    return sha256(os.fsencode(ending) + b"\0" + data).hexdigest()


def wanted_of(kinds: Iterable[Kind], *, blind: bool) -> frozenset[str]:
    """The sections that hold some kinds of features, of passages those of all parts together; with `blind` also their
    vectors that are blind to key."""
    sections = frozenset(sections_of(frozenset(kinds), together=True))
    return sections | {BLIND} if blind and "passages" in sections else sections


def usable(wanted: frozenset[str], kept: frozenset[str]) -> frozenset[str]:
    """Which of the kept sections serve where some are wanted: passages without BLIND are none where it is wanted."""
    both = wanted & kept
    return both if BLIND in kept or BLIND not in wanted else both - {"passages"}


@dataclass(frozen=True)
class Contents:
    """What the cache holds: where it lies, how many pieces, how many bytes."""

    place: str
    pieces: int
    bytes: int


def contents(path: Path | None = None) -> Contents:
    """What there is in the cache. Raises LibraryError where it cannot be opened."""
    path = path or cache_file()
    pieces = 0
    if path.exists():
        try:
            with closing(PiecesFile(path)) as base:
                pieces = base.count()
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(f"{printable(str(path))}: cannot be opened ({error}); `clear` throws it away") from None
    return Contents(str(path), pieces, sum(one.stat().st_size for one in path.parent.glob(path.name + "*")))


def clear(path: Path | None = None) -> None:
    """Throws away all that is in the cache. Raises OutputError where that cannot be done."""
    path = path or cache_file()
    try:
        remove_pieces(path)
    except OSError as refusal:
        raise OutputError(f"{printable(str(path))}: cannot be deleted: {refusal.strerror}") from None


class Cache:
    """The cache, open. how: which model, which way of reading; size: bytes that all may take together; said: hears a
    line where it is done without. A context: at its end what is new is written."""

    def __init__(self, how: str, *, said: Callable[[str], object], path: Path | None = None, size: int = SIZE) -> None:
        self.how, self.size, self.path, self._said = how, size, path, said
        self._files: list[NewFile] = []
        self._pieces: list[NewPiece] = []
        self._used: set[int] = set()
        self._waiting = 0  # bytes of the pieces that are not written yet
        self._base: PiecesFile | None = None
        try:
            self.path = path or cache_file()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._base = PiecesFile(self.path)
        except (sqlite3.Error, OSError, OutputError) as error:
            self._do_without(error)

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()
        if self._base is not None:
            self._base.close()
            self._base = None

    def content_at(self, path: str, stamp: str) -> str | None:
        """The content of a file that is as it was; None of one that is not known, or has changed."""
        return self._asked(lambda base: base.content_at(path, stamp))

    def kept(self, content: str) -> Kept | None:
        """The piece of some content."""
        found = self._asked(lambda base: base.kept(self.how, content))
        if found:
            self._used.add(found.number)
        return found

    def features(self, kept: Kept, path: str, sections: frozenset[str]) -> Features | None:
        """What some sections of a piece hold, under a path; None where it cannot be had."""
        contents = self._asked(lambda base: base.read(kept.number, sections))
        if contents is None:
            return None
        blind = contents.pop(BLIND, None)
        piece = unpacked(path, {name: memoryview(bytearray(held)) for name, held in contents.items()}, None)
        if blind is not None and piece.passages is not None:
            return replace(piece, passages=replace(piece.passages, blind=parted(memoryview(bytearray(blind)))[0]))
        return piece

    def keep_file(self, path: str, stamp: str, content: str) -> None:
        """Keeps what lies where."""
        self._files.append(NewFile(path, stamp, content))

    def keep(self, content: str, told: Told, piece: Features, sections: frozenset[str]) -> None:
        """Keeps some sections of a piece."""
        if self._base is None:
            return
        contents = {name: held for name, held in packed(piece).items() if name in sections}
        if BLIND in sections and piece.passages is not None:
            contents[BLIND] = joined([piece.passages.blind])
        new = NewPiece(self.how, content, told, contents)
        self._pieces.append(new)
        self._waiting += new.size
        if self._waiting > min(TOGETHER, self.size):
            self._write()

    def _write(self) -> None:
        files, pieces, used = self._files, self._pieces, self._used
        self._files, self._pieces, self._used, self._waiting = [], [], set(), 0
        if files or pieces or used:
            self._asked(lambda base: base.write(files, pieces, used, size=self.size))

    def _asked(self, question: Callable[[PiecesFile], Answer]) -> Answer | None:
        """What the data base answers; None where there is none, or it fails, and is done without from there on."""
        if self._base is None:
            return None
        try:
            return question(self._base)
        except (sqlite3.Error, OSError, ValueError) as error:
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = None
            self._do_without(error)
            return None

    def _do_without(self, error: Exception) -> None:
        """Says that there is no cache, and throws a damaged one away."""
        code = getattr(error, "sqlite_errorcode", None)
        is_damaged = isinstance(error, ValueError) or (code is not None and code & PRIMARY in DAMAGED)
        if is_damaged and self.path:
            with suppress(OSError):
                remove_pieces(self.path)
        reason = f"damaged ({error}), it was thrown away" if is_damaged else str(error)
        self._said(f"without the cache{f' {printable(str(self.path))}' if self.path else ''}: {reason}")
