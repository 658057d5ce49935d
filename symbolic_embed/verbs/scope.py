"""The tracks and bars of a request, found in its seed.

A request knows no music, so it cannot say whether there is a track "bass", or a bar 40; a seed can.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.bars.naming import track_numbers
from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.scope import Scope
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import EditingRequest


def scope_of(seed: Seed, request: EditingRequest) -> Scope:
    """What of the seed may change. Raises UsageError, with its field, for a track or a bar that the seed does not
    have."""
    return Scope(chosen_tracks(seed, request.tracks), _bars(seed, request.bars), Locks.of(request.keep))


def recorded(scope: Scope) -> dict[str, Any]:
    """A scope as records have it: "keep", "tracks" from 0, "bars" from 1; None for all."""
    return {
        "keep": scope.locks.names(),
        "tracks": None if scope.tracks is None else sorted(scope.tracks),
        "bars": None if scope.bars is None else [bar + 1 for bar in sorted(scope.bars)],
    }


def chosen_tracks(seed: Seed, chosen: tuple[int | str, ...] | None) -> frozenset[int] | None:
    """The tracks that are meant, by number; None for all. Raises UsageError for one that the seed does not have."""
    if chosen is None:
        return None
    tracks = seed.barred.score.tracks
    return frozenset(number for wanted in chosen for number in track_numbers(wanted, tracks, field="tracks"))


def _bars(seed: Seed, chosen: tuple[int, ...] | None) -> frozenset[int] | None:
    if chosen is None:
        return None
    count = seed.barred.bars
    beyond = [bar + 1 for bar in chosen if bar >= count]
    if beyond:
        raise UsageError(f"`bars`: there is no bar {beyond[0]}; the seed has bars 1-{count}", field="bars")
    return frozenset(chosen)
