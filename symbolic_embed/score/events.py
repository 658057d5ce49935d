"""The complete event list: everything a MIDI file says, nothing changed.

A `Score` holds what a musician works with. A file that is to be written again must keep the rest as well: pedals,
pitch bends, lyrics, system exclusive messages, metas of types nobody knows. An `EventList` holds all of it, chunk by
chunk, each event with its tick and its bytes. Reading and writing are inverses: `parse(events.to_bytes())` gives equal
events back. (The bytes of a file may change, the events do not: running status is written out, deltas are shortest.)

    events = parse(data)          bytes to events, tolerant, each repair named
    events.score()                the same Score that `reading.read` gives
    events.parts()                for each note the two events it is made of, for `editing.in_place`
    events.to_bytes()             back
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from symbolic_embed.score.reading.assembling import MANY_PROGRAMS, assembled, check_readable, merged
from symbolic_embed.score.reading.conductor import conductor_events
from symbolic_embed.score.reading.drums import DrumMessages, drum_messages
from symbolic_embed.score.reading.guard import MidiChunks, cut_chunks
from symbolic_embed.score.reading.pairing import PairedNotes, paired_notes, program_changes, programs_at_first_notes
from symbolic_embed.score.reading.parts import Part, WalkedMusic, parts_of
from symbolic_embed.score.reading.ports import ports_in_force
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.timebase import TimeBase
from symbolic_embed.score.reading.walking import (
    END_OF_TRACK,
    MAX_EVENTS,
    TRACK_NAME,
    Event,
    Walk,
    message_payload,
    walk,
)
from symbolic_embed.score.reading.zones import zones_of
from symbolic_embed.score.roles import in_roles
from symbolic_embed.score.score import Score, ScoreWarning, Track


@dataclass(frozen=True)
class EventList:
    """All events of a file. `division` is the header's last two bytes as a number (see `reading.timebase`).

    Each chunk is a tuple of events with ticks that never decrease, and ends with the only end-of-track event in it.
    `roles`: what somebody has said that parts (chunk, channel) do; it stands in no file, and goes with the events
    through every edit. With `join_channels` its score takes the channels of one chunk and programme for one part
    (`reading.parts`).
    """

    division: int
    chunks: tuple[tuple[Event, ...], ...]
    format: int = 1
    source: str = field(default="events", compare=False)
    join_channels: bool = field(default=False, compare=False)
    warnings: tuple[ScoreWarning, ...] = field(default=(), compare=False)
    roles: Mapping[tuple[int, int], str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for index, chunk in enumerate(self.chunks):
            if not chunk or chunk[-1].message != END_OF_TRACK:
                raise ValueError(f"chunk {index} does not end with an end-of-track event")

    @property
    def timebase(self) -> TimeBase:
        return TimeBase.of(self.division)

    @cached_property
    def _musics(self) -> tuple[WalkedMusic, ...]:
        return tuple(chunk_music(events, chunk=index) for index, events in enumerate(self.chunks))

    @cached_property
    def ports(self) -> tuple[bytes, ...]:
        """The port in force for each event of each chunk (`reading.ports`): with the channel of the event, who it is
        for."""
        return tuple(map(ports_in_force, self.chunks))

    def notes(self) -> tuple[Mapping[int, PairedNotes], ...]:
        """The notes of each chunk, by address (port * 16 + channel), with the indices of their events in the chunk."""
        return tuple(music.notes for music in self._musics)

    def drum_messages(self) -> tuple[DrumMessages, ...]:
        """What each chunk says of drums."""
        return tuple(music.drums for music in self._musics)

    def score(self) -> Score:
        """The score these events say. Raises MidiError where they cannot be a piece of music."""
        score = assembled(
            self._musics,
            timebase=self.timebase,
            source=self.source,
            join_channels=self.join_channels,
            warnings=self.warnings,
        )
        return in_roles(score, self._said(score.tracks))

    def parts(self) -> tuple[Part, ...]:
        """The tracks of `score()`, in its order, each note with its two events."""
        parts = parts_of(self._musics, division=self.timebase.division, join_channels=self.join_channels)
        said = self._said([part.track for part in parts])
        return tuple(
            replace(part, track=part.track.with_role(said[number])) if number in said else part
            for number, part in enumerate(parts)
        )

    def _said(self, tracks: Sequence[Track]) -> dict[int, str]:
        """The roles that were said, by the number of the track."""
        places = enumerate((track.chunk, track.channel) for track in tracks)
        return {number: self.roles[place] for number, place in places if place in self.roles}

    def to_bytes(self) -> bytes:
        """A Standard MIDI File of these events. Raises ValueError where ticks go back."""
        header = b"MThd\0\0\0\6" + b"".join(
            number.to_bytes(2, "big") for number in (self.format, len(self.chunks), self.division)
        )
        return header + b"".join(_chunk_bytes(events, chunk=index) for index, events in enumerate(self.chunks))


def parse(data: bytes, *, source: str = "bytes", join_channels: bool = False) -> EventList:
    """Every event of a MIDI file given as bytes. `join_channels` says what its parts are (`EventList`). Raises
    MidiError where it cannot be read as MIDI."""
    return replace(parse_chunks(cut_chunks(data, source=source)), join_channels=join_channels)


def parse_chunks(file: MidiChunks) -> EventList:
    """Every event of a file that the guard has cut into chunks."""
    walks: list[Walk] = []
    left = MAX_EVENTS
    for index in range(len(file.chunks)):
        walks.append(walk_chunk(file, index, most=left))
        left -= len(walks[-1].events)
    has_notes = any(message[0] & 0xF0 == 0x90 and message[2] for walked in walks for _, message in walked.events)
    check_readable(walks, size=sum(len(c.body) for c in file.chunks), has_notes=has_notes, source=file.source)
    warnings = (*file.warnings, *merged([warning for walked in walks for warning in walked.warnings]))
    chunks = tuple(walked.events for walked in walks)
    return EventList(file.timebase.word, chunks, format=file.format, source=file.source, warnings=warnings)


def walk_chunk(file: MidiChunks, index: int, *, most: int) -> Walk:
    """The walk through one chunk of a file, of `most` events at most."""
    chunk = file.chunks[index]
    return walk(chunk.body, chunk=index, offset=chunk.offset, division=file.timebase.division, most=most)


def chunk_music(events: tuple[Event, ...], *, chunk: int) -> WalkedMusic:
    """What the events of one chunk say as music."""
    zones = zones_of(events)
    heads = {address: zone.master for zone in zones for address in zone.members}
    notes, hanging = paired_notes(events)
    changes = program_changes(events)
    warnings = []
    if hanging:
        text = f"chunk {chunk}: notes that never end were kept to the end of the track"
        warnings.append(ScoreWarning("hanging-notes", text, hanging))
    if len(changes) > MANY_PROGRAMS:
        warnings.append(ScoreWarning("many-programs", f"chunk {chunk}: {len(changes)} programme changes"))
    names = [message_payload(message) for _, message in events if message[:2] == bytes([0xFF, TRACK_NAME])]
    return WalkedMusic(
        chunk=chunk,
        name=text_of(names[0]) if names else "",
        notes=notes,
        programs=programs_at_first_notes(events, heads),
        changes=changes,
        conductor=conductor_events(events, chunk=chunk),
        end_tick=events[-1].tick,
        warnings=tuple(warnings),
        drums=drum_messages(events),
        zones=zones,
    )


def quantity(number: int) -> bytes:
    """A variable-length quantity: seven bits a byte, the top bit meaning that more follow."""
    low = bytes([number & 0x7F])
    return low if number < 0x80 else bytes([byte | 0x80 for byte in quantity(number >> 7)]) + low


def _chunk_bytes(events: tuple[Event, ...], *, chunk: int) -> bytes:
    """One track chunk, head and all."""
    pieces: list[bytes] = []
    before = 0
    for tick, message in events:
        if tick < before:
            raise ValueError(f"chunk {chunk} goes back in time, from tick {before} to tick {tick}")
        pieces += (quantity(tick - before), message)
        before = tick
    body = b"".join(pieces)
    return b"MTrk" + len(body).to_bytes(4, "big") + body
