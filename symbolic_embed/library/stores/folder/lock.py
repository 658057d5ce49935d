"""Who writes into a library holds it alone. The lock is the system's and dies with its process, however that ends."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from symbolic_embed.errors import LibraryInUseError
from symbolic_embed.library.stores.folder.damage import refusals_named

NAME = "lock"
_HELD: set[str] = set()  # by this process, to which the system would give the lock again
_GUARD = threading.Lock()
_PLACE = 64  # the byte that is locked; before it stands who has it, which Windows lets nobody read of a locked byte


@contextmanager
def held(folder: str) -> Iterator[None]:
    """Holds a library for writing inside the block. Raises LibraryInUseError where somebody else does, this process
    included."""
    path = os.path.join(os.path.realpath(folder), NAME)
    with _GUARD:
        if path in _HELD:
            raise _in_use(folder, str(os.getpid()))
        _HELD.add(path)
    try:
        with refusals_named(path):
            opened = open(path, "a+b", buffering=0)  # noqa: SIM115 (closed below)
        with opened as file:
            _take(file, folder)
            try:
                _sign(file)
                yield
            finally:
                _give_back(file)
    finally:
        with _GUARD:
            _HELD.discard(path)


def _take(file: BinaryIO, folder: str) -> None:
    try:
        _lock(file)
    except OSError:
        file.seek(0)
        raise _in_use(folder, file.read(_PLACE).decode("ascii", "replace").strip() or "?") from None


def _sign(file: BinaryIO) -> None:
    with suppress(OSError):  # a full disk: the lock holds without it
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode("ascii"))


def _in_use(folder: str, process: str) -> LibraryInUseError:
    return LibraryInUseError(f"{folder}: process {process} is writing into it; wait until it is done, or end it")


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(_PLACE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _give_back(file: BinaryIO) -> None:
        file.seek(_PLACE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _PLACE)

    def _give_back(file: BinaryIO) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, _PLACE)
