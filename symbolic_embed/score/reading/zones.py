"""Zones: one instrument on many channels (MIDI Polyphonic Expression, MMA M1-100, 2018).

So that each note can be bent and pressed by itself, controllers send each on a channel of its own. A *zone* is a master
channel, whose messages count for all of its notes, and its member channels: the lower zone has channel 1 for master and
2, 3, 4 ... for members, the upper one channel 16 and 15, 14, 13 ... How many members it has is said on the master by
registered parameter 6: controllers 101 = 0, 100 = 6, then 6 = the number; 0 puts an end to the zone. A zone that is
made larger takes the channels that it needs from the other.

A file is taken to have the zones that hold at the first note of its chunk, or, where they are made later, those that
are made first. Whether it is worth looking the bytes of a chunk tell at once (`may_have_zones`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symbolic_embed.score.reading.ports import address, ports_in_force
from symbolic_embed.score.reading.walking import Event

LOWER, UPPER = 0, 15  # the channels of the masters
MOST_MEMBERS = 15
PARAMETER_COARSE, PARAMETER_FINE, DATA = 101, 100, 6
UNREGISTERED = (98, 99)
MPE_CONFIGURATION = {PARAMETER_COARSE: 0, PARAMETER_FINE: 6}


class Zone(NamedTuple):
    """A master's address, and the addresses of its members, the nearest to it first."""

    master: int
    members: tuple[int, ...]

    @property
    def addresses(self) -> tuple[int, ...]:
        """All of them, the master first."""
        return (self.master, *self.members)


class Setting(NamedTuple):
    """That the zone of a master has so many members from an event of its chunk on."""

    position: int
    port: int
    master: int
    members: int


def may_have_zones(body: bytes) -> bool:
    """False only if a track chunk certainly makes no zone: a controller's number and value stand side by side,
    whatever is left out around them."""
    return b"\x64\x06" in body and b"\x65\x00" in body


def zones_of(events: Sequence[Event]) -> tuple[Zone, ...]:
    """The zones that one chunk makes, the lower ones first."""
    if not any(message[1:] == b"\x64\x06" for _, message in events):
        return ()
    settings = list(_settings(events))
    first = next((n for n, (_, message) in enumerate(events) if message[0] & 0xF0 == 0x90 and message[2]), len(events))
    before = [setting for setting in settings if setting.position < first] or settings[:1]
    sizes: dict[tuple[int, int], int] = {}
    for _, port, master, members in before:
        sizes[port, master] = members
        other = (port, LOWER + UPPER - master)
        sizes[other] = max(min(sizes.get(other, 0), MOST_MEMBERS - 1 - members), 0) if members else sizes.get(other, 0)
    return tuple(_zone(*place, size) for place, size in sorted(sizes.items()) if size)


def _zone(port: int, master: int, members: int) -> Zone:
    step = 1 if master == LOWER else -1
    return Zone(address(port, master), tuple(address(port, master + step * n) for n in range(1, members + 1)))


def _settings(events: Sequence[Event]) -> Iterator[Setting]:
    """What is said of zones, in order."""
    chosen: dict[tuple[int, int], dict[int, int]] = {}  # of each channel the parameter that its data are for
    for position, (port, (_, message)) in enumerate(zip(ports_in_force(events), events, strict=True)):
        if message[0] & 0xF0 != 0xB0 or message[0] & 0x0F not in (LOWER, UPPER):
            continue
        channel, controller, value = message[0] & 0x0F, message[1], message[2]
        parameter = chosen.setdefault((port, channel), {})
        if controller in (PARAMETER_COARSE, PARAMETER_FINE):
            parameter[controller] = value
        elif controller in UNREGISTERED:
            parameter.clear()
        elif controller == DATA and parameter == MPE_CONFIGURATION and value <= MOST_MEMBERS:
            yield Setting(position, port, channel, value)
