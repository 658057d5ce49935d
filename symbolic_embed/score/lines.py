"""What a file sends on each line, and which lines are one instrument.

A *line* is a cable of sixteen channels, and a channel of it. Which cable a chunk plays on is said by a port (meta 21,
0 where none stands). Two parts on channel 1 of different ports are two instruments, and nothing of one is heard on the
other.

An *MPE zone* is one instrument on many lines, a note on each: RPN 6 on channel 1 or 16 says how many channels beside it
belong to it. What a member is left with at the end, its bend above all, is what its last note was played with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.walking import Event

PORT = 0x21
RPN_COARSE, RPN_FINE, DATA = 101, 100, 6
MPE_CONFIGURATION = (0, 6)  # the RPN that makes a zone
MANAGERS = {0: range(1, 16), 15: range(14, -1, -1)}  # and their members, the nearest first


class Line(NamedTuple):
    """A port and a channel, both from 0."""

    port: int
    channel: int


class Sent(NamedTuple):
    """A channel message: when, from which chunk, what."""

    tick: int
    chunk: int
    message: bytes


Streams = Mapping[Line, Sequence[Sent]]


def port_of(events: Iterable[Event]) -> int:
    """The port of a chunk: the first it names, else 0."""
    ports = (message[-1] for _, message in events if message[:2] == bytes((0xFF, PORT)) and len(message) > 3)
    return next(ports, 0)


def streams(events: EventList, lines: Iterable[Line], ports: Sequence[int]) -> Streams:
    """What all chunks together send on each line, in time, without notes; `lines` come with nothing sent as well."""
    of_line: dict[Line, list[Sent]] = {line: [] for line in lines}
    for chunk, said in enumerate(events.chunks):
        for tick, message in said:
            if 0xA0 <= message[0] < 0xF0:
                of_line.setdefault(Line(ports[chunk], message[0] & 0x0F), []).append(Sent(tick, chunk, message))
    return {line: sorted(sent, key=lambda event: event.tick) for line, sent in sorted(of_line.items())}


def managers(sent_on: Streams) -> dict[Line, Line]:
    """Of each member of an MPE zone the line that manages it."""
    managed: dict[Line, Line] = {}
    for line, sent in sent_on.items():
        for number in range(_zone_size(sent) if line.channel in MANAGERS else 0):
            managed[Line(line.port, MANAGERS[line.channel][number])] = line
    return managed


def _zone_size(sent: Iterable[Sent]) -> int:
    """How many members the last configuration on a line asks for; 0 without one."""
    size, chosen = 0, [127, 127]
    for _, _, message in sent:
        if message[0] & 0xF0 != 0xB0:
            continue
        if message[1] in (RPN_COARSE, RPN_FINE):
            chosen[RPN_COARSE - message[1]] = message[2]
        elif message[1] == DATA and tuple(chosen) == MPE_CONFIGURATION:
            size = min(message[2], 15)
    return size
