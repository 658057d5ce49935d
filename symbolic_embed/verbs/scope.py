"""The tracks and bars of a request, found in its seed: names become numbers here, and nowhere else.

A request knows no music, so it cannot say whether there is a track "bass", or a bar 40; a seed can. One name may stand
for several tracks, as many files have more than one "Piano"; in any case of its letters.
"""

from __future__ import annotations

from typing import Any

from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.scope import Scope
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import EditingRequest


def scope_of(seed: Seed, request: EditingRequest) -> Scope:
    """What of the seed may change. Raises UsageError, with its field, for a track or a bar that the seed does not
    have."""
    return Scope(_tracks(seed, request.tracks), _bars(seed, request.bars), Locks.of(request.keep))


def recorded(scope: Scope) -> dict[str, Any]:
    """A scope as records have it: "keep", "tracks" from 0, "bars" from 1; None for all."""
    return {
        "keep": scope.locks.names(),
        "tracks": None if scope.tracks is None else sorted(scope.tracks),
        "bars": None if scope.bars is None else [bar + 1 for bar in sorted(scope.bars)],
    }


def _tracks(seed: Seed, chosen: tuple[int | str, ...] | None) -> frozenset[int] | None:
    if chosen is None:
        return None
    names = [track.name for track in seed.barred.score.tracks]
    numbers: set[int] = set()
    for wanted in chosen:
        matching = _matching(wanted, names)
        if not matching:
            known = ", ".join(f"{number} {printable(name)}".strip() for number, name in enumerate(names))
            text = printable(str(wanted))
            raise UsageError(f"`tracks`: there is no track {text!r}; there are: {known}", field="tracks")
        numbers |= matching
    return frozenset(numbers)


def _matching(wanted: int | str, names: list[str]) -> set[int]:
    """The numbers of the tracks that are meant; a number that no track has may be a name, such as "808"."""
    if isinstance(wanted, int) and wanted < len(names):
        return {wanted}
    return {number for number, name in enumerate(names) if name.casefold() == str(wanted).casefold()}


def _bars(seed: Seed, chosen: tuple[int, ...] | None) -> frozenset[int] | None:
    if chosen is None:
        return None
    count = seed.barred.bars
    beyond = [bar + 1 for bar in chosen if bar >= count]
    if beyond:
        raise UsageError(f"`bars`: there is no bar {beyond[0]}; the seed has bars 1-{count}", field="bars")
    return frozenset(chosen)
