"""One track chunk, byte by byte, to a list of events.

An event is a waiting time (delta, in ticks, seven bits a byte, the top bit meaning "more follows") and a message. A
message begins with a status byte, 0x80 or more; where it is missing the status of the message before holds (running
status). Three kinds:

    8n 9n An Bn En   two data bytes, Cn Dn one: note-off, note-on, ... on channel n
    F0 F7            a length and that many bytes: system exclusive
    FF               a type, a length and that many bytes: meta (names, tempo, metre); FF 2F 00 ends the track

This walker is tolerant and loses nothing it need not lose. It reads on where other programs stop, keeps the odd event
as it is, and counts what was odd. Where it cannot know how to go on it stops, and keeps what came before. Ways taken
where the standard and the files in the wild disagree:

* Running status across a meta or system exclusive event is illegal but common: the status stays (so does symusic).
* System real-time bytes (F8 to FE) have no place in a file: kept as events, the running status stays (as in a cable).
* Controllers and the like with data bytes above 7F keep them (aftertouch without a word, as in symusic); a note with
  such a byte is the end of what can be read.
* A list of events here always ends with end-of-track: added where it was missing, and nothing stays behind it.
"""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.score.score import ScoreWarning

END_OF_TRACK = b"\xff\x2f\x00"
TRACK_NAME = 0x03
STATUS_BYTES = [bytes([status]) for status in range(256)]
DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
AFTERTOUCH = (0xA0, 0xD0)
FREE_METAS = frozenset({*range(1, 0x20), *range(0x60, 0x80)})  # texts and unknown ones: any length, any content
SYSTEM_LENGTH = {0xF1: 2, 0xF2: 3, 0xF3: 2}
META_LENGTH = {0x00: 2, 0x20: 1, 0x21: 1, 0x2F: 0, 0x51: 3, 0x54: 5, 0x58: 4, 0x59: 2}
LONG_SILENCE_QUARTERS = 4096  # half an hour at 120; nobody rests that long inside a piece
MAX_EVENTS = 1_000_000  # in a file: note-ons and note-offs of as many notes as are read, in seconds
SHORTEST_LONG_DELTA = 1 << 21  # the smallest delta of four bytes

INSIDE = "it stops inside an event"
TOO_MANY = f"more than {MAX_EVENTS:,} events in the file"
ODDITIES = {
    "running-status": "a message leaves out its status byte after a meta or system exclusive event",
    "illegal-status": "a status byte that has no place in a file; kept",
    "illegal-data": "a message has a data byte above 7F; kept",
    "illegal-delta": "a waiting time of five bytes, where four are allowed",
    "odd-meta": "a meta event has a length or value that the standard does not know",
    "odd-sysex": "a system exclusive message contains bytes above 7F; kept",
    "long-silence": "a waiting time of more than 4096 quarter notes",
}


Oddities = dict[str, tuple[int, int]]  # of each kind how often it was met, and the byte where it was met first


class Event(NamedTuple):
    """`message` is what stands in the file, without the delta and with the status byte written out."""

    tick: int
    message: bytes


class Walk(NamedTuple):
    """What a walk found. `unread` counts the bytes behind the damage, 0 where the chunk was read to its end."""

    events: tuple[Event, ...]
    warnings: tuple[ScoreWarning, ...]
    unread: int


class _DamageError(Exception):
    """The bytes at this place cannot be read as an event."""


def walk(body: bytes, *, chunk: int = 0, offset: int = 0, division: int = 480, most: int = MAX_EVENTS) -> Walk:
    """The events of one track chunk, in order; the walk stops, as before damage, after `most`. `chunk` and `offset` (of
    the body in the file) are for the messages."""
    events: list[Event] = []
    odd: Oddities = {}
    position, reason = _walk_events(body, events, odd, silence=LONG_SILENCE_QUARTERS * division, most=most)
    warnings = [
        ScoreWarning(kind, f"chunk {chunk}, byte {offset + first}: {ODDITIES[kind]}", count)
        for kind, (count, first) in odd.items()
    ]
    ended = bool(events) and events[-1].message == END_OF_TRACK
    unread = len(body) - position
    where = f"chunk {chunk}, byte {offset + position}"
    if not ended:
        events.append(Event(events[-1].tick if events else 0, END_OF_TRACK))
    if reason:
        warnings.append(ScoreWarning("damaged", f"{where}: {reason}; the {unread} bytes from there on were not read"))
    elif not ended:
        warnings.append(ScoreWarning("no-end-of-track", f"{where}: the track stops without an end-of-track event"))
    elif unread:
        text = f"{where}: {unread} bytes after the end-of-track event were ignored"
        warnings.append(ScoreWarning("after-end", text))
    return Walk(tuple(events), tuple(warnings), unread if reason else 0)


def _walk_events(body: bytes, events: list[Event], odd: Oddities, *, silence: int, most: int) -> tuple[int, str]:
    """Appends the events of `body` and counts in `odd`; returns where it stopped, and why if before its time. One loop,
    since every file of some other program's making may come this way, event by event."""
    position, tick, running, cancelled, size = 0, 0, 0, False, len(body)
    for _ in range(most):
        begin = position
        if begin == size:
            return begin, ""
        try:
            delta = body[position]
            position += 1
            if delta > 0x7F:
                delta, position = _quantity(body, position - 1)
                if delta >= SHORTEST_LONG_DELTA:
                    _count_long(odd, begin, delta, silence=silence, is_end=body[position : position + 2] == b"\xff\x2f")
            status = body[position]
            if status >= 0x80:
                position += 1
            elif not running:
                raise _DamageError(f"{status:02x} where a status byte (80 or more) was needed")
            else:
                status = running
                if cancelled:
                    _count(odd, "running-status", begin)
            if status < 0xF0:
                running, cancelled = status, False
                end = position + DATA_BYTES[status >> 4]
                if end > size:
                    raise _DamageError(INSIDE)
                data = body[position:end]
                if not data.isascii():
                    if status < 0xA0:
                        raise _DamageError(f"a note with a pitch or velocity above 127 ({data.hex(' ')})")
                    if status & 0xF0 not in AFTERTOUCH:
                        _count(odd, "illegal-data", begin)
                message = STATUS_BYTES[status] + data
            else:
                cancelled = cancelled or status in (0xF0, 0xF7, 0xFF)
                end = position + 2 + body[position + 1] if status == 0xFF and body[position] in FREE_METAS else size + 1
                if end > size or body[position + 1] > 0x7F:
                    end = _system_end(body, position - 1)
                    message = _judged(body[position - 1 : end], odd, begin)
                else:
                    message = body[position - 1 : end]
        except IndexError:
            return begin, INSIDE
        except _DamageError as damage:
            return begin, str(damage)
        tick += delta
        position = end
        events.append(Event(tick, message))
        if message == END_OF_TRACK:
            return position, ""
    return position, TOO_MANY


def _quantity(body: bytes, position: int) -> tuple[int, int]:
    """A variable-length quantity at `position`, and where it ends. Five bytes at most, below 2**31."""
    value = 0
    for index in range(position, position + 5):
        value = value << 7 | body[index] & 0x7F
        if body[index] < 0x80:
            if value >= 1 << 31:
                raise _DamageError(f"a waiting time or length of {value:,}, above 2,147,483,647")
            return value, index + 1
    raise _DamageError("a waiting time or length of more than five bytes")


def _system_end(body: bytes, position: int) -> int:
    """Where the system exclusive, meta or other system message that begins at `position` ends."""
    status = body[position]
    if status not in (0xF0, 0xF7, 0xFF):
        end = position + SYSTEM_LENGTH.get(status, 1)
        length = end - position
    else:
        if status == 0xFF:
            position += 1
        length, end = _quantity(body, position + 1)
        end += length
    if end > len(body):
        raise _DamageError(f"an event of {length:,} bytes, where {len(body) - position} are left")
    return end


def _judged(message: bytes, odd: Oddities, begin: int) -> bytes:
    """The message itself, after counting what is odd in it; an end-of-track with data loses its data. `begin` is the
    byte at which its event begins."""
    status = message[0]
    if message == END_OF_TRACK:
        return message
    payload = message_payload(message)
    if status == 0xFF:
        kind = message[1]
        if kind > 0x7F or len(payload) != META_LENGTH.get(kind, len(payload)) or not _possible(kind, payload):
            _count(odd, "odd-meta", begin)
        return END_OF_TRACK if kind == 0x2F else message
    if status == 0xF0:
        if not (payload[:-1] if payload.endswith(b"\xf7") else payload).isascii():
            _count(odd, "odd-sysex", begin)
    elif status != 0xF7:
        _count(odd, "illegal-status", begin)
    return message


def _possible(kind: int, payload: bytes) -> bool:
    """Whether a channel prefix names a channel, and an SMPTE offset a time."""
    if kind == 0x20:
        return payload[0] < 16
    if kind == 0x54:
        return payload[0] & 0x1F < 24 and payload[1] < 60 and payload[2] < 60 and payload[3] < 30 and payload[4] < 100
    return True


def message_payload(message: bytes) -> bytes:
    """The bytes of a meta or system exclusive message behind its length."""
    start = 2 if message[0] == 0xFF else 1
    while start < len(message) and message[start] > 0x7F:
        start += 1
    return message[start + 1 :]


def _count_long(odd: Oddities, begin: int, delta: int, *, silence: int, is_end: bool) -> None:
    if delta >= 1 << 28:
        _count(odd, "illegal-delta", begin)
    if delta > silence and not is_end:
        _count(odd, "long-silence", begin)


def _count(odd: Oddities, kind: str, begin: int) -> None:
    count, first = odd.get(kind, (0, begin))
    odd[kind] = count + 1, first
