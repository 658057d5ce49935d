"""Tools that search: rank, find, next, in a library or among the clips of the folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any, Protocol

from pydantic import Field

from symbolic_embed.assistant.clips import Clip
from symbolic_embed.assistant.reading import OfClip
from symbolic_embed.assistant.workplace import FOLDER, Workplace
from symbolic_embed.bars import BarredScore, cut, with_roles
from symbolic_embed.errors import NoNotesError, SymbolicEmbedError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.notation import read_bytes
from symbolic_embed.requests import FindRequest, NextRequest, RankRequest, Request
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.settings import Settings

TOP, MOST = 10, 50  # answers where nothing was said, and at most
DIGITS = 4
PARTS = ("bars", "harmony", "melody", "rhythm", "passages")


class Row(Protocol):
    """What all answers have."""

    @property
    def path(self) -> str: ...


class Searches(OfClip):
    """What is searched for, and where. `library`: None: the first one that was named, else the clips of the folder."""

    library: str | None = Field(
        None, description=f"The name of a library, or {FOLDER!r}: the clips of the folder. Default: the first library."
    )


class Nothing(Settings):
    """No argument of its own."""


def rank(place: Workplace, own: Searches, request: RankRequest) -> dict[str, Any]:
    """What is most like the clip."""
    from symbolic_embed.library.rank import rank as ranked_in

    clip, query = _query(place, own, request)
    with place.searched(own.library) as library:
        asked = request.model_copy(update={"top": _room(request.top)})
        matches = ranked_in(query, library, place.session.embedder, asked)
    rows = _without(clip, matches) if request.level == "piece" else matches
    fields = ("distance", "transposition", "query_bar", "bar", "likeness")
    told = _rows(place, rows, fields, top=request.top)
    for row, match in zip(told, rows, strict=False):
        if request.why and match.why is not None:
            row["why"] = {part: _short(getattr(match.why, part)) for part in PARTS}
            row["nearest_bars"] = match.why.pairs
            row["along"] = [asdict(one) for one in match.why.along or ()]
    return {"matches": told}


def find(place: Workplace, own: Searches, request: FindRequest) -> dict[str, Any]:
    """Where the clip, or a fragment of it, is from."""
    from symbolic_embed.library.find import find as found_in

    clip, fragment = _query(place, own, request)
    with place.searched(own.library) as library:
        asked = request.model_copy(update={"top": _room(request.top)})
        places = found_in(fragment, library, place.session.embedder, asked)
    fields = ("distance", "transposition", "track", "bar", "last_bar", "likeness")
    return {"places": _rows(place, _without(clip, places), fields, top=request.top)}


def next(place: Workplace, own: Searches, request: NextRequest) -> dict[str, Any]:
    """What goes on well from the clip."""
    from symbolic_embed.library.following import following

    clip, loop = _query(place, own, request)
    with place.searched(own.library) as library:
        asked = request.model_copy(update={"top": _room(request.top)})
        rows = following(loop, library, place.session.embedder, asked)
    fields = ("distance", "transposition", "query_bar", "bar")
    return {"continuations": _rows(place, _without(clip, rows), fields, top=request.top)}


def libraries(place: Workplace, own: Nothing, request: Request) -> dict[str, Any]:
    """The libraries that can be searched, and how many files each has."""
    told = [{"name": name, **_size(where)} for name, where in place.libraries.items()]
    clips = sum(one.problem is None for one in find_midi([place.folder.path]))
    return {"libraries": [*told, {"name": FOLDER, "files": clips}]}


def _size(where: str) -> dict[str, Any]:
    from symbolic_embed.library.stores.opening import open_library

    try:
        with closing(open_library(where)) as library:
            return {"files": len(library)}
    except SymbolicEmbedError as error:
        return {"problem": str(error)}


def _query(place: Workplace, own: Searches, request: RolesRequest) -> tuple[Clip, BarredScore]:
    clip = place.clips.named(own.clip)
    score = read_bytes(clip.read(), source=clip.name, join_channels=request.join_channels)
    if not score.note_count:
        raise NoNotesError(clip.name)
    return clip, cut(with_roles(score, request.roles))


def _room(top: int | None) -> int:
    """How many are asked for: one more than are told, since the clip itself may be among them."""
    return min(top or TOP, MOST) + 1


def _without(clip: Clip, rows: Sequence[Any]) -> list[Any]:
    """The answers but the clip itself."""
    return [row for row in rows if clip.path is None or os.path.normpath(row.path) != clip.path]


def _rows(place: Workplace, rows: Iterable[Row], fields: Sequence[str], *, top: int | None) -> list[dict[str, Any]]:
    told = []
    for number, row in enumerate(list(rows)[: _room(top) - 1], start=1):
        clip = place.clip_at(row.path)
        values = {name: _short(getattr(row, name)) for name in fields}
        told.append({"rank": number, "clip": clip.handle, "name": place.called(clip), **values})
    return told


def _short(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value
