"""The score in memory: what a MIDI file says, in ticks, with nothing rounded.

A score has a division (ticks a quarter note), parts with notes, and a conductor's part: tempi, time signatures, key
signatures, markers. A part (`Track`) is what a musician would call one: the notes that one track chunk of the file
sends on one channel of one port, whatever programme changes happen on the way. Parts without notes are not listed; the
complete event list (`events.py`) still has them.

All of it is frozen. Arrays are read-only; "changing" a score means making another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRUM_CHANNEL = 9  # "channel 10" to musicians, who count from 1

Chosen = NDArray[np.bool_] | NDArray[np.int64]  # rows of a table: a mask over all of them, or the indices of some


@dataclass(frozen=True)
class ScoreWarning:
    """Something about a file that was repaired or read in a way its author may not have meant.

    `kind` is a stable word for programs, `text` is one line for people and names the place, `count` says how often.
    """

    kind: str
    text: str
    count: int = 1

    def __str__(self) -> str:
        return self.text if self.count == 1 else f"{self.text} ({self.count} times)"


@dataclass(frozen=True, eq=False)
class Notes:
    """The notes of one part, in columns of equal length (n,), ordered by onset, then pitch, then duration.

    `onset_ticks` and `duration_ticks` are int64, `pitch` (0 to 127) and `velocity` (1 to 127) are uint8.
    """

    onset_ticks: NDArray[np.int64]
    duration_ticks: NDArray[np.int64]
    pitch: NDArray[np.uint8]
    velocity: NDArray[np.uint8]

    @classmethod
    def of(cls, onset_ticks: ArrayLike, duration_ticks: ArrayLike, pitch: ArrayLike, velocity: ArrayLike) -> Notes:
        """Notes from columns in any order and of any integer type; copies, sorts, and freezes them."""
        unsorted = cls(
            np.asarray(onset_ticks, np.int64),
            np.asarray(duration_ticks, np.int64),
            np.asarray(pitch, np.uint8),
            np.asarray(velocity, np.uint8),
        )
        order = unsorted._order()
        notes = cls(
            unsorted.onset_ticks[order], unsorted.duration_ticks[order], unsorted.pitch[order], unsorted.velocity[order]
        )
        for column in (notes.onset_ticks, notes.duration_ticks, notes.pitch, notes.velocity):
            column.flags.writeable = False
        return notes

    def _order(self) -> NDArray[np.int64]:
        """The order by onset, pitch, duration, velocity. Onset and pitch in one number nearly always settle it, and
        sort five times as fast as four columns."""
        by_onset_and_pitch = self.onset_ticks * 128 + self.pitch
        order = np.argsort(by_onset_and_pitch)
        in_order = by_onset_and_pitch[order]
        if (in_order[1:] == in_order[:-1]).any():
            return np.lexsort((self.velocity, self.duration_ticks, self.pitch, self.onset_ticks))
        return order

    @classmethod
    def none(cls) -> Notes:
        """A part that rests throughout."""
        return cls.of([], [], [], [])

    def __len__(self) -> int:
        return len(self.onset_ticks)

    @property
    def offset_ticks(self) -> NDArray[np.int64]:
        """Where each note ends, int64 (n,)."""
        return self.onset_ticks + self.duration_ticks

    def where(self, chosen: Chosen) -> Notes:
        """The notes that a boolean mask or an index array chooses."""
        return Notes.of(
            self.onset_ticks[chosen], self.duration_ticks[chosen], self.pitch[chosen], self.velocity[chosen]
        )

    def rows(self) -> NDArray[np.int64]:
        """The notes as an int64 table (n, 4): onset, duration, pitch, velocity."""
        return np.stack([self.onset_ticks, self.duration_ticks, self.pitch, self.velocity], axis=1).astype(np.int64)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Notes) and np.array_equal(self.rows(), other.rows())

    @classmethod
    def concatenated(cls, several: Sequence[Notes]) -> Notes:
        """All notes of `several`, in order."""
        return cls.of(*np.concatenate([np.zeros((0, 4), np.int64), *(notes.rows() for notes in several)]).T)


NO_NOTES = Notes.none()


@dataclass(frozen=True)
class Track:
    """One part. `program` counts from 0 and is the one in force at the part's first note; `chunk` is the index of the
    file's track chunk it came from; `channel` and `port` count from 0, and name the part together. `members` are other
    channels of the same port that belong to it: its instrument plays on all of them, as `reading.parts` says.
    `keyswitches` say how it plays, and are no notes of the music. `is_drum` is for who reads a file to say
    (`reading.drums`, `reading.kits`); where nobody does, a part on channel 9 (musicians' channel 10) is drums. `role`:
    what somebody said that the part does, one of `bars.ROLES`; None where its notes tell."""

    notes: Notes
    name: str = ""
    program: int = 0
    channel: int = 0
    chunk: int = 0
    port: int = 0
    members: tuple[int, ...] = ()
    keyswitches: Notes = field(default_factory=lambda: NO_NOTES)
    is_drum: bool = field(default=None, kw_only=True)  # type: ignore[assignment]
    role: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.is_drum is None:
            object.__setattr__(self, "is_drum", self.channel == DRUM_CHANNEL)

    @property
    def address(self) -> int:
        """Port and channel in one number, as `reading.ports` makes it."""
        return self.port << 4 | self.channel

    @property
    def addresses(self) -> tuple[int, ...]:
        """All addresses it plays on, its own first."""
        return tuple(self.port << 4 | channel for channel in (self.channel, *self.members))

    def with_role(self, role: str) -> Track:
        """The same part in another role; in that of drums its notes are struck, in any other they have a pitch."""
        return replace(self, role=role, is_drum=role == "drums")


@dataclass(frozen=True)
class Tempo:
    """From `tick` on, a quarter note lasts `microseconds` (the integer that the file holds)."""

    tick: int
    microseconds: int

    @property
    def per_minute(self) -> float:
        return 60e6 / self.microseconds


@dataclass(frozen=True)
class TimeSignature:
    """From `tick` on, the metre is numerator/denominator; a barline falls on `tick` whatever came before."""

    tick: int
    numerator: int
    denominator: int

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True)
class KeySignature:
    """From `tick` on: `sharps` (negative: flats), and whether the mode is minor."""

    tick: int
    sharps: int
    minor: bool

    def __str__(self) -> str:
        majors = ["Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"]
        minors = ["Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#"]
        return f"{minors[self.sharps + 7]} minor" if self.minor else f"{majors[self.sharps + 7]} major"


@dataclass(frozen=True)
class Marker:
    """A named place, such as the beginning of a section."""

    tick: int
    text: str


Conducted = Tempo | TimeSignature | KeySignature | Marker  # what a conductor gives, for all parts


@dataclass(frozen=True)
class Score:
    """A piece of music as a MIDI file gives it. `source` is the name used in messages.

    `division` is ticks a quarter note. Conductor events are sorted by tick, one of a kind per tick (the last one in the
    file wins). `has_grid` is False where the ticks are clock time (SMPTE division), so that barlines mean nothing.
    `length_ticks` is where the file says that the piece ends, with a rest behind its last note; None where it says
    nothing (`metre.stated_length`).
    """

    division: int
    tracks: tuple[Track, ...] = ()
    tempi: tuple[Tempo, ...] = ()
    time_signatures: tuple[TimeSignature, ...] = ()
    key_signatures: tuple[KeySignature, ...] = ()
    markers: tuple[Marker, ...] = ()
    source: str = "score"
    has_grid: bool = True
    length_ticks: int | None = None
    warnings: tuple[ScoreWarning, ...] = field(default=(), compare=False)

    @property
    def note_count(self) -> int:
        return sum(len(track.notes) for track in self.tracks)

    @property
    def end_tick(self) -> int:
        """Where the last note ends; 0 without notes."""
        return max((int(track.notes.offset_ticks.max()) for track in self.tracks if len(track.notes)), default=0)

    def with_warnings(self, *more: ScoreWarning) -> Score:
        return replace(self, warnings=self.warnings + more)
