"""What somebody says that parts do: "2=drums", "Lead=melody".

Each part does one of four things, which its notes tell (`bars.roles`), and often a file is read otherwise than it was
meant. Tracks are named as everywhere: numbers from 0 among those with notes, or names in any case.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from symbolic_embed.requests.base import ReadingRequest, track_of
from symbolic_embed.settings import refused

Role = Literal["melody", "bass", "chords", "drums"]
ALSO = {"piano": "chords"}  # as `show` calls it


def _roles(given: object) -> tuple[tuple[int | str, str], ...]:
    """Pairs of a track and its role from text such as "2=drums,Lead=melody", a mapping, or an iterable of either."""
    if given is None:
        return ()
    if isinstance(given, Mapping):
        return tuple(_pair(pair) for pair in given.items())
    if isinstance(given, str):
        words = given.split(",")
        given = words if all("=" in word for word in words) else [given]
    if not isinstance(given, Iterable):
        raise refused('must be tracks and their roles, such as "2=drums"')
    return tuple(_pair(one) for one in given)


def _pair(given: object) -> tuple[int | str, str]:
    if isinstance(given, str):
        track, equals, role = given.rpartition("=")
        given = (track, role) if equals else ()
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise refused('must be tracks and their roles, such as "2=drums"')
    return track_of(given[0]), _role(given[1])


def _role(given: object) -> str:
    known = get_args(Role)
    name = str(given).strip().casefold()
    name = ALSO.get(name, name)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        raise refused(f"must give tracks one of the roles {', '.join(known)}{guess}")
    return name


Roles = Annotated[tuple[tuple[int | str, str], ...], BeforeValidator(_roles)]


class RolesRequest(ReadingRequest):
    """A request about a piece of which somebody may say what its parts do.

    roles   "2=drums": what a track does, where it is read otherwise; of several for one track the last counts
    """

    roles: Roles = Field(
        default=(), description="What a track does, where it is read otherwise: melody, bass, chords or drums."
    )
