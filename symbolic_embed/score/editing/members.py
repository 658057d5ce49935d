"""New notes for an instrument that plays on many channels.

Each goes on a channel on which nothing sounds as long as it lasts: in a zone on the member that has been silent for
longest, as controllers take turns; where every channel is a string, on the one that lies nearest to it. Channels that
are bent or pressed while the note lasts come last. What bends or presses the channel when the note begins is set back
to neutral there, and set again when it ends if a kept note counts on it. Where all are busy the note goes where fewest
sound, and nothing is set.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.editing.expression import BEND, NEUTRAL, expression_kind
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.parts import Part
from symbolic_embed.score.reading.ports import addresses_in_force
from symbolic_embed.score.reading.walking import Event
from symbolic_embed.score.score import Notes
from symbolic_embed.score.writing.layout import RELEASE_VELOCITY

NEVER_ENDS = 2**62
FIRST, LAST = -1, NEVER_ENDS  # where new events stand at their tick

Place = tuple[int, int]  # a tick, and where in the chunk


@dataclass
class Lane:
    """One channel as the new notes find it. busy: where kept and new notes sound, (begin, end); kept: where kept notes
    begin; set: for each kind of expression where it is set and to what, in time; centre: its notes' median pitch."""

    channel: int
    busy: list[tuple[int, int]] = field(default_factory=list)
    kept: list[Place] = field(default_factory=list)
    set: dict[int, list[tuple[Place, bytes]]] = field(default_factory=lambda: {kind: [] for kind in NEUTRAL})
    centre: float = 0.0

    def overlaps(self, begin: int, end: int) -> int:
        """How many notes sound there."""
        return sum(a < end and begin < b for a, b in self.busy)

    def silent_since(self, tick: int) -> int:
        """Where its last note before a tick ended; -1 where there was none."""
        return max((b for _, b in self.busy if b <= tick), default=-1)

    def is_set_between(self, begin: int, end: int) -> bool:
        """Whether anything is bent or pressed after `begin` and before `end`."""
        return any(begin < tick < end for settings in self.set.values() for (tick, _), _ in settings)


@dataclass(frozen=True)
class Allotted:
    """Events of new notes: `first` stand before what is there at their tick, `last` after it."""

    first: list[Event]
    last: list[Event]


def allotted(events: EventList, part: Part, *, staying: NDArray[np.int64], add: Notes) -> Allotted:
    """The events of the notes `add` of a part on many channels. `staying`: which of its notes stay, as indices."""
    lanes = _lanes(events, part, staying)
    kinds = tuple(NEUTRAL) if part.is_zone else (BEND,)
    first: list[Event] = []
    last: list[Event] = []
    columns = (column.tolist() for column in (add.onset_ticks, add.offset_ticks, add.pitch, add.velocity))
    for onset, offset, pitch, velocity in zip(*columns, strict=True):
        lane = _chosen(lanes, onset, offset, pitch, is_zone=part.is_zone)
        is_alone = not lane.overlaps(onset, offset)
        lane.busy.append((onset, offset))
        first.append(Event(offset, bytes((0x80 | lane.channel, pitch, RELEASE_VELOCITY))))
        for kind in kinds if is_alone else ():
            neutral, again = _set_back(lane, kind, onset, offset)
            last += neutral
            first += again
        last.append(Event(onset, bytes((0x90 | lane.channel, pitch, velocity))))
    return Allotted(first, last)


def _lanes(events: EventList, part: Part, staying: NDArray[np.int64]) -> list[Lane]:
    """The channels that new notes may go on."""
    track = part.track
    lanes = {channel: Lane(channel) for channel in (track.members if part.is_zone else (track.channel, *track.members))}
    of_chunk = events.chunks[track.chunk]
    kept = (part.on_events[staying], track.notes.onset_ticks[staying], track.notes.offset_ticks[staying])
    for index, onset, offset in zip(*(column.tolist() for column in kept), strict=True):
        channel = of_chunk[index].message[0] & 0x0F
        if channel in lanes:
            lanes[channel].busy.append((onset, offset))
            insort(lanes[channel].kept, (onset, index))
    for chunk, by_address in enumerate(events.notes()):
        for channel, lane in lanes.items():
            columns = by_address.get(track.port << 4 | channel)
            if columns is None:
                continue
            if chunk == track.chunk:
                lane.centre = float(np.median(columns.pitch))
                continue
            ends = np.where(columns.off_events < 0, NEVER_ENDS, columns.onset_ticks + columns.duration_ticks)
            lane.busy += zip(columns.onset_ticks.tolist(), ends.tolist(), strict=True)
    _note_settings(events, track.port, lanes)
    return list(lanes.values())


def _note_settings(events: EventList, port: int, lanes: Mapping[int, Lane]) -> None:
    """Enters into the lanes what all chunks set on their channels."""
    for chunk in events.chunks:
        for index, (address, (tick, message)) in enumerate(zip(addresses_in_force(chunk), chunk, strict=True)):
            lane = lanes.get(address % 16) if address >= 0 and address >> 4 == port else None
            kind = expression_kind(message) if lane else None
            if lane and kind is not None:
                lane.set[kind].append(((tick, index), message[1:]))
    for lane in lanes.values():
        for settings in lane.set.values():
            settings.sort(key=lambda setting: setting[0])


def _chosen(lanes: list[Lane], onset: int, offset: int, pitch: int, *, is_zone: bool) -> Lane:
    """The lane for a note."""

    def unsuited(lane: Lane) -> tuple[float, ...]:
        taken, moved = lane.overlaps(onset, offset), lane.is_set_between(onset, offset)
        nearest = 0.0 if is_zone else abs(lane.centre - pitch)
        return (taken, nearest, moved, lane.silent_since(onset))

    return min(lanes, key=unsuited)


def _set_back(lane: Lane, kind: int, onset: int, offset: int) -> tuple[list[Event], list[Event]]:
    """What sets a kind of expression to neutral where a note begins, and what sets it again where it ends if a later
    kept note counts on it; nothing where it is neutral."""
    settings, neutral = lane.set[kind], NEUTRAL[kind]
    place = bisect_right(settings, onset, key=lambda setting: setting[0][0])
    value = settings[place - 1][1] if place else neutral
    if value == neutral:
        return [], []
    status = bytes((kind | lane.channel,))
    following = lane.kept[bisect_left(lane.kept, (offset, 0)) :]
    after = settings[place][0] if place < len(settings) else (NEVER_ENDS, 0)
    settings.insert(place, ((onset, LAST), neutral))
    if not following or after <= following[0]:
        return [Event(onset, status + neutral)], []
    settings.insert(place + 1, ((offset, FIRST), value))
    return [Event(onset, status + neutral)], [Event(offset, status + value)]
