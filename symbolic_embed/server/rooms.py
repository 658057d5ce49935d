"""Rooms: what one client asks, another plays or shows.

A room is a name that two clients agree on. Whoever listens in it is told of each file that somebody plays there, and
fetches it. What was played where nobody was is told to who comes first; a room that nobody has used for a while is
gone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from symbolic_embed.client import ROOM_NAME
from symbolic_embed.server.guarding import Refused
from symbolic_embed.server.jobs import QUIET, Event

MOST_ROOMS, MOST_MEMBERS, MOST_UNHEARD = 100, 100, 256
KEPT_SECONDS, KEPT_PIECES, KEPT_BYTES = 3_600.0, 8, 64 << 20


@dataclass(frozen=True)
class Piece:
    """A file that is played: its name and its bytes."""

    name: str
    data: bytes


@dataclass(eq=False)
class Room:
    """Who listens, and what was played: `pieces` by number, the last few of them."""

    name: str
    used: float = field(default_factory=time.monotonic)
    pieces: dict[int, Piece] = field(default_factory=dict)
    members: set[asyncio.Queue[Event | None]] = field(default_factory=set)
    count: int = 0
    unheard: int | None = None  # the piece that was played while nobody was here

    def play(self, piece: Piece) -> dict[str, object]:
        """Tells all members of a piece; what they are told."""
        self.count += 1
        self.pieces[self.count] = piece
        for number in sorted(self.pieces)[:-KEPT_PIECES]:
            del self.pieces[number]
        told = self._told(self.count)
        self.unheard = None if self.members else self.count
        self.tell(("play", told))
        return {**told, "told": len(self.members)}

    def stop(self) -> None:
        """Tells all members to stop; what nobody has heard is not heard any more."""
        self.unheard = None
        self.tell(("stop", {}))

    def tell(self, event: Event) -> None:
        """Tells all members; one that has not listened for long misses it."""
        self.used = time.monotonic()
        for member in self.members:
            if member.qsize() < MOST_UNHEARD:
                member.put_nowait(event)

    async def events(self) -> AsyncIterator[Event | None]:
        """What happens here for a member, as long as it stays; what was played last comes first."""
        member: asyncio.Queue[Event | None] = asyncio.Queue()
        self.members.add(member)
        self.tell(("members", len(self.members)))
        if self.unheard in self.pieces:
            member.put_nowait(("play", self._told(self.unheard)))
        self.unheard = None
        try:
            while True:
                try:
                    event = await asyncio.wait_for(member.get(), QUIET)
                except TimeoutError:
                    yield None
                    continue
                if event is None:
                    return
                yield event
        finally:
            self.members.discard(member)
            self.tell(("members", len(self.members)))

    def close(self) -> None:
        """Ends it for all members."""
        for member in self.members:
            member.put_nowait(None)

    def _told(self, number: int) -> dict[str, object]:
        return {"number": number, "name": self.pieces[number].name, "url": f"/api/rooms/{self.name}/pieces/{number}"}


class Rooms:
    """All rooms by name, with KEPT_BYTES of music in all of them."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def room(self, name: str) -> Room:
        """A room, which is made where there is none. Raises Refused."""
        if not ROOM_NAME.fullmatch(name):
            raise Refused(400, "a room's name is 1 to 40 letters, digits, - or _")
        if name not in self._rooms:
            self._tidy()
            if len(self._rooms) >= MOST_ROOMS:
                raise Refused(429, f"there are {MOST_ROOMS} rooms already; use one of them, or come back later")
            self._rooms[name] = Room(name)
        room = self._rooms[name]
        if len(room.members) >= MOST_MEMBERS:
            raise Refused(429, f"room {name} has {MOST_MEMBERS} members already; take another name")
        return room

    def close(self) -> None:
        """Ends all rooms."""
        for room in self._rooms.values():
            room.close()

    def make_space(self, piece: Piece) -> None:
        """Forgets what was played longest ago, where there is no space for a piece."""
        kept = [(room, number) for room in self._rooms.values() for number in room.pieces]
        size = len(piece.data) + sum(len(room.pieces[number].data) for room, number in kept)
        for room, number in sorted(kept, key=lambda one: (one[0].used, one[1])):
            if size <= KEPT_BYTES:
                return
            size -= len(room.pieces.pop(number).data)

    def _tidy(self) -> None:
        until = time.monotonic() - KEPT_SECONDS
        self._rooms = {name: room for name, room in self._rooms.items() if room.members or room.used > until}
