"""An MPE zone in a file that is laid out anew: one instrument, so one chunk, event for event as it was.

Which note sounds on which of its channels, with which bend, is what was played: nothing of it is moved but to a port
where all the zone's channels are free, and to the ticks of the new division.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symbolic_embed.files.names import ascii_name
from symbolic_embed.score.events import EventList
from symbolic_embed.score.lines import MPE_CONFIGURATION, RPN_FINE, managers, streams
from symbolic_embed.score.reading.pairing import NEVER
from symbolic_embed.score.reading.ports import address, port_event
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event
from symbolic_embed.score.score import Track
from symbolic_embed.score.writing.layout import RELEASE_VELOCITY, meta_event


class Zone(NamedTuple):
    """The notes that a chunk plays in a zone: on which port, on which channels, the manager's among them."""

    chunk: int
    port: int
    channels: frozenset[int]


def zones_of(events: EventList, tracks: Sequence[Track]) -> list[Zone]:
    """The zones in which something plays, by chunk. A zone is of the chunk that configures it, if that plays in it."""
    members = managers(streams(events, []))
    found = []
    for track in tracks:
        manager = members.get(track.address, track.address)
        channels = {member % 16 for member, of in members.items() if of == manager}
        if channels:
            found.append(Zone(track.chunk, track.port, frozenset({*channels, manager % 16})))
    own = {zone for zone in found if _configures(events.chunks[zone.chunk], zone)}
    places = {(zone.port, zone.channels) for zone in own}
    return [zone for zone in dict.fromkeys(found) if zone in own or (zone.port, zone.channels) not in places]


def _configures(chunk: Sequence[Event], zone: Zone) -> bool:
    """Whether a chunk sends the parameter number of a zone's configuration on one of its channels."""
    number = bytes((RPN_FINE, MPE_CONFIGURATION[1]))
    sent = (message for _, message in chunk if message[0] & 0xF0 == 0xB0 and message[0] & 0x0F in zone.channels)
    return any(message[1:] == number for message in sent)


def zone_chunk(events: EventList, zone: Zone, *, port: int, end: int) -> tuple[Event, ...]:
    """The chunk of a zone on a port: its notes, and what chunks without notes of their own send on its channels."""
    body = []
    for index, (chunk, ports) in enumerate(zip(events.chunks, events.ports, strict=True)):
        for event, at in zip(chunk, ports, strict=True):
            status, channel = event.message[0] & 0xF0, event.message[0] & 0x0F
            if status == 0xF0 or at != zone.port or channel not in zone.channels or max(event.message[1:]) > 0x7F:
                continue
            if index == zone.chunk or (status >= 0xA0 and address(at, channel) not in events.notes()[index]):
                body.append((event.tick, index != zone.chunk, event))
    body += [(event.tick, False, event) for event in _ends(events, zone)]
    said = [event for _, _, event in sorted(body, key=lambda one: one[:2])]
    name = next((track.name for track in events.score().tracks if track.chunk == zone.chunk), "")
    head = [meta_event(0, TRACK_NAME, (ascii_name(name) or "MPE").encode("ascii"))]
    head += [port_event(0, port)] if port else []
    return (*head, *said, Event(max(end, said[-1].tick), END_OF_TRACK))


def _ends(events: EventList, zone: Zone) -> Iterator[Event]:
    """Note-offs for notes of a zone that never end."""
    for channel in zone.channels:
        notes = events.notes()[zone.chunk].get(address(zone.port, channel))
        if notes is None:
            continue
        for index in (notes.off_events == NEVER).nonzero()[0]:
            tick = int(notes.onset_ticks[index] + notes.duration_ticks[index])
            yield Event(tick, bytes((0x80 | channel, int(notes.pitch[index]), RELEASE_VELOCITY)))
