"""Which notes of a file are one part.

A part is what one chunk sends on one channel of one port. Its programme is the one in force at its first note: the last
change on its address in its own chunk before that note, else the last one at or before that tick in any other chunk
(some files keep all programme changes in the first), else 0, the piano. Whether it is drums, the file says
(`drums.py`), or its channel does, or its name and its notes together (`kits.py`).

Two things are one part though they are on several channels of a chunk: what is played in a zone (`zones.py`; a chunk
that makes none has the zones that chunks without notes make) and, for those who ask for it (`join_channels`), what is
played with one programme, drums apart. The first channel, the zone's master, then speaks for all.

Keyswitches are no notes of a part (`keyswitches.py`), and stand beside them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.conductor import ConductorEvent
from symbolic_embed.score.reading.drums import NOTHING_SAID, Begins, DrumMessages, said_of_drums
from symbolic_embed.score.reading.keyswitches import keyswitches
from symbolic_embed.score.reading.kits import drums_by_name
from symbolic_embed.score.reading.pairing import NoteColumns, PairedNotes, Program
from symbolic_embed.score.reading.zones import Zone
from symbolic_embed.score.score import DRUM_CHANNEL, NO_NOTES, Notes, ScoreWarning, Track


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
    zones: tuple[Zone, ...] = ()


@dataclass(frozen=True)
class WalkedMusic(ChunkMusic):
    """What a chunk says that was read event by event: of each note its events are known."""

    notes: Mapping[int, PairedNotes]


@dataclass(frozen=True)
class Part:
    """A track of a score and the events it is made of: for each of its notes the index, in the event list of its
    chunk, of its note-on and of its note-off (-1 where the file has none), int64 (n,); those of its keyswitches."""

    track: Track
    on_events: NDArray[np.int64] = field(repr=False)
    off_events: NDArray[np.int64] = field(repr=False)
    keyswitch_events: frozenset[int] = field(default=frozenset(), repr=False)
    is_zone: bool = False  # it plays on a zone's members, not on the master


class Gathered(NamedTuple):
    """The notes of a part before they are put in order: as columns, of all its addresses, the first speaking for all;
    ticks a quarter; whether the file says that it is drums, or none (None: nothing); which notes are keyswitches, bool
    (n,), None where none are."""

    music: ChunkMusic
    addresses: tuple[int, ...]
    columns: NoteColumns
    program: int
    division: int
    says_drums: bool | None = None
    is_keyswitch: NDArray[np.bool_] | None = None
    is_zone: bool = False

    @property
    def may_be_tune(self) -> bool:
        """Whether neither the file nor the channel says that it is drums."""
        return not (self.addresses[0] % 16 == DRUM_CHANNEL if self.says_drums is None else self.says_drums)

    @property
    def zero_length(self) -> int:
        """How many of the notes have no length."""
        return len(self.columns.duration_ticks) - int(np.count_nonzero(self.columns.duration_ticks))

    def track(self) -> Track:
        """The part as a track."""
        columns, (port, channel) = self.columns, divmod(self.addresses[0], 16)
        durations = np.maximum(columns.duration_ticks, 1) if self.zero_length else columns.duration_ticks
        notes, keyswitches = Notes.of(columns.onset_ticks, durations, columns.pitch, columns.velocity), NO_NOTES
        if self.is_keyswitch is not None:
            unordered = np.stack([columns.onset_ticks, durations, columns.pitch, columns.velocity])
            notes, keyswitches = Notes.of(*unordered[:, ~self.is_keyswitch]), Notes.of(*unordered[:, self.is_keyswitch])
        members = tuple(address % 16 for address in self.addresses[1:])
        track = Track(notes, self.music.name, self.program, channel, self.music.chunk, port, members, keyswitches)
        if self.says_drums is not None:
            return replace(track, is_drum=self.says_drums)
        return drums_by_name(track, division=self.division)


def gathered(musics: Sequence[ChunkMusic], *, division: int, join_channels: bool) -> Iterator[Gathered]:
    """Each part, by chunk and address. `division`: ticks a quarter."""
    changes, said = _changes_by_address(musics), _said_of_drums(musics)
    of_setup = [zone for music in musics if not music.notes for zone in music.zones]
    for music in musics:
        parts = [
            Gathered(
                music,
                addresses,
                columns,
                _program(music, addresses, columns, changes),
                division,
                said.get((music.chunk, addresses[0] % 16)),
                is_zone=len(addresses) > 1,
            )
            for addresses, columns in _by_zone(music, music.zones or of_setup)
        ]
        for part in sorted(_by_program(parts) if join_channels else parts, key=lambda part: part.addresses):
            aside = keyswitches(part.columns, program=part.program, division=division) if part.may_be_tune else None
            yield part if aside is None or part.track().is_drum else part._replace(is_keyswitch=aside)


def parts_of(musics: Sequence[WalkedMusic], *, division: int, join_channels: bool) -> tuple[Part, ...]:
    """The parts of a file all of whose chunks were read event by event, in the order of its score."""
    parts = []
    for part in gathered(musics, division=division, join_channels=join_channels):
        notes = part.columns
        if not isinstance(notes, PairedNotes):
            raise TypeError("a part of a chunk that was read through the short cut has no events")
        order = np.lexsort((notes.velocity, np.maximum(notes.duration_ticks, 1), notes.pitch, notes.onset_ticks))
        aside = np.zeros(len(order), bool) if part.is_keyswitch is None else part.is_keyswitch
        locked = frozenset((*notes.on_events[aside].tolist(), *notes.off_events[aside].tolist()))
        order = order[~aside[order]]
        parts.append(Part(part.track(), notes.on_events[order], notes.off_events[order], locked, part.is_zone))
    return tuple(parts)


def _by_zone(music: ChunkMusic, zones: Sequence[Zone]) -> Iterator[tuple[tuple[int, ...], NoteColumns]]:
    """The notes of a chunk by what belongs together: a zone in which a member plays, an address."""
    left = dict(music.notes)
    for zone in zones:
        if not left.keys().isdisjoint(zone.members):
            yield zone.addresses, _together([left.pop(address) for address in zone.addresses if address in left])
    yield from (((address,), columns) for address, columns in left.items())


def _by_program(parts: Sequence[Gathered]) -> Iterator[Gathered]:
    """Parts of a chunk, with those on one channel, of one port and programme, as one, drums apart."""
    alike: dict[tuple[int, int], list[Gathered]] = {}
    for part in parts:
        if len(part.addresses) > 1 or not part.may_be_tune:
            yield part
        else:
            alike.setdefault((part.addresses[0] // 16, part.program), []).append(part)
    for several in alike.values():
        addresses, columns = zip(*sorted((part.addresses[0], part.columns) for part in several), strict=True)
        yield several[0]._replace(addresses=addresses, columns=_together(columns))


def _together(several: Sequence[NoteColumns]) -> NoteColumns:
    """The notes of several addresses."""
    if len(several) == 1:
        return several[0]
    kind = PairedNotes if all(isinstance(columns, PairedNotes) for columns in several) else NoteColumns
    names = [column.name for column in fields(kind)]
    return kind(*(np.concatenate([getattr(columns, name) for columns in several]) for name in names))


def _program(
    music: ChunkMusic, addresses: tuple[int, ...], columns: NoteColumns, changes: dict[int, list[tuple[int, int, int]]]
) -> int:
    """The programme in force at the first note of a part: the first of its addresses that has one says it."""
    tick = int(columns.onset_ticks.min())
    known = [music.programs[address] for address in addresses if address in music.programs]
    known += [
        program
        for address in addresses
        if (program := _program_elsewhere(changes.get(address, []), music.chunk, tick)) is not None
    ]
    return known[0] if known else 0


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


def _program_elsewhere(changes: list[tuple[int, int, int]], chunk: int, tick: int) -> int | None:
    """The last programme that chunks other than `chunk` chose up to `tick`; None if none did."""
    count = bisect_right(changes, tick, key=lambda change: change[0])
    while count > 0 and changes[count - 1][1] == chunk:
        count -= 1
    return changes[count - 1][2] if count > 0 else None
