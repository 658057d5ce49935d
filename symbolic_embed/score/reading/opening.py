"""From a path to bytes: regular files alone, and no more of them than anybody means.

Pipes, devices and folders are refused, never waited for. A recording may be larger than MIDI ever is.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO

from symbolic_embed.errors import MidiError
from symbolic_embed.files.kinds import LOOKED_AT, is_sound

MAX_BYTES = 8_000_000  # the largest honest file in 176,581 of the Lakh collection has under 2 MB
MAX_SOUND_BYTES = 256_000_000  # ten minutes of two channels, 24 bits, 48 kHz have 173 MB


def file_bytes(path: str | os.PathLike[str] | bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The content of a regular file of at most `max_bytes`, of a recording of at most MAX_SOUND_BYTES. Pipes, devices
    and folders are refused, never waited for.

    Raises MidiError, also where the system refuses (no such file, no permission).
    """
    with regular_file(path) as file:
        begin = file.read(LOOKED_AT)
        is_sound_file = is_sound(begin)
        most = max(max_bytes, MAX_SOUND_BYTES) if is_sound_file else max_bytes
        size = os.fstat(file.fileno()).st_size
        data = begin + _at_most(file, most + 1 - len(begin)) if size <= most else b""
    if max(size, len(data)) > most:
        raise _too_large(os.fsdecode(path), max(size, len(data)), most, is_sound_file=is_sound_file)
    return data


@contextmanager
def regular_file(path: str | os.PathLike[str] | bytes) -> Iterator[FileIO]:
    """A regular file to read from, unbuffered. Raises MidiError where it is none, or the system refuses, also while it
    is read."""
    source = os.fsdecode(path)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        _check_regular(os.stat(path), source)
        opened = open(os.open(path, flags), "rb", buffering=0)  # noqa: SIM115, closed below
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the path
        raise _refused(source, problem) from None
    with opened as file:
        _check_regular(os.fstat(file.fileno()), source)
        try:
            yield file
        except OSError as problem:
            raise _refused(source, problem) from None


def _check_regular(status: os.stat_result, source: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise MidiError(source, "is a folder, not a MIDI file; name the files in it, or a command that takes folders")
    if not stat.S_ISREG(status.st_mode):
        raise MidiError(source, "is not a regular file (a pipe or a device); copy its content into a file first")


def _refused(source: str, problem: OSError | ValueError) -> MidiError:
    reason = getattr(problem, "strerror", None) or str(problem)
    return MidiError(source, f"cannot be opened: {reason.lower()}; is the path right?")


def _too_large(source: str, size: int, most: int, *, is_sound_file: bool) -> MidiError:
    way_out = "`symbolic-embed hum` hears a part of it" if is_sound_file else "`max_bytes` raises the limit"
    return MidiError(source, f"{size:,} bytes, more than the {most:,} that are read; {way_out}")


def _at_most(file: FileIO, count: int) -> bytes:
    """Up to `count` bytes of an unbuffered file."""
    pieces = []
    while count and (piece := file.read(min(count, 1 << 20))):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
