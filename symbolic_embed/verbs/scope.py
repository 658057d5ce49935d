"""The tracks and bars of a request, found in its seed.

A request knows no music, so it cannot say whether there is a track "bass", or a bar 40; a seed can.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from symbolic_embed.bars import ROLES, BarredScore
from symbolic_embed.bars.choosing import parts_meant
from symbolic_embed.composing.locks import LOCKS, Locks
from symbolic_embed.composing.scope import Scope
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.outputs.proof import asked_cells
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import EditingRequest
from symbolic_embed.requests.scope import TracksRequest
from symbolic_embed.score.editing.comparing import Asked


def scope_of(seed: Seed, request: EditingRequest) -> Scope:
    """What of the seed may change. Raises UsageError, with its field, for a track or a bar that the seed does not
    have, and where no track is left."""
    barred = seed.barred
    own: dict[int, set[int]] = {}
    for track, bars in request.part_bars:
        for part in parts_meant(track, barred, field="bars"):
            own.setdefault(part, set()).update(chosen_bars(seed, bars))
    tracks = chosen_parts(barred, request)
    kept = _kept_parts(barred, [word for word in request.keep if word not in LOCKS])
    if kept:
        tracks = (tracks or frozenset(range(len(barred.roles)))) - kept
        _require_some(tracks, field="keep")
    if own and request.bars is None:
        tracks = frozenset(own) if tracks is None else tracks & frozenset(own)
        _require_some(tracks, field="bars")
    return Scope(
        tracks,
        None if request.bars is None else chosen_bars(seed, request.bars),
        Locks.of(word for word in request.keep if word in LOCKS),
        tuple((part, frozenset(own[part])) for part in sorted(own)),
    )


def chosen_parts(barred: BarredScore, request: TracksRequest) -> frozenset[int] | None:
    """The parts of `tracks` without those of `except_tracks`; None where the request says nothing of either. Raises
    UsageError for one that is not there, and where none is left."""
    if request.tracks is None and request.except_tracks is None:
        return None
    every = frozenset(range(len(barred.roles)))
    chosen = every if request.tracks is None else parts_named(barred, request.tracks, field="tracks")
    left = chosen - parts_named(barred, request.except_tracks or (), field="except_tracks")
    _require_some(left, field="except_tracks")
    return left


def parts_named(barred: BarredScore, names: Iterable[int | str], *, field: str) -> frozenset[int]:
    """All parts that are meant by numbers, names and roles. Raises UsageError for what names none."""
    return frozenset(part for wanted in names for part in parts_meant(wanted, barred, field=field))


def _kept_parts(barred: BarredScore, names: Iterable[int | str]) -> frozenset[int]:
    """The parts that are kept whole. What is neither a part nor a lock may be a misspelt one of either."""
    names = list(names)
    try:
        return parts_named(barred, names, field="keep")
    except UsageError as error:
        known = [*LOCKS, *ROLES, *(track.name for track in barred.score.tracks)]
        near = [close for name in names for close in difflib.get_close_matches(str(name), known, n=1, cutoff=0.7)]
        near = [close for close in near if close not in names]
        guess = f"; did you mean {printable(near[0])}?" if near else ""
        raise UsageError(f"{error}; {', '.join(LOCKS)} keep what they say{guess}", field="keep") from None


def asked_in(seed: Seed, scope: Scope) -> list[Asked]:
    """The same for the proof: where events may differ."""
    every = range(len(seed.barred.roles)) if scope.tracks is None else sorted(scope.tracks)
    own = dict(scope.own_bars)
    if not own:
        return asked_cells(seed, tracks=scope.tracks, bars=scope.bars)
    return [asked for part in every for asked in asked_cells(seed, tracks=[part], bars=own.get(part, scope.bars))]


def recorded(scope: Scope) -> dict[str, Any]:
    """A scope as records have it: "keep", "tracks" from 0, "bars" from 1; None for all. Where parts have bars of their
    own, "own_bars" says which, by the number of the part."""
    return {
        "keep": scope.locks.names(),
        "tracks": None if scope.tracks is None else sorted(scope.tracks),
        "bars": None if scope.bars is None else _from_one(scope.bars),
        **({"own_bars": {str(part): _from_one(bars) for part, bars in scope.own_bars}} if scope.own_bars else {}),
    }


def _from_one(bars: frozenset[int]) -> list[int]:
    return [bar + 1 for bar in sorted(bars)]


def _require_some(tracks: frozenset[int], *, field: str) -> None:
    if not tracks:
        raise UsageError(f"`{field}` leaves no track that may change; choose more", field=field)


def chosen_bars(seed: Seed, chosen: tuple[int, ...]) -> frozenset[int]:
    """Chosen bars, from 0. Raises UsageError for one that the seed does not have."""
    count = seed.barred.bars
    beyond = [bar + 1 for bar in chosen if bar >= count]
    if beyond:
        raise UsageError(f"`bars`: there is no bar {beyond[0]}; the seed has bars 1-{count}", field="bars")
    return frozenset(chosen)
