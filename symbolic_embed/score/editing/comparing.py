"""The difference that proves an edit.

Two event lists are laid side by side, with those events left out that were asked for: the notes (on and off) of certain
parts that begin in certain stretches, or a stretch of the conductor's events. What then differs was touched without
having been asked for; after a good edit the list is empty. Where new controllers were asked for (a pedal that comes up
at a seam), those that are new there are left out as well, but none of the old ones may be missing.

Each event is compared with the port that is in force for it. So where a chunk has several ports, an edit may name them
again between new events and old ones, as long as every old one stays on its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from symbolic_embed.score.editing.expression import expression_kind, moved_expression
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.conductor import CONDUCTOR_TYPES, TEMPO
from symbolic_embed.score.reading.pairing import NEVER, PairedNotes
from symbolic_embed.score.reading.ports import address, named_port
from symbolic_embed.score.reading.walking import END_OF_TRACK, Event
from symbolic_embed.score.score import Track

META = 0xFF  # the status of what is sent nowhere


class Asked(NamedTuple):
    """What may change: the notes of `channel` of `port` in `chunk` that begin from `start_tick` on and before
    `end_tick`; with channel None the conductor's events of the chunk there. A chunk that is new is asked for as a
    whole. `new_controls`: controllers, programmes, pressure, bends and ends of notes of the channel may also be added
    there; with channel None, tempi and system exclusive messages may be added and nothing else may change.
    `new_expression`: what a new note has for itself may also be added, from `start_tick` on, as long as every note that
    stays sounds as before (`expression.py`). Keyswitches are never asked for."""

    chunk: int
    channel: int | None
    start_tick: int
    end_tick: int
    new_controls: bool = False
    port: int = 0
    new_expression: bool = False

    @classmethod
    def of(cls, track: Track, start_tick: int, end_tick: int, *, new_controls: bool = False) -> list[Asked]:
        """What may change of a part: of each of its channels, with new expression where there are several."""
        return [
            cls(track.chunk, channel, start_tick, end_tick, new_controls, track.port, bool(track.members))
            for channel in (track.channel, *track.members)
        ]

    @property
    def address(self) -> int | None:
        """Port and channel in one number; None for the conductor."""
        return None if self.channel is None else address(self.port, self.channel)


class Sent(NamedTuple):
    """An event, and the port that it is sent on; 0 for a meta event, which is sent nowhere."""

    tick: int
    message: bytes
    port: int


class Difference(NamedTuple):
    """An event that one list has and the other has not, or has elsewhere. `what`: removed, added, moved, or header."""

    what: str
    chunk: int
    tick: int
    message: bytes

    def __str__(self) -> str:
        return f"chunk {self.chunk}, tick {self.tick}: {self.message.hex(' ')} {self.what}"


@dataclass(frozen=True, eq=False)
class Untouched:
    """What of an event list must stay where some was asked for; made ready once for all edits of the list."""

    before: EventList
    parts_and_ranges: Sequence[Asked]

    def difference(self, after: EventList) -> list[Difference]:
        """Every difference between the list and an edit of it outside what was asked for; empty after a good one."""
        before = self.before
        differences: list[Difference] = []
        grew = len(after.chunks) > len(before.chunks)
        if before.division != after.division or (before.format != after.format and not grew):
            differences.append(Difference("header", 0, 0, b""))
        for index, (old, new) in enumerate(zip_longest(before.chunks, after.chunks, fillvalue=())):
            here = self._asked(index)
            if old != new and (old or not here):
                unasked = self._of_chunk[index] if old else []
                other = _unasked(after, index, here, self._locked)
                differences += _chunk_differences(index, unasked, _without_new_controls(other, unasked, here))
                differences += _end_differences(index, old, new)
                differences += _moved_expression(before, after, here) if old and new else []
        return differences

    def count(self) -> int:
        """How many events nobody asked to change, ends of tracks not counted: as many as are compared."""
        return sum(map(len, self._of_chunk))

    def _asked(self, chunk: int) -> list[Asked]:
        return [asked for asked in self.parts_and_ranges if asked.chunk == chunk]

    @cached_property
    def _locked(self) -> frozenset[tuple[int, Event]]:
        return _keyswitches(self.before)

    @cached_property
    def _of_chunk(self) -> list[list[Sent]]:
        """The events of each chunk that nobody asked to change."""
        chunks = range(len(self.before.chunks))
        return [_unasked(self.before, chunk, self._asked(chunk), self._locked) for chunk in chunks]


def untouched_difference(before: EventList, after: EventList, *, parts_and_ranges: Sequence[Asked]) -> list[Difference]:
    """Every difference between two event lists outside what was asked for; empty after a good edit."""
    return Untouched(before, parts_and_ranges).difference(after)


def _chunk_differences(chunk: int, old: list[Sent], new: list[Sent]) -> list[Difference]:
    if old == new:
        return []
    lost, won = Counter(old), Counter(new)
    differences = [Difference("removed", chunk, *event[:2]) for event in (lost - won).elements()]
    differences += [Difference("added", chunk, *event[:2]) for event in (won - lost).elements()]
    if not differences:
        of_both = zip(_without_ports(old), _without_ports(new), strict=True)
        differences = [Difference("moved", chunk, *b[:2]) for a, b in of_both if a != b]
    return sorted(differences, key=lambda difference: difference.tick)


def _without_ports(events: list[Sent]) -> list[Sent]:
    """The events that name no port: which one is in force each of the others says."""
    return [event for event in events if named_port(event.message) is None]


def _end_differences(chunk: int, old: Sequence[Event], new: Sequence[Event]) -> list[Difference]:
    """End-of-track may move, but only to where a new event made it move."""
    if not old or not new:
        return []
    needed = max([old[-1].tick, *(event.tick for event in new[:-1])])
    return [] if new[-1].tick == needed else [Difference("moved", chunk, *new[-1])]


def _keyswitches(events: EventList) -> frozenset[tuple[int, Event]]:
    """The events of keyswitches, with their chunks."""
    return frozenset(
        (part.track.chunk, events.chunks[part.track.chunk][index])
        for part in events.parts()
        for index in part.keyswitch_events
        if index != NEVER
    )


def _moved_expression(before: EventList, after: EventList, asked: Sequence[Asked]) -> list[Difference]:
    """Notes that stay where new expression was asked for, and sound otherwise."""
    return [
        Difference("sounds otherwise", chunk, *event)
        for chunk, address in sorted(
            {(one.chunk, one.address) for one in asked if one.new_expression and one.address is not None}
        )
        for event in moved_expression(before, after, chunk=chunk, address=address)
    ]


def _unasked(events: EventList, chunk: int, asked: Sequence[Asked], locked: frozenset[tuple[int, Event]]) -> list[Sent]:
    """The events of a chunk that nobody asked to change, without end-of-track; none where there is no such chunk."""
    if chunk >= len(events.chunks):
        return []
    free: set[int] = set()
    for one in asked:
        notes = None if one.address is None else events.chunk(chunk).notes.get(one.address)
        if notes is not None:
            free |= {n for n in _note_indices(notes, one) if (chunk, events.chunks[chunk][n]) not in locked}
    of_chunk = events.chunk(chunk)
    return [
        Sent(tick, message, port if message[0] != META else 0)
        for index, ((tick, message), port) in enumerate(zip(of_chunk, of_chunk.ports, strict=True))
        if index not in free
        and not (message[0] == META and (message == END_OF_TRACK or _is_asked_conductor(tick, message, asked)))
    ]


def _without_new_controls(new: list[Sent], old: list[Sent], asked: Sequence[Asked]) -> list[Sent]:
    """The events of `new` without those controls, and names of ports, that `old` has not and that may be added."""
    if not asked or new == old:
        return new
    spare = Counter(new) - Counter(old)
    controlled = [one for one in asked if one.new_controls or one.new_expression]
    kept = []
    for event in reversed(new):  # new events stand after the old ones of their tick
        is_free = named_port(event.message) is not None or any(_is_control(event, one) for one in controlled)
        if spare[event] and is_free:
            spare[event] -= 1
        else:
            kept.append(event)
    return kept[::-1]


def _is_control(event: Sent, asked: Asked) -> bool:
    status = event.message[0]
    is_there = (event.port, status & 0x0F) == (asked.port, asked.channel)
    if asked.new_expression and is_there and expression_kind(event.message) is not None:
        return event.tick >= asked.start_tick
    if not (asked.new_controls and asked.start_tick <= event.tick < asked.end_tick):
        return False
    if asked.channel is None:
        return status in (0xF0, 0xF7) or event.message[:2] == bytes([0xFF, TEMPO])
    return is_there and (0xA0 <= status < 0xF0 or status & 0xF0 == 0x80)


def _note_indices(notes: PairedNotes, asked: Asked) -> set[int]:
    """Indices of the note-ons and note-offs of those notes of an address that were asked for."""
    begins = (notes.onset_ticks >= asked.start_tick) & (notes.onset_ticks < asked.end_tick)
    return {*notes.on_events[begins].tolist(), *notes.off_events[begins].tolist()}


def _is_asked_conductor(tick: int, message: bytes, asked: Sequence[Asked]) -> bool:
    return message[1] in CONDUCTOR_TYPES and any(
        one.channel is None and not one.new_controls and one.start_tick <= tick < one.end_tick for one in asked
    )
