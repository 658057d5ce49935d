"""What goes out: data on stdout or into a file, and nothing else with it.

Text is UTF-8 with plain line ends wherever it goes, and a file name in it keeps its bytes (surrogateescape). Files go
through the one writer (`files.writer`); whether they may be written is asked before the work, not after it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from symbolic_embed import files
from symbolic_embed.files import NOTHING_IN_USE, InUse, placing
from symbolic_embed.files.identity import StrPath

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


def require_free(path: StrPath, *, force: bool, in_use: InUse = NOTHING_IN_USE) -> None:
    """Raises OutputExistsError where a file of that name exists and is not to be overwritten, OutputError where none
    can be written: there is no folder for it, or it is in use."""
    if os.fspath(path) != STDOUT:
        files.require_free(path, force=force, in_use=in_use)


def deliver(write: Callable[[BinaryIO], object], path: StrPath, *, force: bool, in_use: InUse = NOTHING_IN_USE) -> None:
    """Has `write` fill a file, and puts it at `path` ("-": stdout) once it is whole. Raises as `require_free` does."""
    with binary_stdout() if os.fspath(path) == STDOUT else placing(path, force=force, in_use=in_use) as file:
        write(file)
