"""A whole file in another key or at another tempo: every event that says so changes where it stands, no other does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symbolic_embed.score.editing.in_place import add_conductor
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, TEMPO
from symbolic_embed.score.reading.timebase import TEMPO_120
from symbolic_embed.score.reading.walking import Event, message_payload
from symbolic_embed.score.score import DRUM_CHANNEL, KeySignature, Tempo
from symbolic_embed.score.writing.layout import conductor_event

LONGEST_QUARTER = 2**24 - 1  # microseconds, as much as three bytes hold


def transposed(events: EventList, semitones: int) -> EventList:
    """`events` with every note of the pitched parts (and its aftertouch) moved, and the key signatures with them. A
    pitch that would leave 0 to 127 is moved by an octave more to stay inside. Keyswitches stay."""
    if not semitones:
        return events
    tracks, stays = [], set()
    for part in events.parts():
        tracks.append(part.track)
        stays |= {(part.track.chunk, index) for index in part.keyswitch_events}
    is_drum = {(track.chunk, place % 16): track.is_drum for track in tracks for place in track.addresses}
    of_channel = {DRUM_CHANNEL: True} | {place % 16: track.is_drum for track in tracks for place in track.addresses}

    def moved(event: Event, chunk: int) -> Event:
        message = event.message
        channel = message[0] & 0x0F
        if 0x80 <= message[0] < 0xB0 and not is_drum.get((chunk, channel), of_channel.get(channel)):
            pitch = message[1] + semitones
            pitch += 12 if pitch < 0 else -12 if pitch > 127 else 0
            return Event(event.tick, bytes([message[0], pitch, *message[2:]]))
        if _is_meta(event, KEY_SIGNATURE, length=2):
            sharps, minor = message_payload(message)
            fifths = (sharps - 256 * (sharps > 127) + 7 * semitones + 5) % 12 - 5  # five flats to six sharps
            return conductor_event(KeySignature(event.tick, fifths, bool(minor)))
        return event

    chunks = tuple(
        tuple(event if (chunk, place) in stays else moved(event, chunk) for place, event in enumerate(of_chunk))
        for chunk, of_chunk in enumerate(events.chunks)
    )
    return replace(events, chunks=chunks)


def at_tempo_times(events: EventList, factor: float) -> EventList:
    """`events` at `factor` times its tempo throughout; a file that names no tempo at tick 0 does so afterwards. Slower
    than a tempo event can say (a quarter of 16.8 seconds) is as slow as it can."""

    def changed(event: Event) -> Event:
        if not _is_meta(event, TEMPO, length=3):
            return event
        lasts = int.from_bytes(message_payload(event.message), "big")
        return conductor_event(Tempo(event.tick, min(max(round(lasts / factor), 1), LONGEST_QUARTER)))

    if not any(event.tick == 0 and _is_meta(event, TEMPO, length=3) for chunk in events.chunks for event in chunk):
        events = add_conductor(events, [Tempo(0, TEMPO_120)])
    return _mapped(events, changed) if factor != 1.0 else events


def _mapped(events: EventList, change: Callable[[Event], Event]) -> EventList:
    return replace(events, chunks=tuple(tuple(map(change, chunk)) for chunk in events.chunks))


def _is_meta(event: Event, kind: int, *, length: int) -> bool:
    message = event.message
    return message[0] == 0xFF and message[1] == kind and len(message_payload(message)) == length
