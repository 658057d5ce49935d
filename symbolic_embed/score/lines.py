"""What a file sends beside notes, address by address, and which addresses are one instrument.

An *address* is a port and a channel of it (`reading.ports`). An *MPE zone* is one instrument on many of them, a note on
each: RPN 6 on channel 1 or 16 says how many channels beside it belong to it. What a member is left with at the end, its
bend above all, is what its last note was played with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from symbolic_embed.score.events import EventList

RPN_COARSE, RPN_FINE, DATA = 101, 100, 6
MPE_CONFIGURATION = (0, 6)  # the RPN that makes a zone
MANAGERS = {0: range(1, 16), 15: range(14, -1, -1)}  # and their members, the nearest first


class Sent(NamedTuple):
    """A channel message: when, from which chunk, what."""

    tick: int
    chunk: int
    message: bytes


Streams = Mapping[int, Sequence[Sent]]


def streams(events: EventList, addresses: Iterable[int]) -> Streams:
    """What all chunks together send to each address, in time, without notes; `addresses` come with nothing sent as
    well."""
    to_address: dict[int, list[Sent]] = {address: [] for address in addresses}
    for chunk, (said, ports) in enumerate(zip(events.chunks, events.ports, strict=True)):
        for (tick, message), port in zip(said, ports, strict=True):
            if 0xA0 <= message[0] < 0xF0:
                to_address.setdefault(port << 4 | message[0] & 0x0F, []).append(Sent(tick, chunk, message))
    return {address: sorted(sent, key=lambda event: event.tick) for address, sent in sorted(to_address.items())}


def managers(sent_to: Streams) -> dict[int, int]:
    """Of each member of an MPE zone the address that manages it."""
    managed: dict[int, int] = {}
    for address, sent in sent_to.items():
        port, channel = divmod(address, 16)
        for number in range(_zone_size(sent) if channel in MANAGERS else 0):
            managed[port << 4 | MANAGERS[channel][number]] = address
    return managed


def _zone_size(sent: Iterable[Sent]) -> int:
    """How many members the last configuration at an address asks for; 0 without one."""
    size, chosen = 0, [127, 127]
    for _, _, message in sent:
        if message[0] & 0xF0 != 0xB0:
            continue
        if message[1] in (RPN_COARSE, RPN_FINE):
            chosen[RPN_COARSE - message[1]] = message[2]
        elif message[1] == DATA and tuple(chosen) == MPE_CONFIGURATION:
            size = min(message[2], 15)
    return size
