"""A file laid out anew, as any DAW expects it, with everything in it that sounds or says something.

A seed keeps its own layout (`editing.in_place`), and what we create has ours (`layout.py`). Here a file of any layout
is brought into ours, without losing what a score does not hold:

* first a chunk that only conducts: title, tempo, metre, key, markers, system exclusive messages;
* then one chunk a part, on a channel of its own, named in ASCII (after its instrument where it has no name), the bank
  and programme of its first note at tick 0; drums on the tenth channel, unless they would be another kit there;
* controllers, pedals, bends and pressure go to every part that they were heard on: two tracks of one channel both get
  the pedal, now that each has its own channel. Lyrics and other texts stay with the first part of their chunk;
* 480 ticks a quarter where every event falls on one, else 960;
* each note ends, and no pitch sounds twice at once on a channel.

Left out are messages on channels on which nothing plays, channel prefixes and ports (their channels are others now),
messages with data bytes above 127, and tempi after the last note. Doing it twice equals doing it once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.files.names import ascii_name
from symbolic_embed.score.events import EventList
from symbolic_embed.score.instruments import instrument_name
from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, MARKER, TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.drums import switched_channels
from symbolic_embed.score.reading.ports import PORT, addresses_in_force
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event, message_payload
from symbolic_embed.score.score import KeySignature, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.channels import assigned_channels, kept_channels
from symbolic_embed.score.writing.layout import meta_event, score_to_events

COARSE, FINE = 480, 960  # ticks a quarter
CHANNEL_PREFIX = 0x20
SAID_ANEW = (TRACK_NAME, CHANNEL_PREFIX, PORT, END_OF_TRACK[1], TEMPO, TIME_SIGNATURE, KEY_SIGNATURE)
OF_THE_PIECE = (0x00, 0x02, 0x54, MARKER)  # sequence number, copyright, film time of the beginning, markers
BANKS = (0, 32)

Signature = TypeVar("Signature", Tempo, TimeSignature, KeySignature)


def normalised(events: EventList) -> EventList:
    """The same music in our layout. Raises MidiError where the events cannot be a piece of music."""
    score = events.score()
    division = _division(events, score)
    scaled = _scaled(replace(score, tracks=_named(score.tracks), markers=()), division)
    kept = kept_channels(score.tracks, switched_channels(events.drum_messages()))
    laid_out = score_to_events(scaled, kept=kept)
    sent = _sent(events, score.tracks, assigned_channels(scaled.tracks, kept=kept))
    texts = _texts(events, score.tracks)
    chunks = [_merged(laid_out.chunks[0], _rescaled(texts[None], score.division, division), Notes.none())]
    for number, track in enumerate(scaled.tracks):
        more = _rescaled([*texts[number], *sent[number]], score.division, division)
        chunks.append(_merged(laid_out.chunks[number + 1], more, track.notes))
    return EventList(division, tuple(chunks), format=1, source=events.source)


def _division(events: EventList, score: Score) -> int:
    """Ticks a quarter of the result."""
    ticks = np.array(sorted({event.tick for chunk in events.chunks for event in chunk[:-1]}), np.int64)
    return COARSE if (_ticks(ticks, score.division, FINE) % 2 == 0).all() else FINE


def _ticks(ticks: NDArray[np.int64], before: int, after: int) -> NDArray[np.int64]:
    """Ticks in another division, rounded."""
    return (ticks * 2 * after + before) // (2 * before)


def _scaled(score: Score, division: int) -> Score:
    """The score in another division. Of two tempi, metres or keys that fall on one tick the last stays."""

    def at(tick: int) -> int:
        return int(_ticks(np.array(tick), score.division, division))

    def moved(values: Sequence[Signature]) -> tuple[Signature, ...]:
        return tuple({at(value.tick): replace(value, tick=at(value.tick)) for value in values}.values())

    tracks = []
    for track in score.tracks:
        onset, offset = (
            _ticks(ticks, score.division, division) for ticks in (track.notes.onset_ticks, track.notes.offset_ticks)
        )
        notes = Notes.of(onset, np.maximum(offset - onset, 1), track.notes.pitch, track.notes.velocity)
        tracks.append(replace(track, notes=notes))
    return replace(
        score,
        division=division,
        tracks=tuple(tracks),
        tempi=moved(score.tempi),
        time_signatures=moved(score.time_signatures),
        key_signatures=moved(score.key_signatures),
        has_grid=True,
        length_ticks=None if score.length_ticks is None else at(score.length_ticks),
    )


def _rescaled(events: Sequence[Event], before: int, after: int) -> list[Event]:
    return [Event(int(_ticks(np.array(tick), before, after)), message) for tick, message in events]


def _named(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The parts with a name each; those of one chunk, which share one, numbered."""
    in_chunk: dict[int, list[int]] = defaultdict(list)
    for number, track in enumerate(tracks):
        in_chunk[track.chunk].append(number)
    named = []
    for number, track in enumerate(tracks):
        name = ascii_name(track.name) or instrument_name(track.program, is_drum=track.is_drum)
        mates = in_chunk[track.chunk]
        named.append(replace(track, name=name if len(mates) == 1 else f"{name} {mates.index(number) + 1}"))
    return tuple(named)


def _sent(events: EventList, tracks: Sequence[Track], channels: Sequence[int]) -> dict[int, list[Event]]:
    """For each part the channel messages beside its notes, on its new channel, in time."""
    parts: dict[int, list[int]] = defaultdict(list)
    for number, track in enumerate(tracks):
        parts[track.address].append(number)
    choosing = {(index, address) for _, index, address, message in _in_time(events) if message[0] & 0xF0 == 0xC0}
    of_part: dict[int, list[Event]] = defaultdict(list)
    for tick, index, address, message in _in_time(events):
        reached = parts.get(address, [])
        if _chooses(message):
            reached = [n for n in reached if tracks[n].chunk == index or (tracks[n].chunk, address) not in choosing]
        elif message[0] & 0xF0 == 0xA0:  # pressure of one key
            reached = [n for n in reached if tracks[n].chunk == index] or reached
        for number in _one_a_channel(reached, index, tracks, channels):
            of_part[number].append(Event(tick, bytes((message[0] & 0xF0 | channels[number],)) + message[1:]))
    return of_part


def _in_time(events: EventList) -> list[tuple[int, int, int, bytes]]:
    """All channel messages but notes, with legal data, as (tick, chunk, address, message)."""
    sent = [
        (tick, index, address, message)
        for index, chunk in enumerate(events.chunks)
        for address, (tick, message) in zip(addresses_in_force(chunk), chunk, strict=True)
        if 0xA0 <= message[0] < 0xF0 and max(message[1:]) < 0x80
    ]
    return sorted(sent, key=lambda one: one[0])


def _chooses(message: bytes) -> bool:
    """Whether a message chooses a bank or a programme."""
    return message[0] & 0xF0 == 0xC0 or (message[0] & 0xF0 == 0xB0 and message[1] in BANKS)


def _one_a_channel(reached: Sequence[int], chunk: int, tracks: Sequence[Track], channels: Sequence[int]) -> list[int]:
    """Of the parts that a message reaches, one a new channel: that of the message's own chunk, else the first."""
    chosen: dict[int, int] = {}
    for number in sorted(reached, key=lambda number: (tracks[number].chunk != chunk, number)):
        chosen.setdefault(channels[number], number)
    return sorted(chosen.values())


def _texts(events: EventList, tracks: Sequence[Track]) -> dict[int | None, list[Event]]:
    """Texts, system exclusive messages and unknown metas: by part, or None for the conductor's chunk."""
    first_part = {track.chunk: number for number, track in reversed(list(enumerate(tracks)))}
    of_part: dict[int | None, list[Event]] = defaultdict(list)
    title = _title(events, first_part)
    if title:
        of_part[None].append(meta_event(0, TRACK_NAME, title.encode("ascii")))
    for index, chunk in enumerate(events.chunks):
        for tick, message in chunk:
            if message[0] in (0xF0, 0xF7) or (message[0] == 0xFF and message[1] in OF_THE_PIECE):
                of_part[None].append(Event(tick, message))
            elif message[0] == 0xFF and message[1] not in SAID_ANEW:
                of_part[first_part.get(index)].append(Event(tick, message))
    return {number: sorted(of_part[number], key=lambda event: event.tick) for number in (None, *range(len(tracks)))}


def _title(events: EventList, first_part: dict[int, int]) -> str:
    """What the first chunk is called, where that is the name of the piece and not of a part."""
    names = (message_payload(message) for _, message in events.chunks[0] if message[:2] == bytes((0xFF, TRACK_NAME)))
    name = ascii_name(text_of(next(names, b""))) if events.chunks else ""
    return name if 0 not in first_part or events.format == 0 else ""


def _merged(laid_out: Sequence[Event], more: Sequence[Event], notes: Notes) -> tuple[Event, ...]:
    """A chunk with more events in it: at each tick the ends of notes first, their beginnings last."""
    *body, end = laid_out
    first = int(notes.onset_ticks[0]) if len(notes) else 0
    beginning, later = _chosen_before(more, first)
    if beginning:
        body = [event for event in body if event.message[0] & 0xF0 != 0xC0]
    ranked = [(event.tick, _rank(event), event) for event in body]
    ranked += [(0, 2, event) for event in beginning]
    ranked += [(event.tick, -1 if _is_name(event) else 3, event) for event in later]
    events = [event for _, _, event in sorted(ranked, key=lambda one: one[:2])]
    last = max([end.tick, *(event.tick for event in events[-1:])])
    return (*events, Event(last, END_OF_TRACK))


def _chosen_before(events: Sequence[Event], tick: int) -> tuple[list[Event], list[Event]]:
    """The bank and programme in force at the first note, moved to tick 0, and all other events but those that chose
    another before."""
    programs = [n for n, event in enumerate(events) if event.tick <= tick and event.message[0] & 0xF0 == 0xC0]
    if not programs:
        return [], list(events)
    until = programs[-1]
    earlier = {event.message[1]: event for event in events[:until] if _is_bank(event)}
    chosen = [Event(0, event.message) for event in (*earlier.values(), events[until])]
    rest = [event for n, event in enumerate(events) if n > until or not _chooses(event.message)]
    return chosen, rest


def _is_bank(event: Event) -> bool:
    return event.message[0] & 0xF0 == 0xB0 and event.message[1] in BANKS


def _is_name(event: Event) -> bool:
    return event.message[:2] == bytes((0xFF, TRACK_NAME))


def _rank(event: Event) -> int:
    """Where an event of our own layout stands at its tick."""
    status = event.message[0]
    if status == 0xFF:
        return 0
    return {0x8: 1, 0xC: 2, 0x9: 4}[status >> 4]
