"""The events of a file in the order in which a sequencer plays them, each with the address that it is sent to.

Chunks play side by side: by tick, at one tick by chunk, in a chunk as they stand there. An address is port and channel
in one number (`reading.ports`).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.ports import ports_in_force
from symbolic_embed.score.reading.walking import Event


class Played(NamedTuple):
    """An event as it is played: its tick, where it stands (chunk, place in it), the port of its chunk, its message."""

    tick: int
    chunk: int
    place: int
    port: int
    message: bytes

    @property
    def address(self) -> int:
        """Of a channel message."""
        return self.port << 4 | self.message[0] & 0x0F


def in_playing_order(events: EventList) -> Iterator[Played]:
    """Every event of every chunk."""
    return merge(*(_of_chunk(number, chunk) for number, chunk in enumerate(events.chunks)))


def _of_chunk(number: int, chunk: tuple[Event, ...]) -> Iterator[Played]:
    for place, ((tick, message), port) in enumerate(zip(chunk, ports_in_force(chunk), strict=True)):
        yield Played(tick, number, place, port, message)
