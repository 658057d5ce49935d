"""`rank` by what can be heard, from Python."""

from __future__ import annotations

import os
from collections.abc import Iterator

from symbolic_embed.api.music import Music, Paths, Rejected, paths_of, piece_of, pieces_in
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sound import sound_hash
from symbolic_embed.errors import InputError, UsageError
from symbolic_embed.files.folders import Found, find_midi
from symbolic_embed.library.by_sound import (
    Query,
    Sounding,
    query_of_bars,
    query_of_recording,
    ranked_by_sound,
    sounding,
)
from symbolic_embed.library.recordings import KeptRecordings
from symbolic_embed.library.showing import Match
from symbolic_embed.library.sounds import compares_sound, is_recording, is_sound_file
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.within import meant
from symbolic_embed.listening.spectra import heard
from symbolic_embed.requests import RankRequest


def is_by_sound(query: Music, paths: Paths | Library, embedder: Embedder, request: RankRequest) -> bool:
    """Whether pieces are compared by what can be heard."""
    named = [] if isinstance(paths, Library) else [os.fspath(path) for path in paths_of(paths)]
    sounds = [query] if isinstance(query, str | os.PathLike | bytes) else []
    return compares_sound(request, embedder, sounds, named)


def ranked(
    query: Music, paths: Paths | Library, rejected: Rejected | None, embedder: Embedder, request: RankRequest
) -> list[Match]:
    """Pieces by how they sound. Raises InputError, UsageError, CheckpointError."""
    if request.why or request.tracks is not None:
        raise UsageError("`why` and `tracks` with recordings: of what is heard no parts are known; leave them out")
    (matches,) = ranked_by_sound(
        [_query(query, embedder, request)], _searched(paths, rejected, embedder, request), embedder, request
    )
    return matches


def _query(query: Music, embedder: Embedder, request: RankRequest) -> Query:
    if isinstance(query, str | os.PathLike | bytes) and is_sound_file(query):
        source = "recording" if isinstance(query, bytes) else os.fsdecode(query)
        return query_of_recording(heard(query, source=source), embedder.sound_model, transpose=request.transpose)
    return query_of_bars(piece_of(query, request, request.roles), embedder, transpose=request.transpose)


def _searched(
    paths: Paths | Library, rejected: Rejected | None, embedder: Embedder, request: RankRequest
) -> Iterator[Sounding]:
    where = request.conditions
    if isinstance(paths, Library):
        if paths.folder is not None and where is None:
            yield from KeptRecordings(paths.folder, encoder=sound_hash(embedder.card)).sounding()
        yield from sounding(meant(paths, where, embedder), embedder)
        return
    files = sorted(find_midi(paths_of(paths)), key=lambda file: file.path)
    notes = [file.path for file in files if not is_recording(file.path)]
    pieces = pieces_in(notes, rejected, request, where=where) if notes else ()
    yield from sounding(pieces, embedder)
    for file in files:
        if is_recording(file.path):
            try:
                yield _heard(file, embedder)
            except InputError as error:
                if rejected is None:
                    raise
                rejected(file.path, error.reason)


def _heard(file: Found, embedder: Embedder) -> Sounding:
    if file.problem:
        raise InputError(file.path, file.problem)
    return Sounding(file.path, embedder.sound_model.counted(heard(file.path, source=file.path)))
