"""What goes with the notes of a part into its new chunk: controllers, programmes, texts, system exclusive messages.

A message reaches every part that was heard at its address, one a new address: two tracks of one channel both get the
pedal, now that each has its own. Banks and programmes stay with the part of their own chunk where it chooses any.
System exclusive messages go to the conductor's chunk, and into a chunk of every further port, where another device
listens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symbolic_embed.files.names import ascii_name
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, MARKER, TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.ports import PORT
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event, message_payload
from symbolic_embed.score.score import Track
from symbolic_embed.score.writing.layout import meta_event

CHANNEL_PREFIX = 0x20
SAID_ANEW = (TRACK_NAME, CHANNEL_PREFIX, PORT, END_OF_TRACK[1], TEMPO, TIME_SIGNATURE, KEY_SIGNATURE)
OF_THE_PIECE = (0x00, 0x02, 0x54, MARKER)  # sequence number, copyright, film time of the beginning, markers
BANKS = (0, 32)
CONDUCTOR = None  # beside the numbers of parts


class Carried(NamedTuple):
    """An event for a part; whether it stood behind the note-on that begins the part, at its tick."""

    event: Event
    is_behind: bool = False


@dataclass(frozen=True, eq=False)
class Moving:
    """A file whose `tracks` move, each to its address; of each the index of its first note-on in its chunk."""

    events: EventList
    tracks: Sequence[Track]
    addresses: Sequence[int]
    first_on: Sequence[int]


def channel_messages(moving: Moving) -> dict[int, list[Carried]]:
    """For each part the channel messages beside its notes, on its new channel, in time."""
    tracks = moving.tracks
    parts: dict[int, list[int]] = defaultdict(list)
    for number, track in enumerate(tracks):
        parts[track.address].append(number)
    sent = sorted(_sent(moving.events), key=lambda one: one[0])
    choosing = {(chunk, address) for _, chunk, _, address, message in sent if message[0] & 0xF0 == 0xC0}
    of_part: dict[int, list[Carried]] = defaultdict(list)
    for tick, chunk, index, address, message in sent:
        reached = parts.get(address, [])
        if chooses(message):
            reached = [n for n in reached if tracks[n].chunk == chunk or (tracks[n].chunk, address) not in choosing]
        elif message[0] & 0xF0 == 0xA0:  # pressure of one key
            reached = [n for n in reached if tracks[n].chunk == chunk] or reached
        for number in _one_an_address(reached, chunk, moving):
            said = Event(tick, bytes((message[0] & 0xF0 | moving.addresses[number] & 0x0F,)) + message[1:])
            is_own = tracks[number].chunk == chunk
            of_part[number].append(Carried(said, is_own and index > moving.first_on[number]))
    return of_part


def _sent(events: EventList) -> Iterator[tuple[int, int, int, int, bytes]]:
    """All channel messages but notes, with legal data, as (tick, chunk, index, address, message)."""
    for chunk, (said, ports) in enumerate(zip(events.chunks, events.ports, strict=True)):
        for index, ((tick, message), port) in enumerate(zip(said, ports, strict=True)):
            if 0xA0 <= message[0] < 0xF0 and max(message[1:]) < 0x80:
                yield tick, chunk, index, port << 4 | message[0] & 0x0F, message


def chooses(message: bytes) -> bool:
    """Whether a message chooses a bank or a programme."""
    return message[0] & 0xF0 == 0xC0 or is_bank(message)


def is_bank(message: bytes) -> bool:
    return message[0] & 0xF0 == 0xB0 and message[1] in BANKS


def _one_an_address(reached: Sequence[int], chunk: int, moving: Moving) -> list[int]:
    """Of the parts that a message reaches, one a new address: that of the message's own chunk, else the first."""
    chosen: dict[int, int] = {}
    for number in sorted(reached, key=lambda number: (moving.tracks[number].chunk != chunk, number)):
        chosen.setdefault(moving.addresses[number], number)
    return sorted(chosen.values())


def texts(moving: Moving) -> dict[int | None, list[Event]]:
    """Texts, system exclusive messages and unknown metas: by part, or CONDUCTOR for the conductor's chunk."""
    first_part = {track.chunk: number for number, track in reversed(list(enumerate(moving.tracks)))}
    of_part: dict[int | None, list[Event]] = defaultdict(list)
    title = _title(moving.events, first_part)
    if title:
        of_part[CONDUCTOR].append(meta_event(0, TRACK_NAME, title.encode("ascii")))
    listeners = _listeners(moving)
    for index, (chunk, ports) in enumerate(zip(moving.events.chunks, moving.events.ports, strict=True)):
        for (tick, message), port in zip(chunk, ports, strict=True):
            if message[0] in (0xF0, 0xF7):
                for listener in listeners.get(port, [CONDUCTOR]):
                    of_part[listener].append(Event(tick, message))
            elif message[0] == 0xFF and message[1] in OF_THE_PIECE:
                of_part[CONDUCTOR].append(Event(tick, message))
            elif message[0] == 0xFF and message[1] not in SAID_ANEW:
                of_part[first_part.get(index)].append(Event(tick, message))
    return {number: sorted(said, key=lambda event: event.tick) for number, said in of_part.items()}


def _listeners(moving: Moving) -> dict[int, list[int | None]]:
    """For each port as it was, who passes system exclusive messages on to the ports that its parts are on now."""
    first_of_port: dict[int, int | None] = {0: CONDUCTOR}
    listeners: dict[int, list[int | None]] = {}
    for number, (track, address) in enumerate(zip(moving.tracks, moving.addresses, strict=True)):
        listener = first_of_port.setdefault(address >> 4, number)
        there = listeners.setdefault(track.port, [])
        if listener not in there:
            there.append(listener)
    return listeners


def _title(events: EventList, first_part: dict[int, int]) -> str:
    """What the first chunk is called, where that is the name of the piece and not of a part."""
    names = (message_payload(message) for _, message in events.chunks[0] if message[:2] == bytes((0xFF, TRACK_NAME)))
    name = ascii_name(text_of(next(names, b""))) if events.chunks else ""
    return name if 0 not in first_part or events.format == 0 else ""
