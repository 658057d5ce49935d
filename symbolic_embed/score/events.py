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
from functools import cached_property, lru_cache

from symbolic_embed.score.chunk import Chunk
from symbolic_embed.score.reading.assembling import assembled, check_readable, merged
from symbolic_embed.score.reading.drums import DrumMessages
from symbolic_embed.score.reading.guard import MidiChunks, cut_chunks
from symbolic_embed.score.reading.pairing import PairedNotes
from symbolic_embed.score.reading.parts import Part, WalkedMusic, parts_of
from symbolic_embed.score.reading.timebase import TimeBase
from symbolic_embed.score.reading.walking import END_OF_TRACK, MAX_EVENTS, Event, Walk, walk
from symbolic_embed.score.roles import in_roles
from symbolic_embed.score.score import Score, ScoreWarning, Track


@dataclass(frozen=True)
class EventList:
    """All events of a file. `division` is the header's last two bytes as a number (see `reading.timebase`).

    Each chunk is a tuple of events with ticks that never decrease, and ends with the only end-of-track event in it;
    `chunk` knows what one says.
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
        known = tuple(chunk if isinstance(chunk, Chunk) else Chunk(chunk) for chunk in self.chunks)
        object.__setattr__(self, "chunks", known)

    @property
    def timebase(self) -> TimeBase:
        return TimeBase.of(self.division)

    def chunk(self, index: int) -> Chunk:
        """One of the chunks."""
        chunk = self.chunks[index]
        assert isinstance(chunk, Chunk), "chunks are made so at the beginning"
        return chunk

    @property
    def ports(self) -> tuple[bytes, ...]:
        """The ports in force for the events of each chunk (`Chunk.ports`)."""
        return tuple(self.chunk(index).ports for index in range(len(self.chunks)))

    def notes(self) -> tuple[Mapping[int, PairedNotes], ...]:
        """The notes of each chunk, by address (port * 16 + channel), with the indices of their events in the chunk."""
        return tuple(self.chunk(index).notes for index in range(len(self.chunks)))

    def drum_messages(self) -> tuple[DrumMessages, ...]:
        """What each chunk says of drums."""
        return tuple(music.drums for music in self._musics)

    def score(self) -> Score:
        """The score these events say. Raises MidiError where they cannot be a piece of music."""
        return self._score

    def parts(self) -> tuple[Part, ...]:
        """The tracks of `score()`, in its order, each note with its two events."""
        return self._parts

    @cached_property
    def _musics(self) -> tuple[WalkedMusic, ...]:
        return tuple(self.chunk(index).music(index) for index in range(len(self.chunks)))

    @cached_property
    def _score(self) -> Score:
        score = assembled(
            self._musics,
            timebase=self.timebase,
            source=self.source,
            join_channels=self.join_channels,
            warnings=self.warnings,
        )
        return in_roles(score, self._said(score.tracks))

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
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


@lru_cache(maxsize=4096)
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
