"""System exclusive messages that speak to the whole instrument: resets, and the master volume.

Three dialects, each with its own: universal (General MIDI), Roland's GS, Yamaha's XG. A GS message ends with a checksum
that makes the sum of address, data and itself divisible by 128.

Source: MIDI 1.0 (universal device control, General MIDI on/off); Roland SC-55 and Yamaha MU80 owner's manuals.
"""

from __future__ import annotations

GM_RESETS = ((0x09, 0x01), (0x09, 0x02), (0x09, 0x03))
GS_RESET, GS_VOLUME = (0x40, 0x00, 0x7F), (0x40, 0x00, 0x04)
XG_RESETS, XG_VOLUME = ((0x00, 0x00, 0x7E), (0x00, 0x00, 0x7F)), (0x00, 0x00, 0x04)
FULL = 127


def resets_all(message: bytes) -> bool:
    """Does this event bring the instrument back to where it stood when it was switched on?"""
    body = exclusive_body(message)
    if body[:1] == b"\x7e":
        return tuple(body[2:4]) in GM_RESETS
    if _is_gs(body):
        return tuple(body[4:7]) == GS_RESET
    return _is_xg(body) and tuple(body[3:6]) in XG_RESETS


def master_volume(message: bytes) -> int | None:
    """The master volume that an event sets, 0 to 127; None where it sets none."""
    body = exclusive_body(message)
    place = _volume_place(body)
    return body[place] if place is not None and place < len(body) else None


def with_master_volume(message: bytes, level: int) -> bytes:
    """The event in the same dialect that sets another master volume."""
    body = bytearray(exclusive_body(message))
    place = _volume_place(bytes(body))
    if place is None:
        raise ValueError(f"{message.hex(' ')} sets no master volume")
    body[place] = level
    if _is_gs(bytes(body)):
        body[place + 1] = -sum(body[4 : place + 1]) & 0x7F
    head = message[: len(message) - len(body) - message.endswith(b"\xf7")]
    return head + bytes(body) + (b"\xf7" if message.endswith(b"\xf7") else b"")


def exclusive_body(message: bytes) -> bytes:
    """What stands between F0, its length in the file, and F7; nothing for other events."""
    if message[:1] != b"\xf0":
        return b""
    start = 1
    while start < len(message) and message[start] & 0x80:
        start += 1
    return message[start + 1 :].removesuffix(b"\xf7")


def _volume_place(body: bytes) -> int | None:
    """Where in the body of a message its master volume stands."""
    if body[:1] == b"\x7f" and tuple(body[2:4]) == (0x04, 0x01):
        return 5  # the coarse byte, behind the fine one
    if _is_gs(body) and tuple(body[4:7]) == GS_VOLUME:
        return 7
    return 6 if _is_xg(body) and tuple(body[3:6]) == XG_VOLUME else None


def _is_gs(body: bytes) -> bool:
    return body[:1] == b"\x41" and body[2:4] == b"\x42\x12"


def _is_xg(body: bytes) -> bool:
    return body[:1] == b"\x43" and len(body) > 2 and body[1] & 0xF0 == 0x10 and body[2] == 0x4C
