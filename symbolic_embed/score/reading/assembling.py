"""From what each chunk says to one score.

A part is what one chunk sends on one channel. Its programme is the one in force at its first note: the last change on
its channel in its own chunk before that note, else the last one at or before that tick in any other chunk (some files
keep all programme changes in the first), else 0, the piano. Whether it is drums, the file says (`drums.py`), or its
channel does, or its name and its notes together (`kits.py`).

Here the whole file is judged, whichever way its chunks were read: what could not be a piece of music is refused (over
half a million notes, over six hours, ticks beyond 2**31 - 1), what is only strange is named in a warning.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import MidiError
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.metre import stated_length
from symbolic_embed.score.reading.conductor import Conducting, ConductorEvent, conducting, inside_bars
from symbolic_embed.score.reading.drums import NOTHING_SAID, Begins, DrumMessages, said_of_drums
from symbolic_embed.score.reading.kits import drums_by_name, kit_warning
from symbolic_embed.score.reading.pairing import NoteColumns, PairedNotes, Program
from symbolic_embed.score.reading.timebase import TEMPO_120, TimeBase
from symbolic_embed.score.reading.walking import Walk
from symbolic_embed.score.score import Notes, Score, ScoreWarning, Track

MAX_NOTES = 500_000
MAX_HOURS = 6
LAST_TICK = 2**31 - 1
MANY_AT_ONCE = 32  # notes of one pitch on one channel sounding together
MANY_PROGRAMS = 64  # programme changes in one chunk
LEAST_READ = 0.1  # of a damaged file's bytes


@dataclass(frozen=True)
class ChunkMusic:
    """What one chunk says, as music. `notes` and `programs` (the one before the first note) are by channel; `drums`:
    what it says of those that are drums; `end_tick` is that of its end-of-track."""

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


def assembled(
    musics: Sequence[ChunkMusic], *, timebase: TimeBase, source: str, warnings: tuple[ScoreWarning, ...] = ()
) -> Score:
    """The score of a file, from its chunks in order. Raises MidiError where it cannot be a piece of music."""
    conductor = conducting([event for music in musics for event in music.conductor], timebase=timebase)
    tracks: list[Track] = []
    oddities: list[ScoreWarning] = []
    of_kits: list[ScoreWarning] = []
    for number, (track, zero_length, is_said) in enumerate(_tracks(musics, timebase.division)):
        tracks.append(track)
        oddities += _note_warnings(track, zero_length)
        of_kits += [] if is_said else kit_warning(track, number, division=timebase.division)
    ends = [int(track.notes.offset_ticks.max()) for track in tracks]
    _check_limits(tracks, ends, conductor, timebase, source)
    of_chunks = [warning for music in musics for warning in music.warnings]
    score = Score(
        division=timebase.division,
        tracks=tuple(tracks),
        tempi=conductor.tempi,
        time_signatures=conductor.time_signatures,
        key_signatures=conductor.key_signatures,
        markers=conductor.markers,
        source=source,
        has_grid=not timebase.is_clock,
        warnings=(*warnings, *merged([*of_chunks, *oddities]), *of_kits, *conductor.warnings),
    )
    if score.has_grid:
        length = stated_length(_ends_behind(musics, last := max(ends, default=0)), score, music_end=last)
        score = score if length is None else replace(score, length_ticks=length)
    return score.with_warnings(*_metre_warnings(score, end=max(ends, default=0)))


def _ends_behind(musics: Sequence[ChunkMusic], music_end: int) -> Iterator[int]:
    """Where chunks of parts and of the conductor end behind the music, but those that a conductor's event ends: a
    program that writes a last metre or marker there says nothing of a rest."""
    for music in musics:
        if music.end_tick > music_end and (music.notes or music.conductor):
            last = max((event.tick for event in music.conductor), default=0)
            if music.end_tick > last:
                yield music.end_tick


def parts_of(musics: Sequence[WalkedMusic], *, division: int) -> tuple[Part, ...]:
    """The parts of a file all of whose chunks were read event by event, in the order of its score."""
    parts = []
    paired = [notes for music in musics for _, notes in sorted(music.notes.items())]
    for notes, (track, _, _) in zip(paired, _tracks(musics, division), strict=True):
        durations = np.maximum(notes.duration_ticks, 1)
        order = np.lexsort((notes.velocity, durations, notes.pitch, notes.onset_ticks))
        parts.append(Part(track, notes.on_events[order], notes.off_events[order]))
    return tuple(parts)


def merged(warnings: Sequence[ScoreWarning]) -> list[ScoreWarning]:
    """One warning a kind: the text of the first, and all counted."""
    of_kind: dict[str, ScoreWarning] = {}
    for warning in warnings:
        first = of_kind.get(warning.kind)
        of_kind[warning.kind] = replace(first, count=first.count + warning.count) if first else warning
    return list(of_kind.values())


def _tracks(musics: Sequence[ChunkMusic], division: int) -> Iterator[tuple[Track, int, bool]]:
    """Each part, by chunk and channel, how many of its notes had no length, and whether the file says that it is drums,
    or that it is not."""
    changes = _changes_by_channel(musics)
    said = _said_of_drums(musics)
    for music in musics:
        for channel, columns in sorted(music.notes.items()):
            zero_length = len(columns.duration_ticks) - int(np.count_nonzero(columns.duration_ticks))
            durations = np.maximum(columns.duration_ticks, 1) if zero_length else columns.duration_ticks
            notes = Notes.of(columns.onset_ticks, durations, columns.pitch, columns.velocity)
            program = music.programs.get(channel)
            if program is None:
                program = _program_elsewhere(changes.get(channel, []), music.chunk, int(notes.onset_ticks[0]))
            track = Track(notes, music.name, program, channel, music.chunk)
            is_said = (music.chunk, channel) in said
            if is_said:
                track = replace(track, is_drum=said[music.chunk, channel])
            yield track if is_said else drums_by_name(track, division=division), zero_length, is_said


def _said_of_drums(musics: Sequence[ChunkMusic]) -> dict[tuple[int, int], bool]:
    """Of which parts (chunk, channel) the file says whether they are drums."""
    if not any(music.drums.says_drums() for music in musics):
        return {}
    begins = {
        (number, channel): Begins.of(columns.onset_ticks, columns.duration_ticks)
        for number, music in enumerate(musics)
        for channel, columns in music.notes.items()
    }
    return said_of_drums([music.drums for music in musics], begins)


def _changes_by_channel(musics: Sequence[ChunkMusic]) -> dict[int, list[tuple[int, int, int]]]:
    """All programme changes as (tick, chunk, programme), by channel, in the order of time and then of the file."""
    changes: dict[int, list[tuple[int, int, int]]] = {}
    for music in musics:
        for change in music.changes:
            changes.setdefault(change.channel, []).append((change.tick, music.chunk, change.number))
    return {channel: sorted(several, key=lambda change: change[0]) for channel, several in changes.items()}


def _program_elsewhere(changes: list[tuple[int, int, int]], chunk: int, tick: int) -> int:
    """The last programme that chunks other than `chunk` chose up to `tick`; 0 if none did."""
    count = bisect_right(changes, tick, key=lambda change: change[0])
    while count > 0 and changes[count - 1][1] == chunk:
        count -= 1
    return changes[count - 1][2] if count > 0 else 0


def check_readable(walks: Sequence[Walk], *, size: int, has_notes: bool, source: str) -> None:
    """Refuses a damaged file, of `size` bytes in all chunks, of which next to nothing could be read."""
    unread = sum(walk.unread for walk in walks)
    if unread and (not has_notes or size - unread < LEAST_READ * size):
        damage = next(warning.text for walk in walks for warning in walk.warnings if warning.kind == "damaged")
        raise MidiError(source, f"{damage}; the {size - unread} of {size} bytes before it hold too little music")


def _check_limits(tracks: list[Track], ends: list[int], conductor: Conducting, timebase: TimeBase, source: str) -> None:
    """Refuses what is damaged rather than long. `ends` says where the last note of each track ends."""
    count = sum(len(track.notes) for track in tracks)
    if count > MAX_NOTES:
        raise MidiError(source, f"{count:,} notes, more than the {MAX_NOTES:,} that are read; split the file")
    end = max(ends, default=0)
    slowest = max([tempo.microseconds for tempo in conductor.tempi] + [TEMPO_120])
    if end <= LAST_TICK and end * slowest <= MAX_HOURS * 3600 * 1_000_000 * timebase.division:
        return
    what = f"chunk {tracks[ends.index(end)].chunk}: the last note ends"
    if end > LAST_TICK:
        raise MidiError(source, f"{what} at tick {end:,}, beyond {LAST_TICK:,}; is a waiting time damaged?")
    hours = float(seconds(end, tempi=conductor.tempi, division=timebase.division)) / 3600
    if hours > MAX_HOURS:
        raise MidiError(source, f"{what} after {hours:,.1f} hours, more than {MAX_HOURS}; is a waiting time damaged?")


def _note_warnings(track: Track, zero_length: int) -> list[ScoreWarning]:
    """Notes without length, and heaps of one pitch."""
    warnings = []
    part = f"chunk {track.chunk}, channel {track.channel}"
    if zero_length:
        warnings.append(ScoreWarning("zero-length", f"{part}: notes without length were given one tick", zero_length))
    heaped = _heaped(track.notes)
    if heaped:
        text = f"{part}: more than {MANY_AT_ONCE} notes of one pitch sound together"
        warnings.append(ScoreWarning("heaped-notes", text, heaped))
    return warnings


def _heaped(notes: Notes) -> int:
    """How many notes still sound when the 32nd after them of the same pitch begins."""
    n = MANY_AT_ONCE
    if len(notes) <= n or not (notes.onset_ticks[n:] < notes.offset_ticks[:-n]).any():
        return 0
    order = np.argsort(notes.pitch, kind="stable")
    onsets, offsets, pitch = notes.onset_ticks[order], notes.offset_ticks[order], notes.pitch[order]
    return int(np.count_nonzero((onsets[n:] < offsets[:-n]) & (pitch[n:] == pitch[:-n])))


def _metre_warnings(score: Score, *, end: int) -> list[ScoreWarning]:
    """Time signatures inside a bar, as far as the music goes, to tick `end`."""
    signatures = [signature for signature in score.time_signatures if signature.tick < end]
    inside = inside_bars(signatures, division=score.division)
    if not inside:
        return []
    text = f"tick {inside[0].tick}: the time signature {inside[0]} stands inside a bar, which ends there"
    return [ScoreWarning("signature-inside-bar", text, len(inside))]
