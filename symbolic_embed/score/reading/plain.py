"""The short cut: one plain track chunk to music through symusic, some twenty times faster than walking it.

symusic parses a chunk in microseconds, but it repairs, drops and misreads in silence, and forgets the channel. So it is
only asked about chunks that `plainness.py` has looked through, and its answer is checked by marks put at the end:

    ... the chunk's events | a marker | 128 note-offs on each channel | one known note on each channel | end-of-track

The marker stands in for the chunk's own end-of-track and shows that this was one. The known note's pitch is its
channel's number, so the track it turns up in tells its channel. A note that one of these note-offs ends was never
closed. Where a check fails the answer is None, and the chunk is walked (`walking.py`): slower, the same music. Tests
hold the two ways equal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from symbolic_embed.score.reading.conductor import KEY_SIGNATURE, MARKER, TEMPO, TIME_SIGNATURE, ConductorEvent
from symbolic_embed.score.reading.pairing import NoteColumns, programs_at_first_notes
from symbolic_embed.score.reading.parts import ChunkMusic
from symbolic_embed.score.reading.plainness import looks
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.walking import END_OF_TRACK, walk

if TYPE_CHECKING:
    from symusic.core import ScoreTick

SHORTEST = 160  # bytes: a shorter chunk is walked in less time

_CHANNELS = range(16)
_HEADER = b"MThd\0\0\0\6\0\0\0\1\x01\xe0MTrk"
_NOTE_ON = [bytes([0x90 | channel]) for channel in _CHANNELS]
_WHOLE_NOTE_ON = [re.compile(status + rb"[\x00-\x7f]{2}") for status in _NOTE_ON]
_PROGRAM = [bytes([0xC0 | channel]) for channel in _CHANNELS]
_ALL_OFF = [bytes([0, 0x80 | channel]) + b"\0".join(bytes([pitch, 0]) for pitch in range(128)) for channel in _CHANNELS]
_MARK_ON = [bytes([0, 0x90 | channel, channel, 1]) for channel in _CHANNELS]
_MARK_OFF = [bytes([0, 0x80 | channel, channel, 0]) for channel in _CHANNELS]
_END_MARKER = b"\xff\x06\x03END"
_LATER = b"\x01\xff\x01\0"  # an empty text, one tick on


def plain_music(body: bytes, *, chunk: int) -> ChunkMusic | None:
    """The music of a plain chunk; None where it has to be walked. Programme 0 is never claimed: whether the chunk says
    so or says nothing is for `first_program` to find out, where it matters."""
    seen = looks(body) if len(body) >= SHORTEST else None
    if seen is None:
        return None
    channels = [c for c in _CHANNELS if _NOTE_ON[c] in body and _WHOLE_NOTE_ON[c].search(body)]
    parsed = _parsed(body, channels)
    if parsed is None:
        return None
    by_channel = _notes_by_channel(parsed, len(channels))
    conductor = _conductor(seen.conductor, parsed, chunk=chunk)
    if by_channel is None or conductor is None:
        return None
    notes, programs = by_channel
    names = [text_of(name) for name in seen.names]
    if notes and names and (len(names) > 1 or parsed.tracks[0].name != names[0]):
        return None
    end_tick = parsed.markers[-1].time  # our marker stands where the end-of-track stood
    return ChunkMusic(chunk, names[0] if names else "", notes, programs, (), conductor, end_tick)


def may_change_program(body: bytes, channel: int) -> bool:
    """False only if the chunk certainly has no programme change on `channel`."""
    return _PROGRAM[channel] in body


def first_program(body: bytes, channel: int) -> int | None:
    """The programme that a plain chunk with notes on `channel` chose before the first of them; None if none."""
    if not may_change_program(body, channel):
        return None
    for end in (body.find(_NOTE_ON[channel]) + 3, len(body)):
        events = walk(body[:end]).events
        if any(message[0] == 0x90 | channel and message[2] for _, message in events):
            return programs_at_first_notes(events).get(channel)
    return None


def _parsed(body: bytes, channels: list[int]) -> ScoreTick | None:
    """symusic's reading of the chunk with the marks at its end; None where it refuses."""
    from symusic import Score as Parsed

    tail = [_END_MARKER, _LATER, *(_ALL_OFF[c] for c in channels), _LATER, *(_MARK_ON[c] for c in channels)]
    tail += [_LATER, *(_MARK_OFF[c] for c in channels), b"\0", END_OF_TRACK]
    marked = body[:-3] + b"".join(tail)
    try:
        in_ticks = Parsed.from_midi(_HEADER + len(marked).to_bytes(4, "big") + marked)
        return cast("ScoreTick", in_ticks)
    except (RuntimeError, ValueError, MemoryError):
        return None


def _notes_by_channel(parsed: ScoreTick, count: int) -> tuple[dict[int, NoteColumns], dict[int, int]] | None:
    """Notes and programmes (above 0) of each channel with notes, ascending. None unless each of `count` channels shows
    its mark in its only track, and no note lasts to the note-offs before the marks."""
    tracks = [(track.program, track.notes) for track in parsed.tracks if len(track.notes)]
    if len(tracks) != count:
        return None
    marks = [notes[-1] for _, notes in tracks]
    last = max((mark.time for mark in marks), default=0)
    of_channel: dict[int, NoteColumns] = {}
    programs: dict[int, int] = {}
    for mark, (program, notes) in sorted(zip(marks, tracks, strict=True), key=lambda of_track: of_track[0].pitch):
        if (mark.time, mark.duration, mark.velocity) != (last, 1, 1):
            return None
        if len(notes) > 1:
            of_notes = notes.numpy()
            columns = NoteColumns(*(of_notes[name][:-1] for name in ("time", "duration", "pitch", "velocity")))
            if (columns.onset_ticks + columns.duration_ticks).max() > last - 2:
                return None
            of_channel[mark.pitch] = columns
            if program:
                programs[mark.pitch] = program
    return of_channel, programs


def _conductor(seen: list[tuple[int, bytes]], parsed: ScoreTick, *, chunk: int) -> list[ConductorEvent] | None:
    """The conductor's events with symusic's ticks; None unless symusic found the same ones in the same order, and our
    marker after them."""
    events: list[ConductorEvent] = []
    if not parsed.markers or parsed.markers[-1].text != "END":
        return None
    counts = (len(parsed.tempos), len(parsed.time_signatures), len(parsed.key_signatures), len(parsed.markers) - 1)
    for kind, count in zip((TEMPO, TIME_SIGNATURE, KEY_SIGNATURE, MARKER), counts, strict=True):
        data = [data for type_, data in seen if type_ == kind] if seen else []
        if count != len(data):
            return None
        if data:
            ticks, values = _ticks_and_values(kind, parsed)
            if values != [_value(kind, bytes_) for bytes_ in data]:
                return None
            events += (ConductorEvent(tick, kind, bytes_, chunk) for tick, bytes_ in zip(ticks, data, strict=True))
    return events


def _ticks_and_values(kind: int, parsed: ScoreTick) -> tuple[list[int], list[object]]:
    """Ticks and values of symusic's conductor events of one kind, of markers without ours."""
    if kind == MARKER:
        markers = parsed.markers[:-1]
        return [marker.time for marker in markers], [marker.text for marker in markers]
    columns, names = {
        TEMPO: (parsed.tempos.numpy, ("mspq",)),
        TIME_SIGNATURE: (parsed.time_signatures.numpy, ("numerator", "denominator")),
        KEY_SIGNATURE: (parsed.key_signatures.numpy, ("key", "tonality")),
    }[kind]
    values = columns()
    return values["time"].tolist(), list(zip(*(values[name].tolist() for name in names), strict=True))


def _value(kind: int, data: bytes) -> object:
    """What symusic should say of these bytes."""
    if kind == MARKER:
        return text_of(data)
    if kind == TEMPO:
        return (int.from_bytes(data, "big"),)
    if kind == TIME_SIGNATURE:
        return (data[0], 1 << data[1])
    return (int.from_bytes(data[:1], "big", signed=True), data[1])
