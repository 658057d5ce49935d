"""Bytes through a pipe, each piece with its length before it; the pipes of a process that serves."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from typing import IO, BinaryIO

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


def answer_on_streams(serve: Callable[[BinaryIO, BinaryIO], None]) -> None:
    """Has `serve` answer on stdin and stdout, until whoever asks has gone. An interrupt is for the parent, who ends
    this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = own_streams()
    with contextlib.suppress(BrokenPipeError):
        serve(requests, answers)


def own_streams() -> tuple[BinaryIO, BinaryIO]:
    """This process's stdin and stdout, for requests and answers alone: what libraries print from now on goes
    nowhere."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return requests, answers
