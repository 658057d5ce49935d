"""From what each chunk says to one score.

What is one part is said in `parts.py`. Here the whole file is judged, whichever way its chunks were read: what could
not be a piece of music is refused (over half a million notes, over six hours, ticks beyond 2**31 - 1), what is only
strange is named in a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from symbolic_embed.errors import MidiError
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.metre import stated_length
from symbolic_embed.score.reading.conductor import Conducting, conducting, inside_bars
from symbolic_embed.score.reading.kits import kit_warning
from symbolic_embed.score.reading.part_warnings import part_warnings
from symbolic_embed.score.reading.parts import ChunkMusic, gathered
from symbolic_embed.score.reading.timebase import TEMPO_120, TimeBase
from symbolic_embed.score.reading.walking import Walk
from symbolic_embed.score.score import Notes, Score, ScoreWarning, Track

MAX_NOTES = 500_000
MAX_HOURS = 6
LAST_TICK = 2**31 - 1
MANY_AT_ONCE = 32  # notes of one pitch on one channel sounding together
MANY_PROGRAMS = 64  # programme changes in one chunk
LEAST_READ = 0.1  # of a damaged file's bytes


def assembled(
    musics: Sequence[ChunkMusic],
    *,
    timebase: TimeBase,
    source: str,
    join_channels: bool = False,
    warnings: tuple[ScoreWarning, ...] = (),
) -> Score:
    """The score of a file, from its chunks in order. `join_channels`: channels of one chunk and programme are one part.
    Raises MidiError where it cannot be a piece of music."""
    conductor = conducting([event for music in musics for event in music.conductor], timebase=timebase)
    tracks: list[Track] = []
    oddities: list[ScoreWarning] = []
    of_kits: list[ScoreWarning] = []
    parts = gathered(musics, division=timebase.division, join_channels=join_channels)
    for number, part in enumerate(parts):
        tracks.append(track := part.track())
        oddities += _note_warnings(track, part.zero_length)
        of_kits += [] if part.says_drums is not None else kit_warning(track, number, division=timebase.division)
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
        warnings=(
            *warnings,
            *merged([*of_chunks, *oddities]),
            *of_kits,
            *part_warnings(tracks),
            *conductor.warnings,
        ),
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


def merged(warnings: Sequence[ScoreWarning]) -> list[ScoreWarning]:
    """One warning a kind: the text of the first, and all counted."""
    of_kind: dict[str, ScoreWarning] = {}
    for warning in warnings:
        first = of_kind.get(warning.kind)
        of_kind[warning.kind] = replace(first, count=first.count + warning.count) if first else warning
    return list(of_kind.values())


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
    port = f", port {track.port}" if track.port else ""
    part = f"chunk {track.chunk}{port}, channel {track.channel}"
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
