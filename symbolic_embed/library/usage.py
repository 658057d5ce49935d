"""When the pieces of a cached library were last used, beside it; and what is given up where it has grown too large."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from symbolic_embed.library.stores.library import Library

ENDING = ".used"
ROOM = 0.8  # of what may be held is left when it was too much
HALF = 0.5  # of the pieces go at least, so that a library finds it worth its while to compact


def used(place: Path, pieces: Sequence[int]) -> None:
    """Notes that some pieces of the library at a place are used now. Raises sqlite3.Error."""
    with _notes(place) as notes:
        notes.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", [(piece, time.time()) for piece in pieces])


def bytes_in(folder: Path) -> int:
    """How much lies in a folder and those in it, in bytes."""
    size = 0
    for here, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += os.lstat(os.path.join(here, name)).st_size
    return size


def make_room(folder: Path, place: Path, library: Library, *, size: int) -> int:
    """Has the libraries in a folder take at most so many bytes: gives up whole those that were used before the one at
    `place`, then its pieces that were not used for longest. Returns how many files were given up. Raises LibraryError,
    sqlite3.Error."""
    others = sorted((other for other in folder.iterdir() if other.is_dir() and other != place), key=_last_used)
    files = 0
    for other in others:
        if bytes_in(folder) <= size:
            return files
        shutil.rmtree(other, ignore_errors=True)
        with suppress(OSError):
            _notes_of(other).unlink()
    while (held := bytes_in(folder)) > size:
        forgotten = _forget(place, library, share=max(HALF, 1 - ROOM * size / held))
        files += forgotten
        if not forgotten:
            shutil.rmtree(place, ignore_errors=True)
            break
    return files


def _forget(place: Path, library: Library, *, share: float) -> int:
    """Forgets so many of the pieces, those first that were not used for longest, and returns how many files."""
    with _notes(place) as notes:
        known = dict(notes.execute("SELECT piece, at FROM used"))
        files = library.files()
        pieces = sorted({file.piece for file in files if file.piece is not None}, key=lambda piece: known.get(piece, 0))
        old = set(pieces[: max(1, round(share * len(pieces)))])
        with library.writing() as writer:
            count = writer.remove_files([file.path for file in files if file.piece in old])
        notes.executemany("DELETE FROM used WHERE piece = ?", [(piece,) for piece in old])
    return count


@contextmanager
def _notes(place: Path) -> Iterator[sqlite3.Connection]:
    """The notes on a library; kept when the block ends well."""
    with closing(sqlite3.connect(_notes_of(place), timeout=1.0)) as notes, notes:
        notes.execute("CREATE TABLE IF NOT EXISTS used (piece INTEGER PRIMARY KEY, at REAL NOT NULL)")
        yield notes


def _notes_of(place: Path) -> Path:
    return place.with_name(place.name + ENDING)


def _last_used(place: Path) -> float:
    try:
        return _notes_of(place).stat().st_mtime
    except OSError:
        return 0.0
