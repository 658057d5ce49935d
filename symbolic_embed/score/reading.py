"""Reading: from a file to a score.

Each chunk takes the short cut of `plain.py` where it is plain, and is walked event by event where it is not. Both ways
say the same music and the same warnings; `assembling.py` makes one score of them.
"""

from __future__ import annotations

import os
from dataclasses import replace

from symbolic_embed.score.assembling import ChunkMusic, assembled, check_readable, merged
from symbolic_embed.score.events import chunk_music, walk_chunk
from symbolic_embed.score.guard import MAX_BYTES, MidiChunks, cut_chunks, file_bytes
from symbolic_embed.score.pairing import program_changes
from symbolic_embed.score.plain import first_program, may_change_program, plain_music
from symbolic_embed.score.score import Score
from symbolic_embed.score.walking import Walk, walk


def read(path: str | os.PathLike, *, max_bytes: int = MAX_BYTES) -> Score:
    """The score of a MIDI file. What was repaired is in its `warnings`; raises MidiError where it cannot be read."""
    return read_bytes(file_bytes(path, max_bytes=max_bytes), source=os.fsdecode(path))


def read_bytes(data: bytes, *, source: str = "bytes") -> Score:
    """The score of a MIDI file given as bytes. `source` is its name in messages."""
    file = cut_chunks(data, source=source)
    plain = {index: plain_music(chunk.body, chunk=index) for index, chunk in enumerate(file.chunks)}
    walks: list[Walk] = []
    musics = [music or _walked(file, index, walks) for index, music in plain.items()]
    musics = _programs_settled(musics, file, {index for index, music in plain.items() if music})
    has_notes = any(music.notes for music in musics)
    check_readable(walks, size=sum(len(chunk.body) for chunk in file.chunks), has_notes=has_notes, source=source)
    damages = merged([warning for found in walks for warning in found.warnings])
    return assembled(musics, timebase=file.timebase, source=source, warnings=(*file.warnings, *damages))


def _walked(file: MidiChunks, index: int, walks: list[Walk]) -> ChunkMusic:
    """The music of a chunk that was not plain; its walk is appended to `walks`."""
    chunk = file.chunks[index]
    walks.append(walk_chunk(file, index, walks))
    return chunk_music(walks[-1].events, chunk=index)


def _programs_settled(musics: list[ChunkMusic], file: MidiChunks, plain: set[int]) -> list[ChunkMusic]:
    """The same, with all that is needed to say which programme each part begins with.

    A plain chunk does not say whether it chose programme 0 or none. That matters only where another chunk may change
    the programme of the same channel.
    """
    bodies = [chunk.body for chunk in file.chunks]
    settled = list(musics)
    silent = [(music.chunk, channel) for music in musics for channel in music.notes.keys() - music.programs.keys()]
    for channel in {channel for _, channel in silent}:
        changing = [index for index, body in enumerate(bodies) if may_change_program(body, channel)]
        for index in [index for index, silent_channel in silent if silent_channel == channel]:
            others = [other for other in changing if other != index]
            if not others:
                continue
            program = first_program(bodies[index], channel)
            if program is not None:
                programs = {**settled[index].programs, channel: program}
                settled[index] = replace(settled[index], programs=programs)
                continue
            for other in plain.intersection(others):
                settled[other] = replace(settled[other], changes=program_changes(walk(bodies[other]).events))
                plain = plain - {other}
    return settled
