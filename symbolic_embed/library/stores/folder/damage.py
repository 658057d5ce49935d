"""What to say of a library that is damaged, or that the system refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from symbolic_embed.errors import LibraryError
from symbolic_embed.files.identity import StrPath

MENDING = "`library build` again mends it"


class DamagedError(LibraryError):
    """Something in a library is not what was written. `piece`: the number of the piece that it belongs to, where it is
    one alone."""

    def __init__(self, path: StrPath, what: str, *, piece: int | None = None) -> None:
        super().__init__(f"{os.fspath(path)}: damaged ({what}); {MENDING}")
        self.path = os.fspath(path)
        self.piece = piece


@contextmanager
def of_piece(number: int) -> Iterator[None]:
    """Whatever is damaged inside the block belongs to a piece."""
    try:
        yield
    except DamagedError as error:
        error.piece = number
        raise


@contextmanager
def refusals_named(path: StrPath) -> Iterator[None]:
    """What the system refuses inside the block becomes a LibraryError about `path`."""
    try:
        yield
    except OSError as refusal:
        reason = (refusal.strerror or str(refusal)).lower()
        raise LibraryError(f"{os.fspath(path)}: {reason}; all that was committed before is there") from None


_MARK = "damaged-"


def mark(folder: StrPath, name: str) -> None:
    """Notes, for who writes next, that a piece, by its number, or a file is damaged; who may not write there leaves
    it."""
    with suppress(OSError):
        open(os.path.join(folder, f"{_MARK}{name}"), "ab").close()


def note(folder: StrPath, error: DamagedError) -> None:
    """Notes what was found damaged: a piece, or something in a file."""
    mark(folder, os.path.basename(error.path) if error.piece is None else str(error.piece))


def marked(folder: StrPath) -> list[str]:
    """What was noted."""
    return sorted(name.removeprefix(_MARK) for name in os.listdir(folder) if name.startswith(_MARK))


def unmark(folder: StrPath, name: str) -> None:
    """Takes a note away."""
    with suppress(OSError):
        os.remove(os.path.join(folder, f"{_MARK}{name}"))
