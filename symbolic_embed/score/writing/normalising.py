"""A file laid out anew, as any DAW expects it, with everything in it that sounds or says something.

A seed keeps its own layout (`editing.in_place`), and what we create has ours (`layout.py`). Here a file of any layout
is brought into ours, without losing what a score does not hold:

* first a chunk that only conducts: title, tempo, metre, key, markers, system exclusive messages;
* then one chunk a part, on a channel of its own, and where fifteen are not enough on a port of its own (`apart.py`),
  named in ASCII (after its instrument where it has no name), the bank and programme of its first note at tick 0; drums
  on the tenth channel, unless they would be another kit there;
* an MPE zone is one part, and stays as it was played (`zones.py`);
* controllers, pedals, bends and pressure go to every part that they were heard on, lyrics and other texts stay with the
  first part of their chunk (`carrying.py`);
* 480 ticks a quarter where every event falls on one, else 960;
* each note ends, and no pitch sounds twice at once on a channel;
* but a part on many channels, such as a zone, stays on them as it is: its notes are bent one by one.

Channel prefixes and ports are said anew. What has no place in this layout, such as messages on channels on which
nothing plays, notes there twice at one tick, a tempo after the last note, is named and counted (`losses.py`). Doing it
twice equals doing it once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from symbolic_embed.files.names import ascii_name
from symbolic_embed.score.events import EventList
from symbolic_embed.score.instruments import instrument_name
from symbolic_embed.score.reading.drums import switched_channels
from symbolic_embed.score.reading.ports import address
from symbolic_embed.score.reading.walking import END_OF_TRACK, TRACK_NAME, Event
from symbolic_embed.score.score import Notes, ScoreWarning, Track
from symbolic_embed.score.writing.apart import assigned_addresses
from symbolic_embed.score.writing.carrying import CONDUCTOR, Carried, Moving, channel_messages, chooses, is_bank, texts
from symbolic_embed.score.writing.channels import kept_channels
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.score.writing.losses import losses
from symbolic_embed.score.writing.rescaling import in_division, in_ticks, with_releases
from symbolic_embed.score.writing.zones import zone_chunk, zones_of

COARSE, FINE = 480, 960  # ticks a quarter


class Normalised(NamedTuple):
    """A file in our layout, and what is not in it, a kind each."""

    events: EventList
    losses: tuple[ScoreWarning, ...]


def normalised(events: EventList) -> EventList:
    """The same music in our layout. Raises MidiError where the events cannot be a piece of music."""
    return normalised_and_losses(events).events


def normalised_and_losses(events: EventList) -> Normalised:
    """The same, and what is lost on the way."""
    before, events = events, in_division(replace(events, join_channels=False), _division(events))
    score = events.score()
    zones = zones_of(events, score.tracks)
    in_zones = {(zone.chunk, address(zone.port, channel)) for zone in zones for channel in zone.channels}
    parts = [part for part in events.parts() if (part.track.chunk, part.track.address) not in in_zones]
    tracks = [part.track for part in parts]
    kept = kept_channels(tracks, switched_channels(events.drum_messages()))
    addresses, zone_ports = assigned_addresses(tracks, zones, kept=kept)
    laid_out = score_to_events(replace(score, tracks=_named(tracks), markers=()), addresses=addresses)
    moving = Moving(events, tracks, addresses, [int(part.on_events[0]) for part in parts])
    sent, said = channel_messages(moving), texts(moving)
    conductor = _merged(laid_out.chunks[0], [*map(Carried, said.get(CONDUCTOR, []))], Notes.none())
    chunks = []
    for number, part in enumerate(parts):
        more = [*map(Carried, said.get(number, [])), *sent.get(number, [])]
        body = with_releases(laid_out.chunks[number + 1], events.chunks[part.track.chunk], part)
        chunks.append((part.track.chunk, _merged(body, more, part.track.notes)))
    for zone, port in zip(zones, zone_ports, strict=True):
        chunks.append((zone.chunk, zone_chunk(events, zone, port=port, end=laid_out.chunks[0][-1].tick)))
    ordered = tuple(chunk for _, chunk in sorted(chunks, key=lambda one: one[0]))
    after = EventList(events.division, (conductor, *ordered), format=1, source=events.source)
    return Normalised(after, tuple(losses(before, events, after, apart_from=in_zones)))


def _division(events: EventList) -> int:
    """Ticks a quarter of the result."""
    ticks = np.array(sorted({event.tick for chunk in events.chunks for event in chunk[:-1]}), np.int64)
    return COARSE if (in_ticks(ticks, events.timebase.division, FINE) % 2 == 0).all() else FINE


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


def _merged(laid_out: Sequence[Event], more: Sequence[Carried], notes: Notes) -> tuple[Event, ...]:
    """A chunk with more events in it: at each tick the ends of notes first, their beginnings last."""
    *body, end = laid_out
    first = int(notes.onset_ticks[0]) if len(notes) else 0
    beginning, later = _chosen_before(more, first)
    if beginning:
        body = [event for event in body if event.message[0] & 0xF0 != 0xC0]
    ranked = [(event.tick, _rank(event), event) for event in body]
    ranked += [(0, 2, event) for event in beginning]
    for event, is_behind in later:
        behind = is_behind and event.tick == first and chooses(event.message)
        ranked.append((event.tick, -1 if _is_name(event) else 5 if behind else 3, event))
    events = [event for _, _, event in sorted(ranked, key=lambda one: one[:2])]
    last = max([end.tick, *(event.tick for event in events[-1:])])
    return (*events, Event(last, END_OF_TRACK))


def _chosen_before(carried: Sequence[Carried], tick: int) -> tuple[list[Event], list[Carried]]:
    """The bank and programme in force at the first note, moved to tick 0, and all other events but those that chose
    another before."""
    programs = [
        number
        for number, (event, is_behind) in enumerate(carried)
        if event.message[0] & 0xF0 == 0xC0 and event.tick <= tick and not is_behind
    ]
    if not programs:
        return [], list(carried)
    until = programs[-1]
    earlier = {event.message[1]: event for event, _ in carried[:until] if is_bank(event.message)}
    chosen = [Event(0, event.message) for event in (*earlier.values(), carried[until].event)]
    rest = [one for number, one in enumerate(carried) if number > until or not chooses(one.event.message)]
    return chosen, rest


def _is_name(event: Event) -> bool:
    return event.message[:2] == bytes((0xFF, TRACK_NAME))


def _rank(event: Event) -> int:
    """Where an event of our own layout stands at its tick."""
    status = event.message[0]
    if status == 0xFF:
        return 0
    return {0x8: 1, 0xC: 2, 0x9: 4}[status >> 4]
