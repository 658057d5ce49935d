"""A file in the making: it lies beside its place, under a name that nobody guesses, until it is whole.

The same folder, so that renaming it into its place is one act of the file system; a name of its own, short, so that it
fits wherever the real one does, and marked, so that no walk takes a half-written piece for music.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from symbolic_embed.errors import OutputError, printable
from symbolic_embed.files.identity import StrPath

BEGIN, END = ".symbolic_embed-", ".part"
NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM}  # this file system syncs no folders


def name_beside(path: StrPath) -> str:
    """A path in the folder of `path` that nothing has, and nobody foresees."""
    return os.path.join(os.path.dirname(os.fspath(path)), f"{BEGIN}{secrets.token_hex(8)}{END}")


def is_unfinished(name: str) -> bool:
    """Whether a file's name is one of those in the making: after a power cut one may stay behind."""
    return name.startswith(BEGIN) and name.endswith(END)


def new_file(path: StrPath) -> BinaryIO:
    """A file to write to, which was not there before; a link of that name is not followed. Raises FileExistsError."""
    return open(path, "xb")


def synced(file: BinaryIO) -> None:
    """Everything written to a file so far is on the disk when this returns."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: StrPath) -> None:
    """The names in a folder are on the disk when this returns; not on Windows, which opens no folder."""
    try:
        opened = os.open(folder or ".", os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return
    try:
        os.fsync(opened)
    except OSError as refusal:
        if refusal.errno not in NO_SYNC:
            raise
    finally:
        os.close(opened)


@contextmanager
def made_folder(folder: StrPath) -> Iterator[None]:
    """A folder that is there inside the block, with those above it. Those that were made for it go again at the end
    where nothing has come into them. Raises OutputError."""
    made: list[str] = []
    try:
        _make(os.fspath(folder), made)
        yield
    finally:
        for empty in reversed(made):
            with suppress(OSError):  # something has come into it
                os.rmdir(empty)


def _make(folder: str, made: list[str]) -> None:
    """Makes a folder and adds to `made` all that had to be."""
    for missing in _missing(folder):
        made.append(missing)  # first: an interrupt may come right behind the act
        try:
            os.mkdir(missing)
        except FileExistsError:  # somebody else was faster
            made.remove(missing)
        except OSError as refusal:
            raise refused(folder, refusal, what="cannot be made") from None
    if not os.path.isdir(folder or "."):
        raise OutputError(f"{printable(folder)}: is no folder, nothing can be written into it; name another")


def _missing(folder: str) -> list[str]:
    """The folders that have to be made for `folder` to be there, the uppermost first."""
    missing: list[str] = []
    while folder and not os.path.lexists(folder):
        missing.insert(0, folder)
        folder = os.path.dirname(folder)
    return missing


def refused(path: StrPath, refusal: OSError, *, what: str = "cannot be written") -> OutputError:
    """What to raise where the system refuses: it names `path`, as the user did."""
    return OutputError(f"{printable(os.fspath(path))}: {what}: {(refusal.strerror or str(refusal)).lower()}")


@contextmanager
def errors_named(path: StrPath) -> Iterator[None]:
    """A refusal of the system inside the block becomes an OutputError about `path`, the name that the user knows,
    whether it came from an open file or from one in the making. What another file refused keeps its own name."""
    try:
        yield
    except OSError as refusal:
        named = refusal.filename
        if named is None or named == os.fspath(path) or is_unfinished(os.path.basename(os.fsdecode(named))):
            raise refused(path, refusal) from None
        raise


def each(acts: Iterable[Callable[[], None]]) -> None:
    """Does everything, whatever fails or interrupts on the way; then raises what came first."""
    first: BaseException | None = None
    for act in acts:
        try:
            act()
        except BaseException as error:
            first = first or error
    if first is not None:
        raise first
