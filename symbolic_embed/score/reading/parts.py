"""Which notes of a file are one part.

A part is what one chunk sends on one channel of one port. Its programme is the one in force at its first note: the last
change on its address in its own chunk before that note, else the last one at or before that tick in any other chunk
(some files keep all programme changes in the first), else 0, the piano. Whether it is drums, the file says
(`drums.py`), or its channel does, or its name and its notes together (`kits.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.conductor import ConductorEvent
from symbolic_embed.score.reading.drums import NOTHING_SAID, Begins, DrumMessages, said_of_drums
from symbolic_embed.score.reading.kits import drums_by_name
from symbolic_embed.score.reading.pairing import NoteColumns, PairedNotes, Program
from symbolic_embed.score.score import Notes, ScoreWarning, Track


@dataclass(frozen=True)
class ChunkMusic:
    """What one chunk says, as music. `notes` and `programs` (the one before the first note) are by address;
    `drums`: what it says of those that are drums; `end_tick` is that of its end-of-track."""

    chunk: int
    name: str
    notes: Mapping[int, NoteColumns]
    programs: dict[int, int]
    changes: tuple[Program, ...]
    conductor: list[ConductorEvent]
    end_tick: int = 0
    warnings: tuple[ScoreWarning, ...] = ()
    drums: DrumMessages = NOTHING_SAID


@dataclass(frozen=True)
class WalkedMusic(ChunkMusic):
    """What a chunk says that was read event by event: of each note its events are known."""

    notes: Mapping[int, PairedNotes]


@dataclass(frozen=True)
class Part:
    """A track of a score and the events it is made of: for each of its notes the index, in the event list of its
    chunk, of its note-on and of its note-off (-1 where the file has none); int64 (n,)."""

    track: Track
    on_events: NDArray[np.int64] = field(repr=False)
    off_events: NDArray[np.int64] = field(repr=False)


def tracks_of(musics: Sequence[ChunkMusic], *, division: int) -> Iterator[tuple[Track, int, bool]]:
    """Each part, by chunk and address, how many of its notes had no length, and whether the file says that it is drums,
    or that it is not."""
    changes = _changes_by_address(musics)
    said = _said_of_drums(musics)
    for music in musics:
        for address, columns in sorted(music.notes.items()):
            zero_length = len(columns.duration_ticks) - int(np.count_nonzero(columns.duration_ticks))
            durations = np.maximum(columns.duration_ticks, 1) if zero_length else columns.duration_ticks
            notes = Notes.of(columns.onset_ticks, durations, columns.pitch, columns.velocity)
            program = music.programs.get(address)
            if program is None:
                program = _program_elsewhere(changes.get(address, []), music.chunk, int(notes.onset_ticks[0]))
            port, channel = divmod(address, 16)
            track = Track(notes, music.name, program, channel, music.chunk, port)
            is_said = (music.chunk, channel) in said
            if is_said:
                track = replace(track, is_drum=said[music.chunk, channel])
            yield track if is_said else drums_by_name(track, division=division), zero_length, is_said


def parts_of(musics: Sequence[WalkedMusic], *, division: int) -> tuple[Part, ...]:
    """The parts of a file all of whose chunks were read event by event, in the order of its score."""
    parts = []
    paired = [notes for music in musics for _, notes in sorted(music.notes.items())]
    for notes, (track, _, _) in zip(paired, tracks_of(musics, division=division), strict=True):
        durations = np.maximum(notes.duration_ticks, 1)
        order = np.lexsort((notes.velocity, durations, notes.pitch, notes.onset_ticks))
        parts.append(Part(track, notes.on_events[order], notes.off_events[order]))
    return tuple(parts)


def _said_of_drums(musics: Sequence[ChunkMusic]) -> dict[tuple[int, int], bool]:
    """Of which parts (chunk, channel) the file says whether they are drums."""
    if not any(music.drums.says_drums() for music in musics):
        return {}
    begins = {
        (number, address % 16): Begins.of(columns.onset_ticks, columns.duration_ticks)
        for number, music in enumerate(musics)
        for address, columns in music.notes.items()
    }
    return said_of_drums([music.drums for music in musics], begins)


def _changes_by_address(musics: Sequence[ChunkMusic]) -> dict[int, list[tuple[int, int, int]]]:
    """All programme changes as (tick, chunk, programme), by address, in the order of time and then of the file."""
    changes: dict[int, list[tuple[int, int, int]]] = {}
    for music in musics:
        for change in music.changes:
            changes.setdefault(change.address, []).append((change.tick, music.chunk, change.number))
    return {address: sorted(several, key=lambda change: change[0]) for address, several in changes.items()}


def _program_elsewhere(changes: list[tuple[int, int, int]], chunk: int, tick: int) -> int:
    """The last programme that chunks other than `chunk` chose up to `tick`; 0 if none did."""
    count = bisect_right(changes, tick, key=lambda change: change[0])
    while count > 0 and changes[count - 1][1] == chunk:
        count -= 1
    return changes[count - 1][2] if count > 0 else 0
