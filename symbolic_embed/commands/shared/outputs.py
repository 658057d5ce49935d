"""What goes out: data on stdout or into a file, and nothing else with it.

Text is UTF-8 with plain line ends wherever it goes, and a file name in it keeps its bytes (surrogateescape). A file
that exists is not touched unless --force is given, and is replaced as a whole or not at all; whether it may be written
is asked before the work, not after it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from symbolic_embed.errors import OutputError, OutputExistsError, printable

STDOUT = "-"


def say(text: str) -> None:
    """Text on stdout."""
    if not hasattr(sys.stdout, "buffer"):  # somebody has put a StringIO in its place
        sys.stdout.write(text)
        return
    with binary_stdout() as out:
        out.write(text.encode("utf-8", "surrogateescape"))


@contextmanager
def binary_stdout() -> Iterator[BinaryIO]:
    """Stdout for bytes, after what was printed to it before."""
    sys.stdout.flush()
    out = sys.stdout.buffer
    if isinstance(out, io.RawIOBase):  # with PYTHONUNBUFFERED: writes as much as fits into the pipe, and no more
        whole = io.BufferedWriter(out)
        yield whole
        whole.flush()
        whole.detach()
    else:
        yield out
        out.flush()


def require_free(path: str | os.PathLike, *, force: bool) -> None:
    """Raises OutputExistsError where a file of that name exists and is not to be overwritten, OutputError where there
    is no folder for it."""
    path = os.fspath(path)
    if path == STDOUT:
        return
    if os.path.lexists(path) and not force:
        raise OutputExistsError(path)
    if os.path.isdir(path):
        raise OutputError(f"{printable(path)}: is a folder; name a file in it")
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise OutputError(
            f"{printable(path)}: cannot be written: there is no folder {printable(folder)}; make it first"
        )


def deliver(write: Callable[[BinaryIO], None], path: str | os.PathLike, *, force: bool) -> None:
    """Has `write` fill a file, and puts it at `path` ("-": stdout) once it is whole. Raises as `require_free` does."""
    path = os.fspath(path)
    if path == STDOUT:
        with binary_stdout() as out:
            write(out)
        return
    require_free(path, force=force)
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        require_free(path, force=force)
        os.replace(beside, path)
    except OSError as refusal:
        reason = (refusal.strerror or str(refusal)).lower()
        raise OutputError(f"{printable(path)}: cannot be written: {reason}") from None
    finally:
        if os.path.lexists(beside):
            os.unlink(beside)
