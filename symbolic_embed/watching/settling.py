"""Which clips are whole.

A program that writes a file, or copies it over a network, takes its time, and nothing tells that it is done. A clip is
taken to be whole when it has had the same size and time of change for SETTLED seconds by our own clock. One that could
not be read is looked at again when it changes, so a copy that stalls does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symbolic_embed.watching.snapshot import Stamp

SETTLED = 1.5  # seconds


@dataclass
class _Seen:
    stamp: Stamp
    since: float
    is_done: bool = False


class Settling:
    """The clips that were seen, and which of them are still to be done."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def look(self, clips: Mapping[str, Stamp], *, now: float) -> None:
        """What the folder holds at a time, in seconds. A clip that changed, or came back, is to be done again."""
        self._seen = {
            name: seen if (seen := self._seen.get(name)) and seen.stamp == stamp else _Seen(stamp, now)
            for name, stamp in clips.items()
        }

    def whole(self, *, now: float) -> list[str]:
        """The clips that are whole and not done, by name."""
        return [name for name, seen in self._seen.items() if not seen.is_done and now - seen.since >= SETTLED]

    def waits(self) -> bool:
        """Whether a clip is there that is not done."""
        return any(not seen.is_done for seen in self._seen.values())

    def stamp_of(self, name: str) -> Stamp:
        """The stamp that a clip was seen with."""
        return self._seen[name].stamp

    def done(self, name: str) -> None:
        """A clip is done, whatever became of it, until it changes."""
        self._seen[name].is_done = True

    def again(self, name: str, *, now: float) -> None:
        """A clip changed while it was read: it is to be seen whole once more."""
        self._seen[name].since = now
