"""Reading: from a file to a score.

Each chunk takes the short cut of `plain.py` where it is plain, and is walked event by event where it is not. Both ways
say the same music and the same warnings; `assembling.py` makes one score of them. A file that may name a port other
than 0, or makes a zone of channels, is walked as a whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import replace

from symbolic_embed.score.chunk import Chunk
from symbolic_embed.score.events import walk_chunk
from symbolic_embed.score.reading.assembling import assembled, check_readable, merged
from symbolic_embed.score.reading.drums import concerns_drums, drum_messages, may_say_drums
from symbolic_embed.score.reading.guard import MidiChunks, cut_chunks
from symbolic_embed.score.reading.opening import MAX_BYTES, file_bytes
from symbolic_embed.score.reading.pairing import program_changes
from symbolic_embed.score.reading.parts import ChunkMusic
from symbolic_embed.score.reading.plain import first_program, may_change_program, plain_music
from symbolic_embed.score.reading.walking import MAX_EVENTS, Walk, walk
from symbolic_embed.score.reading.zones import may_have_zones, zones_of
from symbolic_embed.score.score import Score

OTHER_PORT = re.compile(rb"\xff\x21(?!\x01\x00)")  # a port is named that is not 0, or that cannot be told so easily


def read(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES, join_channels: bool = False) -> Score:
    """The score of a MIDI file. What was repaired is in its `warnings`; raises MidiError where it cannot be read.
    `join_channels`: channels of one chunk and programme are one part."""
    data = file_bytes(path, max_bytes=max_bytes)
    return read_bytes(data, source=os.fsdecode(path), join_channels=join_channels)


def read_bytes(data: bytes, *, source: str = "bytes", join_channels: bool = False) -> Score:
    """The score of a MIDI file given as bytes. `source` is its name in messages; `join_channels` as in `read`."""
    file = cut_chunks(data, source=source)
    musics: list[ChunkMusic] = []
    walks: dict[int, Walk] = {}
    left = MAX_EVENTS
    may_be_plain = not any(_needs_all_walked(chunk.body) for chunk in file.chunks)
    for index, chunk in enumerate(file.chunks):
        music = plain_music(chunk.body, chunk=index) if may_be_plain else None
        if music is None:
            walks[index] = walk_chunk(file, index, most=left)
            left -= len(walks[index].events)
            music = Chunk(walks[index].events).music(index)
        musics.append(music)
    if may_be_plain:
        musics = _programs_settled(musics, file, walked=walks.keys())
        musics = _drums_settled(musics, file, walked=walks.keys())
    size, has_notes = sum(len(chunk.body) for chunk in file.chunks), any(music.notes for music in musics)
    check_readable(list(walks.values()), size=size, has_notes=has_notes, source=source)
    damages = merged([warning for taken in walks.values() for warning in taken.warnings])
    warnings = (*file.warnings, *damages)
    return assembled(musics, timebase=file.timebase, source=source, join_channels=join_channels, warnings=warnings)


def _needs_all_walked(body: bytes) -> bool:
    """Whether a chunk says what has to be known of every event of the file: a port, or a zone of channels."""
    if b"\xff\x21" in body and OTHER_PORT.search(body):
        return True
    return may_have_zones(body) and bool(zones_of(walk(body).events))


def _programs_settled(musics: list[ChunkMusic], file: MidiChunks, *, walked: Collection[int]) -> list[ChunkMusic]:
    """The same, with all that is needed to say which programme each part begins with.

    A plain chunk does not say whether it chose programme 0 or none. That matters only where another chunk may change
    the programme of the same channel; if it chose none, those others have to say when they do.
    """
    bodies = [chunk.body for chunk in file.chunks]
    settled, known = list(musics), set(walked)
    silent = [(channel, music.chunk) for music in musics for channel in music.notes.keys() - music.programs.keys()]
    for channel in {channel for channel, _ in silent}:
        changing = {index for index, body in enumerate(bodies) if may_change_program(body, channel)}
        unknown = changing - known
        for index in [index for silent_channel, index in silent if silent_channel == channel]:
            if not changing or changing == {index}:
                continue
            program = first_program(bodies[index], channel) if index not in walked else None
            if program is not None:
                programs = {**settled[index].programs, channel: program}
                settled[index] = replace(settled[index], programs=programs)
                continue
            for other in unknown - {index}:
                settled[other] = replace(settled[other], changes=program_changes(walk(bodies[other]).events))
                known.add(other)
            unknown &= {index}
    return settled


def _drums_settled(musics: list[ChunkMusic], file: MidiChunks, *, walked: Collection[int]) -> list[ChunkMusic]:
    """The same, with all that is needed to say which parts are drums, where the file itself says anything of it."""
    plain = {index: chunk.body for index, chunk in enumerate(file.chunks) if index not in walked}
    saying = {index for index, body in plain.items() if may_say_drums(body)}
    if not saying and not any(music.drums.says_drums() for music in musics):
        return musics
    settled = list(musics)

    def settle(indices: Collection[int]) -> None:
        for index in indices:
            settled[index] = replace(settled[index], drums=drum_messages(walk(plain[index]).events))

    settle(saying)
    channels = set().union(*(music.drums.banked() for music in settled))
    settle({index for index, body in plain.items() if index not in saying and concerns_drums(body, channels)})
    return settled
