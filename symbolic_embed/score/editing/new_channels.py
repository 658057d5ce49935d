"""Where a new part can play in a file that has parts of its own.

A tune gets a channel on which nothing is sent. Drums get the tenth (9, counted from 0), unless the file uses that one
for a tune: then they join a kit that plays elsewhere, or a free channel is made one, in the way of the file's standard:
by a message of Roland's GS or Yamaha's XG where the file begins with a reset of that, else by the bank of GM2.
"""

from __future__ import annotations

from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.drums import BANK, GS_BLOCKS, PART_MODE, RHYTHM_PART, Reset, settings
from symbolic_embed.score.reading.ports import address, addresses_in_force
from symbolic_embed.score.reading.walking import Event
from symbolic_embed.score.score import DRUM_CHANNEL, Notes, Track
from symbolic_embed.score.writing.channels import MELODIC_CHANNELS, nearest_channel

KIT_BANK = 120  # of GM2
LAST_PORT = 127


def free_place(events: EventList, track: Track) -> int:
    """The address of the track's own channel if nothing is sent there, else a free one, of the lowest port that has
    one; else the one it shares best. Parts on many channels share with nobody: where they take all, a new port is
    opened."""
    of_many = _of_many(events)
    used = _used(events) | of_many
    ports = sorted({place // 16 for place in used}) or [0]
    if of_many and ports[-1] < LAST_PORT:
        ports.append(ports[-1] + 1)
    for port in ports:
        free = [channel for channel in (track.channel, *MELODIC_CHANNELS) if address(port, channel) not in used]
        if free:
            return address(port, free[0])
    there = [(part.track.channel, part.track) for part in events.parts() if part.track.port == ports[0]]
    return address(ports[0], nearest_channel(track.program, there))


def kit_place(events: EventList) -> tuple[int, tuple[Event, ...]]:
    """The address of a channel for drums, and the messages that make it one, where it is none."""
    of_many = _of_many(events)
    ports = sorted({place // 16 for place in _used(events) | of_many}) or [0]
    port = next(one for one in (*ports, ports[-1] + 1) if address(one, DRUM_CHANNEL) not in of_many)
    tracks = [part.track for part in events.parts() if part.track.port == port]
    if all(track.is_drum for track in tracks if track.channel == DRUM_CHANNEL):
        return address(port, DRUM_CHANNEL), ()
    kits = [track.address for track in tracks if track.is_drum]
    if kits:
        return kits[0], ()
    place = free_place(events, Track(Notes.none(), channel=MELODIC_CHANNELS[-1]))
    return place, _made_kit(place % 16, *_last_reset(events))


def _of_many(events: EventList) -> set[int]:
    """The addresses of parts that play on several channels."""
    return {place for part in events.parts() if part.track.members for place in part.track.addresses}


def _used(events: EventList) -> set[int]:
    """The addresses to which something is sent."""
    return {place for chunk in events.chunks for place in addresses_in_force(chunk) if place >= 0}


def _last_reset(events: EventList) -> tuple[int, str]:
    """When the synthesiser was last reset, and by which standard; at tick 0 by none."""
    resets = [
        (one.tick, chunk, said.standard)
        for chunk, messages in enumerate(events.drum_messages())
        for one in messages.sent
        for said in settings(one.message)
        if isinstance(said, Reset)
    ]
    tick, _, standard = max(resets, key=lambda reset: reset[:2], default=(0, 0, ""))
    return tick, standard


def _made_kit(channel: int, tick: int, standard: str) -> tuple[Event, ...]:
    """The messages that make a channel one for drums."""
    if standard == "GS":
        data = bytes((0x40, 0x10 | GS_BLOCKS.index(channel), RHYTHM_PART, 1))
        return (_exclusive(tick, b"\x41\x10\x42\x12" + data + bytes([-sum(data) & 0x7F])),)
    if standard == "XG":
        return (_exclusive(tick, bytes((0x43, 0x10, 0x4C, 0x08, channel, PART_MODE, 1))),)
    return (Event(0, bytes((0xB0 | channel, BANK, KIT_BANK))),)


def _exclusive(tick: int, data: bytes) -> Event:
    return Event(tick, bytes((0xF0, len(data) + 1)) + data + b"\xf7")
