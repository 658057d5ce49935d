"""Which note-off ends which note-on.

MIDI has no notes, only keys going down and up. Where one key goes down twice before it comes up, the standard does not
say which sounding note the first note-off ends. Here the oldest one (first in, first out), as in symusic. Velocity zero
means off; half the files in the wild use it. A note-off that ends nothing is harmless and ignored. What follows is
sorted by address, which is port and channel (`ports.py`).

A note that never ends is kept to the end of the track, one tick at least. A note whose on and off fall on one tick
stands in the file but can be neither seen nor heard: it is given one tick. Both are counted by who reads the result.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.ports import addresses_in_force
from symbolic_embed.score.reading.walking import Event

NO_HEADS: Mapping[int, int] = MappingProxyType({})
NEVER = -1  # in place of the index of a note-off that does not exist


@dataclass(frozen=True, eq=False)
class NoteColumns:
    """Notes of one part as columns of integers (n,), in any order; durations may still be 0."""

    onset_ticks: NDArray[np.signedinteger]
    duration_ticks: NDArray[np.signedinteger]
    pitch: NDArray[np.signedinteger]
    velocity: NDArray[np.signedinteger]


@dataclass(frozen=True, eq=False)
class PairedNotes(NoteColumns):
    """The same, and of each note the indices of its two events in the chunk, int64 (n,); NEVER for the note-off of a
    note that never ends."""

    on_events: NDArray[np.int64]
    off_events: NDArray[np.int64]


@dataclass(frozen=True)
class Program:
    """A programme change: `number` counts from 0."""

    tick: int
    address: int
    number: int


def paired_notes(events: tuple[Event, ...]) -> tuple[dict[int, PairedNotes], int]:
    """The notes of one chunk by address, with the indices of their events, and how many were never closed."""
    rows: dict[int, list[list[int]]] = {}  # onset, duration, pitch, velocity, note-on, note-off
    sounding: dict[int, deque[list[int]]] = {}
    for index, (address, (tick, message)) in enumerate(zip(addresses_in_force(events), events, strict=True)):
        kind = message[0] & 0xF0
        if kind == 0x90 and message[2]:
            note = [tick, 0, message[1], message[2], index, NEVER]
            rows.setdefault(address, []).append(note)
            sounding.setdefault(address << 7 | message[1], deque()).append(note)
        elif kind in (0x80, 0x90) and (waiting := sounding.get(address << 7 | message[1])):
            note = waiting.popleft()
            note[1] = tick - note[0]
            note[5] = index
    return _columns(rows, events[-1].tick if events else 0)


def _columns(rows: dict[int, list[list[int]]], end: int) -> tuple[dict[int, PairedNotes], int]:
    """The rows of each address as columns, those that never end brought to `end`, and how many these are."""
    hanging = 0
    for notes in rows.values():
        for note in notes:
            if note[5] == NEVER:
                note[1] = max(1, end - note[0])
                hanging += 1
    tables = {address: np.array(notes, np.int64) for address, notes in sorted(rows.items())}
    return {address: PairedNotes(*table.T) for address, table in tables.items()}, hanging


def program_changes(events: tuple[Event, ...]) -> tuple[Program, ...]:
    """Every programme change with a legal number, in order."""
    return tuple(
        Program(tick, address, message[1])
        for address, (tick, message) in zip(addresses_in_force(events), events, strict=True)
        if message[0] & 0xF0 == 0xC0 and message[1] < 0x80
    )


def programs_at_first_notes(events: tuple[Event, ...], heads: Mapping[int, int] = NO_HEADS) -> dict[int, int]:
    """For each address with notes that had a programme change before its first one: the last such programme. Addresses
    that belong together (`heads`: to the one that speaks for all) count as that one; if it has no programme, the
    address of the first note may have."""
    chosen: dict[int, int] = {}
    in_force: dict[int, int] = {}
    met: set[int] = set()
    for address, (_, message) in zip(addresses_in_force(events), events, strict=True):
        kind = message[0] & 0xF0
        if kind == 0xC0 and message[1] < 0x80:
            in_force[address] = message[1]
        elif kind == 0x90 and message[2] and (head := heads.get(address, address)) not in met:
            met.add(head)
            program = in_force.get(head, in_force.get(address))
            if program is not None:
                chosen[head] = program
    return chosen
