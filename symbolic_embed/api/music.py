"""What a seed may be, and how files and folders are read.

A piece of music is given as

- a path: MIDI, MusicXML, ABC, kern, or a recording, of which the melody is heard;
- bytes: the content of such a file;
- an object: symusic.Score, mido.MidiFile, pretty_midi.PrettyMIDI, or a stream of music21.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from symbolic_embed.api.session import PathLike
from symbolic_embed.bars import BarredScore, cut, with_roles
from symbolic_embed.errors import InputError, NoNotesError, UsageError
from symbolic_embed.files.folders import Found, find_midi
from symbolic_embed.library.building import Pieces
from symbolic_embed.library.facts import meant
from symbolic_embed.library.stores.library import Library
from symbolic_embed.notation import parse, read_bytes
from symbolic_embed.notation.objects import bytes_of
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import ReadingRequest
from symbolic_embed.requests.roles import Roles
from symbolic_embed.requests.where import Where
from symbolic_embed.score import EventList, file_bytes

AS_IT_STANDS = ReadingRequest(join_channels=False)
UNNAMED = "seed.mid"  # what music without a path is called

Music = object  # the head of this page says what it may be
Paths = PathLike | Iterable[PathLike]
Rejected = Callable[[str, str], object]


def seed_of(music: Music, request: ReadingRequest = AS_IT_STANDS) -> Seed:
    """A piece to write from, read as asked for. Raises InputError, NoNotesError; TypeError for what is no music."""
    data, name = _bytes_and_name(music)
    return Seed.from_bytes(data, path=name, join_channels=request.join_channels)


def piece_of(music: Music, request: ReadingRequest = AS_IT_STANDS, roles: Roles = ()) -> BarredScore:
    """A piece to compare, read as asked for, its tracks in `roles`. Raises InputError, NoNotesError; TypeError for what
    is no music; UsageError for a track that it does not have."""
    data, name = _bytes_and_name(music)
    score = read_bytes(data, source=name, join_channels=request.join_channels)
    if not score.note_count:
        raise NoNotesError(name)
    return cut(with_roles(score, roles))


def events_of(music: Music, *, join_channels: bool = False) -> EventList:
    """Everything a file says. Raises InputError; TypeError for what is no music."""
    data, name = _bytes_and_name(music)
    return parse(data, source=name, join_channels=join_channels)


def pieces_in(
    paths: Paths,
    rejected: Rejected | None,
    request: ReadingRequest = AS_IT_STANDS,
    roles: Roles = (),
    *,
    where: Where | None = None,
) -> Iterator[tuple[str, BarredScore]]:
    """The pieces in files and folders, by path, those that are meant. What cannot be used is told to `rejected` (path,
    reason); without one it raises InputError. Raises UsageError for what is no path, and for `roles` where there are
    several."""
    return meant(_pieces_in(paths_of(paths), rejected, request, roles), where)


def collected(
    paths: Paths | Library, rejected: Rejected | None, request: ReadingRequest, *, where: Where | None
) -> Pieces:
    """A library as it is, which knows what is meant; else as `pieces_in`."""
    return paths if isinstance(paths, Library) else pieces_in(paths, rejected, request, where=where)


def paths_of(paths: Paths) -> list[PathLike]:
    """One path, or several, as a list. Raises UsageError for anything else."""
    several = [paths] if isinstance(paths, str | os.PathLike) else paths
    if isinstance(several, bytes) or not isinstance(several, Iterable):
        several = [several]
    listed = list(several)
    for one in listed:
        if not isinstance(one, str | os.PathLike):
            raise UsageError(f"`paths` must be files and folders, not {_in_words(one)}; write it to a file first")
    return listed


def _in_words(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


def _pieces_in(
    paths: list[PathLike], rejected: Rejected | None, request: ReadingRequest, roles: Roles
) -> Iterator[tuple[str, BarredScore]]:
    found = list(find_midi(paths))
    if roles and len(found) != 1:
        raise UsageError(f"`roles` speak of the tracks of one file; {len(found):,} were named", field="roles")
    for file in sorted(found, key=lambda file: file.path):
        try:
            yield file.path, _piece(file, request, roles)
        except InputError as error:
            if rejected is None:
                raise
            rejected(file.path, error.reason)


def _piece(file: Found, request: ReadingRequest, roles: Roles) -> BarredScore:
    if file.problem:
        raise InputError(file.path, file.problem)
    return piece_of(file.path, request, roles)


def _bytes_and_name(music: Music) -> tuple[bytes, str]:
    """A piece as the bytes of a file, and what it is called in messages and records."""
    if isinstance(music, str | os.PathLike):
        return file_bytes(music), os.fsdecode(music)
    return bytes_of(music), UNNAMED
