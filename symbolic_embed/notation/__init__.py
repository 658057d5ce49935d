"""Notation in and out: MusicXML, ABC, kern and recordings as music that every verb takes; music as MusicXML.

    read(path), read_bytes(data)     as in `score`: a file as a Score, whatever notation it is in
    parse(data)                      as in `score`: everything a file says, as an EventList
    music_bytes(path or bytes)       the same as the bytes of a MIDI file; MIDI comes through as it is
    musicxml(music)                  a score or an event list as MusicXML that a player can read
    objects                          from and to objects of symusic, mido, pretty_midi and music21

MIDI is passed on untouched. A recording is heard as a melody (`listening.hearing`). Notation is read in another process
(`reading.guarded`), with music21 where it reads well, and played as it stands: repeats, endings, D.C. and D.S. are
played out, ties joined, grace notes left out; each part keeps its name and instrument, each barline, metre, key, tempo
and rehearsal mark its place. What is left out is in the warnings of the score.
"""

from __future__ import annotations

import os
from dataclasses import replace

from symbolic_embed.errors import InputError, MidiError
from symbolic_embed.files.kinds import Kind, kind_of
from symbolic_embed.score import MAX_BYTES, EventList, Score, ScoreWarning, file_bytes
from symbolic_embed.score import parse as parse_midi
from symbolic_embed.score import read_bytes as read_midi_bytes

__all__ = ["Kind", "kind_of", "midi_bytes", "music_bytes", "musicxml", "parse", "read", "read_bytes"]


def read(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES, join_channels: bool = False) -> Score:
    """The score of a file of MIDI or notation. Raises MidiError where it cannot be read."""
    data = file_bytes(path, max_bytes=max_bytes)
    return read_bytes(data, source=os.fsdecode(path), join_channels=join_channels)


def read_bytes(data: bytes, *, source: str = "bytes", join_channels: bool = False) -> Score:
    """The score of a file given as bytes. `source` is its name: in messages, and where bytes do not tell the kind."""
    midi, warnings = _midi_and_warnings(data, source=source)
    score = read_midi_bytes(midi, source=source, join_channels=join_channels)
    return score.with_warnings(*warnings) if warnings else score


def parse(data: bytes, *, source: str = "bytes", join_channels: bool = False) -> EventList:
    """Every event of a file given as bytes, of notation those of its MIDI. Raises MidiError."""
    midi, warnings = _midi_and_warnings(data, source=source)
    events = parse_midi(midi, source=source, join_channels=join_channels)
    return replace(events, warnings=(*events.warnings, *warnings)) if warnings else events


def music_bytes(
    music: str | os.PathLike[str] | bytes, *, source: str | None = None, max_bytes: int = MAX_BYTES
) -> bytes:
    """The MIDI file of a file of MIDI or notation, named by its path or given as bytes. Raises MidiError."""
    if isinstance(music, bytes):
        return _midi_and_warnings(music, source=source or "bytes")[0]
    return _midi_and_warnings(file_bytes(music, max_bytes=max_bytes), source=source or os.fsdecode(music))[0]


def midi_bytes(data: bytes, *, kind: Kind, source: str = "bytes") -> bytes:
    """The MIDI file of notation of a kind that is known. Raises MidiError."""
    return data if kind == "midi" else _converted(data, kind, source)[0]


def musicxml(music: EventList | Score, *, title: str = "") -> bytes:
    """A score as MusicXML that a player can read. Raises MidiError where it has impossibly many bars."""
    from symbolic_embed.notation.writing.musicxml import musicxml as written

    return written(music, title=title)


def _midi_and_warnings(data: bytes, *, source: str) -> tuple[bytes, tuple[ScoreWarning, ...]]:
    """A MIDI file, and what reading it as notation left out, or hearing it has to say. Bytes of no known kind are for
    the reader of MIDI to refuse."""
    kind = kind_of(data, source)
    return (data, ()) if kind is None or kind == "midi" else _converted(data, kind, source)


def _converted(data: bytes, kind: Kind, source: str) -> tuple[bytes, tuple[ScoreWarning, ...]]:
    return _heard(data, source) if kind == "audio" else _read(data, kind, source)


def _heard(data: bytes, source: str) -> tuple[bytes, tuple[ScoreWarning, ...]]:
    from symbolic_embed.listening.hearing import hear

    try:
        heard = hear(data, source=source)
    except InputError as refusal:
        raise MidiError(source, refusal.reason) from None
    return heard.midi(), heard.warnings


def _read(data: bytes, kind: Kind, source: str) -> tuple[bytes, tuple[ScoreWarning, ...]]:
    from symbolic_embed.notation.reading.guarded import shared

    return shared.convert(data, kind=kind, source=source)
