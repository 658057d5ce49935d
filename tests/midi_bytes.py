"""MIDI files by hand, byte for byte, for tests that need a particular one.

    song = midi(track("00 90 3c 40", "60 80 3c 40"))      a middle C of 96 ticks, at 480 ticks a quarter

A track is given as hex, delta first, or as bytes; its end-of-track (`00 ff 2f 00`) is added unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

from symbolic_embed.score.events import Event, quantity

END = bytes.fromhex("00 ff 2f 00")
NOTE = "00 90 3c 40 60 80 3c 40"  # middle C from tick 0 to tick 96, on channel 0


def track(*events: str | bytes, end: bytes = END) -> bytes:
    """The body of a track chunk."""
    return b"".join(bytes.fromhex(event) if isinstance(event, str) else event for event in events) + end


def chunk(body: bytes, *, name: bytes = b"MTrk", length: int | None = None) -> bytes:
    """A chunk with its head; `length` may lie."""
    return name + (len(body) if length is None else length).to_bytes(4, "big") + body


def header(*, format: int = 1, tracks: int = 1, division: int = 480, length: int = 6) -> bytes:
    numbers = (format.to_bytes(2, "big"), tracks.to_bytes(2, "big"), division.to_bytes(2, "big"))
    return b"MThd" + length.to_bytes(4, "big") + b"".join(numbers)


def midi(*bodies: bytes, format: int = 1, division: int = 480) -> bytes:
    """A file of these tracks."""
    return header(format=format, tracks=len(bodies), division=division) + b"".join(map(chunk, bodies))


def meta(kind: int, data: bytes, *, delta: int = 0) -> bytes:
    return quantity(delta) + bytes((0xFF, kind)) + quantity(len(data)) + data


def riff(data: bytes) -> bytes:
    """The RIFF wrapper of a .rmi file around a MIDI file."""
    inside = b"RMID" + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


def with_running_status(events: Iterable[Event]) -> bytes:
    """A track body that leaves out every status byte it may leave out."""
    pieces, before, running = [], 0, None
    for tick, message in events:
        pieces.append(quantity(tick - before))
        pieces.append(message[1:] if message[0] == running and message[1] < 0x80 else message)
        running = message[0] if message[0] < 0xF0 else None
        before = tick
    return b"".join(pieces)
