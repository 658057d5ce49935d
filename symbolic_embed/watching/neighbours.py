"""The most alike pieces of a library, as a DAW's file browser shows them: copies, the distance in their names.

`riff__near01__d0.12__chorus.mid`; in another key `riff__near02__d0.31__down3__verse.mid`: by how many semitones the
clip is to be moved. `neighbours.json` says where each of them lies.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from symbolic_embed.api.session import Session
from symbolic_embed.errors import InputError
from symbolic_embed.files.names import file_stem
from symbolic_embed.library.rank import rank
from symbolic_embed.library.showing import Match
from symbolic_embed.library.stores.library import Library
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import RankRequest, WatchRequest
from symbolic_embed.score import file_bytes
from symbolic_embed.watching.places import is_of_ours

LIST = "neighbours.json"
SPARE = 10  # so many more are ranked, since some may be the clip itself, or made of it


class Opens(Protocol):
    """What opens the library that is searched."""

    def __call__(self, session: Session) -> Library: ...


class Neighbour(NamedTuple):
    """A neighbour: its match, what its copy is called, and its bytes; None and no bytes where it cannot be read."""

    match: Match
    name: str | None
    data: bytes


def neighbours_of(seed: Seed, data: bytes, session: Session, request: WatchRequest, opens: Opens) -> dict[str, bytes]:
    """The files of the neighbours of a clip of these bytes, by name, and their list. The clip itself, whatever it is
    called, and what was made of clips are none. Raises LibraryError, CheckpointError."""
    top = 2 * request.neighbours + SPARE
    asked: dict[str, Any] = {"top": top, "transpose": request.transpose, "join_channels": request.join_channels}
    with closing(opens(session)) as library:
        matches = rank(seed.barred, library, session.embedder, RankRequest(**asked)) if len(library) else []
    others = [match for match in matches if not is_of_ours(match.path)]
    chosen = _chosen(seed, others, data, request.neighbours)
    listed = [_row(rank, neighbour) for rank, neighbour in enumerate(chosen, start=1)]
    files = {one.name: one.data for one in chosen if one.name is not None}
    return {**files, LIST: (json.dumps(listed, indent=2) + "\n").encode()}


def _chosen(seed: Seed, matches: Sequence[Match], data: bytes, count: int) -> list[Neighbour]:
    chosen: list[Neighbour] = []
    for match in matches:
        if len(chosen) == count:
            break
        try:
            content = file_bytes(match.path)
        except InputError:
            chosen.append(Neighbour(match, None, b""))
            continue
        if content != data:
            chosen.append(Neighbour(match, _name(seed, len(chosen) + 1, match), content))
    return chosen


def _name(seed: Seed, rank: int, match: Match) -> str:
    moved = f"__{'up' if match.transposition > 0 else 'down'}{abs(match.transposition)}" if match.transposition else ""
    path = Path(match.path)
    return f"{seed.stem}__near{rank:02d}__d{match.distance:.2f}{moved}__{file_stem(path.stem)}{path.suffix.lower()}"


def _row(rank: int, neighbour: Neighbour) -> dict[str, Any]:
    match = neighbour.match
    return {
        "rank": rank,
        "file": neighbour.name,
        "path": os.path.abspath(match.path),
        "distance": match.distance,
        "transposition": match.transposition,
        "likeness": match.likeness,
    }
