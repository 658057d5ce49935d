"""Which note-off ends which note-on.

MIDI has no notes, only keys going down and up. Where one key goes down twice before it comes up, the standard does not
say which sounding note the first note-off ends. Here the oldest one (first in, first out), as in symusic. Velocity zero
means off; half the files in the wild use it. A note-off that ends nothing is harmless and ignored.

A note that never ends is kept to the end of the track, one tick at least. A note whose on and off fall on one tick
stands in the file but can be neither seen nor heard: it is given one tick. Both are counted by who reads the result.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.walking import Event

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
    channel: int
    number: int


def paired_notes(events: tuple[Event, ...]) -> tuple[dict[int, PairedNotes], int]:
    """The notes of one chunk by channel, with the indices of their events, and how many were never closed."""
    rows: dict[int, list[list[int]]] = {}  # onset, duration, pitch, velocity, note-on, note-off
    sounding: dict[int, deque[list[int]]] = {}
    for index, (tick, message) in enumerate(events):
        kind = message[0] & 0xF0
        if kind == 0x90 and message[2]:
            note = [tick, 0, message[1], message[2], index, NEVER]
            rows.setdefault(message[0] & 0x0F, []).append(note)
            sounding.setdefault(_key(message), deque()).append(note)
        elif kind in (0x80, 0x90) and (waiting := sounding.get(_key(message))):
            note = waiting.popleft()
            note[1] = tick - note[0]
            note[5] = index
    return _columns(rows, events[-1].tick if events else 0)


def _key(message: bytes) -> int:
    """Channel and pitch in one number."""
    return (message[0] & 0x0F) << 7 | message[1]


def _columns(rows: dict[int, list[list[int]]], end: int) -> tuple[dict[int, PairedNotes], int]:
    """The rows of each channel as columns, those that never end brought to `end`, and how many these are."""
    hanging = 0
    for notes in rows.values():
        for note in notes:
            if note[5] == NEVER:
                note[1] = max(1, end - note[0])
                hanging += 1
    tables = {channel: np.array(notes, np.int64) for channel, notes in sorted(rows.items())}
    return {channel: PairedNotes(*table.T) for channel, table in tables.items()}, hanging


def program_changes(events: tuple[Event, ...]) -> tuple[Program, ...]:
    """Every programme change with a legal number, in order."""
    return tuple(
        Program(tick, message[0] & 0x0F, message[1])
        for tick, message in events
        if message[0] & 0xF0 == 0xC0 and message[1] < 0x80
    )


def programs_at_first_notes(events: tuple[Event, ...]) -> dict[int, int]:
    """For each channel with notes that had a programme change before its first one: the last such programme."""
    chosen: dict[int, int] = {}
    in_force: dict[int, int] = {}
    met: set[int] = set()
    for _, message in events:
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind == 0xC0 and message[1] < 0x80:
            in_force[channel] = message[1]
        elif kind == 0x90 and message[2] and channel not in met:
            met.add(channel)
            if channel in in_force:
                chosen[channel] = in_force[channel]
    return chosen
