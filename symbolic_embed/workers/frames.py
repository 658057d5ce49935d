"""Bytes through a pipe, each piece with its length before it."""

from __future__ import annotations

from typing import IO

READY = b"ready"  # what a process says that has started


def read_frame(stream: IO[bytes], *, most: int = 1 << 31) -> bytes | None:
    """A frame that `write_frame` wrote, of `most` bytes at most; None where the stream ends before it does."""
    head = stream.read(4)
    if len(head) < 4 or (length := int.from_bytes(head, "big")) > most:
        return None
    data = stream.read(length)
    return data if len(data) == length else None


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Bytes, with their length (4 bytes) before them."""
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)
