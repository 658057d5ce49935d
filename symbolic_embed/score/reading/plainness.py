"""Is a track chunk plain? Looks at its raw bytes, each a single pass in C.

A plain chunk obeys the grammar of `walking.py` in every point that symusic does not check: metas have their proper
lengths, the only end-of-track stands at the end, no running status crosses a meta, system exclusive messages hold seven
bits a byte, no byte has a status that files may not have, and no ticks can pass 2**31. The quick looks say "yes" to
most chunks. Where they doubt (a byte that could be an illegal status could also be part of a long delta) the whole
chunk is held against the grammar, written as a regular expression without backtracking. It knows running status: after
a status byte come its data, then any number of deltas and data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from symbolic_embed.score.reading.conductor import CONDUCTOR_TYPES
from symbolic_embed.score.reading.walking import END_OF_TRACK, META_LENGTH, TRACK_NAME

MAX_RESERVED = 32_000_000  # bytes: symusic reserves room for a chunk's notes once for each programme in it
TEXTS = range(0x01, 0x08)
NEVER_PLAIN = frozenset([0x2F, *range(0x80, 0x100)])  # an end-of-track that is not the last event, and no meta at all
JUDGED_METAS = (0x20, 0x54)  # channel prefix and SMPTE offset: not every value is legal
_BUT_SYSTEM = bytes(range(0xF0)) + b"\xff"  # what to delete to see whether F0 to FE occur
_BUT_PROGRAMS = bytes(range(0xC0)) + bytes(range(0xD0, 0x100))


class Looks(NamedTuple):
    """What was seen in a plain chunk: track names and conductor's events (meta type and data), in order."""

    names: list[bytes]
    conductor: list[tuple[int, bytes]]


def looks(body: bytes) -> Looks | None:
    """What a plain chunk's meta events hold; None where the chunk is not plain, or may not be."""
    too_long, long_delta = _long_deltas(body)
    if too_long or not body.endswith(END_OF_TRACK) or not _fits_memory(body):
        return None
    seen = Looks([], [])
    texts: list[tuple[int, int]] = []
    doubtful = False
    for begin, start, stop in _metas(body):
        if stop < 0:
            doubtful = True
            continue
        kind, data = body[begin + 1], body[start:stop]
        if kind in CONDUCTOR_TYPES:
            seen.conductor.append((kind, data))
        elif kind == TRACK_NAME:
            seen.names.append(data)
        if kind in TEXTS and (not data.isascii() or stop - start > 0x7F) and _is_utf8(data):
            texts.append((begin, stop))
        doubtful = doubtful or kind in JUDGED_METAS
    if texts:
        body = _without(body, texts)
        long_delta = _long_deltas(body)[1]
    doubtful = doubtful or long_delta or bool(body.translate(None, _BUT_SYSTEM))
    return seen if not doubtful or GRAMMAR.fullmatch(body) else None


def _metas(body: bytes) -> Iterator[tuple[int, int, int]]:
    """For each FF byte but the last where it stands, and where the data of the meta event begin and end that it seems
    to begin; -1 for the end where it cannot be one (then it should be part of a delta, which the grammar finds out)."""
    end = len(body) - 3
    begin = body.find(b"\xff")
    while begin < end:
        start = begin + 3
        length = body[begin + 2]
        if length > 0x7F:
            length = (length & 0x7F) << 7 | body[start]
            start += 1
        stop = start + length
        kind = body[begin + 1]
        fits = kind not in NEVER_PLAIN and stop < end and META_LENGTH.get(kind, length) == length
        if not fits or not _status_follows(body, stop):
            stop = -1
        yield begin, start, stop
        begin = body.find(b"\xff", begin + 1)


def _status_follows(body: bytes, begin: int) -> bool:
    """Whether the event at `begin` has a status byte of its own, after a delta of at most three bytes."""
    for position in range(begin, begin + 3):
        if body[position] < 0x80:
            return body[position + 1] > 0x7F
    return False


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without(body: bytes, texts: list[tuple[int, int]]) -> bytes:
    """The chunk with an empty text in place of each of `texts`."""
    if not texts:
        return body
    begins = [0, *(stop for _, stop in texts)]
    stops = [*(begin for begin, _ in texts), len(body)]
    return b"\xff\x01\0".join(body[begin:stop] for begin, stop in zip(begins, stops, strict=True))


def _long_deltas(body: bytes) -> tuple[bool, bool]:
    """Whether the ticks might pass 2**31 (a delta of n bytes is below 2**(7 n)), and whether two bytes above 7F stand
    in a row: in a delta of three bytes, or where a status byte follows another instead of data, which symusic takes for
    that of a pitch bend."""
    high = np.frombuffer(body, np.int8) < 0
    pairs = high[:-1] & high[1:]
    count = int(np.count_nonzero(pairs))
    too_long = (count << 21) + (int(np.count_nonzero(high)) << 14) + (len(body) << 7) >= 1 << 31
    return too_long, bool(count)


def _fits_memory(body: bytes) -> bool:
    """Whether symusic, which reserves a chunk's size for each programme in it, would keep within MAX_RESERVED."""
    if len(body) <= MAX_RESERVED >> 11:
        return True
    return min(len(body.translate(None, _BUT_PROGRAMS)), 1 << 11) * len(body) <= MAX_RESERVED


def _lengths(data: bytes, last: bytes = b"") -> bytes:
    """A pattern for a length byte from 1 to 127 and that many times `data`, the last time `last`."""
    return b"|".join(re.escape(bytes([n])) + data + b"{%d}" % (n - len(last[:1])) + last for n in range(1, 128))


def _grammar() -> re.Pattern[bytes]:
    """The grammar of a plain chunk: groups of a delta, a status and what belongs to it; then end-of-track."""
    delta, data = rb"[\x80-\xff]{0,2}+[\x00-\x7f]", rb"[\x00-\x7f]"
    two = rb"[\x80-\xbf\xe0-\xef]" + data * 2 + b"(?:" + delta + data * 2 + b")*+"
    one = rb"[\xc0-\xdf]" + data + b"(?:" + delta + data + b")*+"
    numbers = rb"\xff(?:\x00\x02.{2}|\x20\x01[\x00-\x0f]|\x21\x01.|\x51\x03.{3}|\x58\x04.{4}|\x59\x02.{2})"
    offset = rb"\xff\x54\x05[\x00-\x17\x20-\x37\x40-\x57\x60-\x77][\x00-\x3b]{2}[\x00-\x1d][\x00-\x63]"
    texts = rb"\xff[\x01-\x1f\x22-\x2e\x30-\x50\x52\x53\x55-\x57\x5a-\x7f](?:\x00|" + _lengths(b".") + b")"
    exclusive = rb"\xf0(?:\x00|" + _lengths(data, rb"[\x00-\x7f\xf7]") + b")"
    event = b"|".join([two, one, numbers, offset, texts, exclusive])
    return re.compile(b"(?:" + delta + b"(?:" + event + b"))*+" + delta + re.escape(END_OF_TRACK), re.DOTALL)


GRAMMAR = _grammar()
