"""What of a piece may change: some of its tracks, some of its bars, and of those not what is locked."""

from __future__ import annotations

from dataclasses import dataclass

from symbolic_embed.composing.locks import NO_LOCKS, Locks


@dataclass(frozen=True)
class Scope:
    """These tracks and bars (both from 0; None: all) may change, and of them what `locks` do not keep."""

    tracks: frozenset[int] | None = None
    bars: frozenset[int] | None = None
    locks: Locks = NO_LOCKS


EVERYTHING = Scope()
