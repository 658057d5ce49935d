"""A piece of music as parts, and how it becomes a MIDI file that any sequencer opens without surprises.

Times are quarter notes since the start, as exact fractions; a quarter has 480 ticks. A piece is written as a file of
type 1. The first track conducts: title, tempo, metre, key and markers (the section names that a sequencer shows over
its bars), no notes. Then follows a track for each part, with a channel of its own; a drum kit has channel 10, which
programmers count as 9. Every part begins with its name and its instrument, every note that starts also ends, and all
tracks end together with the last bar.

Where several things happen at one moment they are written in this order: names and instruments, ends of notes,
controllers, beginnings of notes. So a repeated note is released before it is struck again.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import mido

TICKS_A_QUARTER = 480
DRUM_CHANNEL = 9
VOLUME, PAN, EXPRESSION, SUSTAIN_PEDAL = 7, 10, 11, 64

Timed = tuple[int, int, mido.Message | mido.MetaMessage]
"""Tick, rank among the events of that tick, event."""


@dataclass(frozen=True)
class Note:
    """A sounding note: onset and length in quarters, pitch (60 is middle C) and velocity from 1 to 127."""

    onset: Fraction
    length: Fraction
    pitch: int
    velocity: int

    @property
    def end(self) -> Fraction:
        """The moment at which the note is released, in quarters."""
        return self.onset + self.length


@dataclass(frozen=True)
class Control:
    """One position of a controller, such as the sustain pedal (number 64) pressed down (level 127)."""

    onset: Fraction
    number: int
    level: int


@dataclass(frozen=True)
class Part:
    """What one player reads: a name, a General MIDI programme counted from 0, the notes and the controllers."""

    name: str
    programme: int
    notes: tuple[Note, ...]
    controls: tuple[Control, ...] = ()
    drums: bool = False


@dataclass(frozen=True)
class Piece:
    """A whole piece. Tempi, metres and markers begin at a time in quarters and hold until the next one."""

    title: str
    key: str
    tempi: tuple[tuple[Fraction, Fraction], ...]
    """(onset, quarters a minute)"""
    metres: tuple[tuple[Fraction, int, int], ...]
    """(onset, beats in a bar, beat unit), so 6/8 is 6 and 8"""
    markers: tuple[tuple[Fraction, str], ...]
    parts: tuple[Part, ...]
    length: Fraction


def midi_bytes(piece: Piece) -> bytes:
    """The bytes of the MIDI file: the same piece gives the same bytes, always."""
    midi = mido.MidiFile(type=1, ticks_per_beat=TICKS_A_QUARTER)
    end = ticks(piece.length)
    midi.tracks.append(track_of(conductor_events(piece), end=end))
    for part, channel in zip(piece.parts, channels(piece.parts), strict=True):
        midi.tracks.append(track_of(part_events(part, channel=channel), end=end))
    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


def ticks(quarters: Fraction) -> int:
    """A time in ticks. A time that falls between two ticks is refused."""
    exact = quarters * TICKS_A_QUARTER
    if exact.denominator != 1:
        raise ValueError(f"{quarters} quarters are {float(exact)} ticks, which is not a whole number")
    return int(exact)


def channels(parts: tuple[Part, ...]) -> Iterator[int]:
    """A channel for each part in order: 0, 1, 2 ... without 9, which is kept for drums."""
    pitched = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    for part in parts:
        yield DRUM_CHANNEL if part.drums else next(pitched)


def conductor_events(piece: Piece) -> Iterator[Timed]:
    """The events of the first track."""
    yield 0, 0, mido.MetaMessage("track_name", name=piece.title)
    for onset, numerator, denominator in piece.metres:
        yield ticks(onset), 1, mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)
    yield 0, 2, mido.MetaMessage("key_signature", key=piece.key)
    for onset, quarters_a_minute in piece.tempi:
        yield ticks(onset), 3, mido.MetaMessage("set_tempo", tempo=round(60_000_000 / quarters_a_minute))
    for onset, text in piece.markers:
        yield ticks(onset), 4, mido.MetaMessage("marker", text=text)


def part_events(part: Part, *, channel: int) -> Iterator[Timed]:
    """The events of one part. Two notes of one pitch that overlap are refused: on a keyboard they share a key."""
    refuse_overlaps(part)
    yield 0, 0, mido.MetaMessage("track_name", name=part.name)
    yield 0, 1, mido.Message("program_change", channel=channel, program=part.programme)
    for note in part.notes:
        yield ticks(note.end), 2, mido.Message("note_off", channel=channel, note=note.pitch, velocity=64)
        yield (
            ticks(note.onset),
            4,
            mido.Message("note_on", channel=channel, note=note.pitch, velocity=note.velocity),
        )
    for control in part.controls:
        message = mido.Message("control_change", channel=channel, control=control.number, value=control.level)
        yield ticks(control.onset), 3, message


def refuse_overlaps(part: Part) -> None:
    """Raise ValueError if a pitch begins again before it has ended."""
    for before, after in pairwise(sorted(part.notes, key=lambda note: (note.pitch, note.onset))):
        if before.pitch == after.pitch and after.onset < before.end:
            raise ValueError(f"{part.name}: pitch {after.pitch} begins at {after.onset} but sounds until {before.end}")


def track_of(events: Iterable[Timed], *, end: int) -> mido.MidiTrack:
    """The events in order of time, each with its distance from the one before, and the end of the track."""
    track, now = mido.MidiTrack(), 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track
