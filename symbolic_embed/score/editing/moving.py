"""Notes of a file struck earlier or later, longer or shorter, louder or softer, and nothing else.

A note keeps its key, its channel, its place among the others and its end: of its two events the ticks change, and the
velocity of its note-on. All other events stay where they are. Therefore a note stays on its side of whatever says how
it sounds (a programme change of its channel, a keyswitch), and on its side of the notes of its pitch on its channel, in
whichever chunk they stand: where two would meet, the earlier one ends as the later one begins. None begins before tick
0. What cannot be moved stays: notes that never end, notes without length, and the parts of a zone, whose expression is
sent for each note where the note was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.editing.in_place import EVER, move_events, stray_offs
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.pairing import NEVER, NoteColumns
from symbolic_embed.score.reading.parts import Part
from symbolic_embed.score.reading.ports import addresses_in_force
from symbolic_embed.score.reading.walking import Event


class Played(NamedTuple):
    """How the notes of a part are to be played, in the order of its notes: where they begin and end, in ticks, and how
    loud, int64 (n,) each; which of them may change at all, bool (n,): the others stay, and those that move keep clear
    of them. Bounds are kept for the caller: ticks from 0, velocities 1 to 127."""

    onset_ticks: NDArray[np.int64]
    offset_ticks: NDArray[np.int64]
    velocity: NDArray[np.int64]
    changes: NDArray[np.bool_]


@dataclass
class _Stroke:
    """A note, or a note-off that ends none, on its way: where it was, and where it goes. `on_event` is NEVER where it
    stays."""

    chunk: int
    was_on: int
    was_off: int
    on_event: int = NEVER
    off_event: int = NEVER
    on: int = 0
    off: int = 0
    velocity: int = 0
    walls: tuple[int, int] = (0, EVER)  # it begins from the first on, and before the second

    @property
    def moves(self) -> bool:
        return self.on_event != NEVER

    def stay(self) -> None:
        """Back to where it was."""
        self.on, self.off = self.was_on, self.was_off


def is_movable(part: Part) -> bool:
    """Whether the notes of a part can be struck at another time."""
    return not part.is_zone


def replayed(events: EventList, played: Mapping[int, Played]) -> EventList:
    """`events` with the notes of some parts (by their numbers in `events.parts()`) played otherwise."""
    strokes = _strokes(events, played)
    for several in strokes.values():
        _put_in_turn(several)
    by_chunk: dict[int, dict[int, Event]] = defaultdict(dict)
    for (_, pitch), several in strokes.items():
        for stroke in filter(lambda one: one.moves, several):
            chunk, moved = events.chunks[stroke.chunk], by_chunk[stroke.chunk]
            status = chunk[stroke.on_event].message[0]
            moved[stroke.on_event] = Event(stroke.on, bytes((status, pitch, stroke.velocity)))
            moved[stroke.off_event] = Event(stroke.off, chunk[stroke.off_event].message)
    for number, moved in by_chunk.items():
        if any(events.chunks[number][index] != event for index, event in moved.items()):
            events = move_events(events, moved, chunk=number)
    return events


def struck_otherwise(before: EventList, after: EventList) -> list[str]:
    """What differs between two event lists beside times and velocities of notes, in words: keys that are struck more
    or less often, notes of one pitch that overlap and did not; empty after `replayed`."""
    faults = []
    for number, (old, new) in enumerate(zip(before.notes(), after.notes(), strict=True)):
        for address in sorted({*old, *new}):
            of_both = [notes[address] for notes in (old, new) if address in notes]
            keys = [np.bincount(notes.pitch, minlength=128) for notes in of_both]
            if len(of_both) < 2 or (keys[0] != keys[1]).any():
                faults.append(f"chunk {number}, channel {address % 16 + 1}: other keys are struck")
            elif _overlaps(of_both[1]) > _overlaps(of_both[0]):
                faults.append(f"chunk {number}, channel {address % 16 + 1}: notes of one pitch overlap that did not")
    return faults


def _overlaps(notes: NoteColumns) -> int:
    """How many notes begin while the one before them of their pitch still sounds."""
    order = np.lexsort((notes.onset_ticks, notes.pitch))
    same = np.diff(notes.pitch[order]) == 0
    ends = (notes.onset_ticks + notes.duration_ticks)[order]
    return int((same & (ends[:-1] > notes.onset_ticks[order][1:])).sum())


def _strokes(events: EventList, played: Mapping[int, Played]) -> dict[tuple[int, int], list[_Stroke]]:
    """All notes of the file by address and pitch, in the order in which they begin."""
    strokes: dict[tuple[int, int], list[_Stroke]] = defaultdict(list)
    walls = _walls(events)
    for number, part in enumerate(events.parts()):
        of_part = played.get(number) if is_movable(part) else None
        for address, pitch, stroke in _of_part(events, part, of_part):
            if stroke.moves:
                after = bisect_right(walls[address], stroke.was_on)
                before = walls[address][after - 1] if after else 0
                stroke.walls = (before, walls[address][after] if after < len(walls[address]) else EVER)
            strokes[address, pitch].append(stroke)
        for pitch, tick, _ in stray_offs(events, part).tolist():
            for address in part.track.addresses:
                strokes[address, pitch].append(_Stroke(part.track.chunk, tick, tick))
    for several in strokes.values():
        several.sort(key=lambda stroke: (stroke.was_on, stroke.chunk, stroke.was_off))
    return strokes


def _of_part(events: EventList, part: Part, played: Played | None) -> Iterator[tuple[int, int, _Stroke]]:
    """The notes and keyswitches of a part, with their addresses and pitches."""
    chunk, track = events.chunks[part.track.chunk], part.track
    for index, (on, off) in enumerate(zip(part.on_events.tolist(), part.off_events.tolist(), strict=True)):
        begins, message = chunk[on]
        ends = EVER if off == NEVER else chunk[off].tick
        stroke = _Stroke(track.chunk, begins, ends)
        stroke.stay()
        if played is not None and played.changes[index] and begins < ends < EVER:
            stroke.on_event, stroke.off_event = on, off
            stroke.on, stroke.off = int(played.onset_ticks[index]), int(played.offset_ticks[index])
            stroke.velocity = min(max(int(played.velocity[index]), 1), 127)
        yield track.port << 4 | message[0] & 0x0F, message[1], stroke
    for onset, duration, pitch, _ in track.keyswitches.rows().tolist():
        yield track.address, pitch, _Stroke(track.chunk, onset, onset + duration)


def _walls(events: EventList) -> dict[int, list[int]]:
    """The ticks, rising, at which it is said how notes of an address sound from there on."""
    walls: dict[int, list[int]] = defaultdict(list)
    for chunk in events.chunks:
        for address, (tick, message) in zip(addresses_in_force(chunk), chunk, strict=True):
            if message[0] & 0xF0 == 0xC0:
                walls[address].append(tick)
    for part in events.parts():
        for address in part.track.addresses:
            walls[address] += part.track.keyswitches.onset_ticks.tolist()
    return defaultdict(list, {address: sorted(ticks) for address, ticks in walls.items()})


def _put_in_turn(strokes: list[_Stroke]) -> None:
    """Moves what would leave its turn among the strokes of one pitch back into it."""
    before: _Stroke | None = None
    for stroke, fixed in zip(strokes, _next_fixed(strokes), strict=True):
        if not stroke.moves:
            stroke.stay()
        else:
            low, high = stroke.walls
            if before is not None:
                ended = not before.moves and before.was_off <= stroke.was_on
                low = max(low, before.off if ended else before.on + (stroke.was_on > before.was_on))
            high = max(min(high - 1, max(fixed - 1, stroke.was_on)), low)
            stroke.on = min(max(stroke.on, low), high)
            stroke.off = max(stroke.off, stroke.on + 1)
            if stroke.was_off <= fixed:
                stroke.off = max(min(stroke.off, fixed), stroke.on + 1)
            if before is not None and stroke.was_off >= before.was_off > stroke.was_on:
                stroke.off = max(stroke.off, before.off)
        if before is not None and before.moves and before.was_off <= stroke.was_on:
            before.off = max(min(before.off, stroke.on), before.on + 1)
        before = stroke
    if _is_out_of_turn(strokes):
        for stroke in strokes:
            stroke.stay()


def _next_fixed(strokes: list[_Stroke]) -> list[int]:
    """Where the first stroke after each one begins that does not move; EVER where none does."""
    following, fixed = [], int(EVER)
    for stroke in reversed(strokes):
        following.append(fixed)
        fixed = fixed if stroke.moves else stroke.was_on
    return following[::-1]


def _is_out_of_turn(strokes: list[_Stroke]) -> bool:
    """Whether strokes overlap that did not, or follow each other otherwise."""
    return any(
        after.on < before.on or (before.was_off <= after.was_on and before.off > after.on)
        for before, after in pairwise(strokes)
    )
