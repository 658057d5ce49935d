"""Rooms as ports: what is played here is heard on whatever device listens in the room.

    room:NAME@http://HOST:PORT      a room of a server (`symbolic-embed serve`), to play into or to hear from

Messages travel with the time at which they were played, and are heard so much later than that, always the same, as
covers the unevenness of the way: what a network does to single messages is not heard.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from symbolic_embed.client import Server, events_in, room_path, told
from symbolic_embed.errors import SoundError, SymbolicEmbedError, UsageError

ROOM = "room:"
LATER = 0.05  # seconds between playing and hearing, beyond the quickest way
TOGETHER = 0.004  # seconds within which messages travel in one request
MOST_TOGETHER = 256
FORGETS = 5.0  # seconds after which a quicker way than now is no longer believed


def room_of(name: str, *, field: str) -> tuple[Server, str]:
    """The server of a port's name, and where its room is there. Raises UsageError."""
    room, at, address = name.removeprefix(ROOM).partition("@")
    if not at or not room:
        raise UsageError(
            f"`{field}` {name}: must be room:NAME@ADDRESS, such as room:band@http://127.0.0.1:8765", field=field
        )
    return Server.of(address, field=field), room_path(room, field=field)


class RoomOutput:
    """A port into a room. Raises SymbolicEmbedError where the server is not there."""

    def __init__(self, server: Server, room: str) -> None:
        self.closed = False
        self._server, self._path = server, f"{room}/midi"
        self._said: queue.SimpleQueue[tuple[float, bytes] | None] = queue.SimpleQueue()
        server.said("POST", self._path, {"messages": []})
        self._thread = threading.Thread(target=self._send, daemon=True, name="into the room")
        self._thread.start()

    def send(self, message: Any) -> None:
        """Plays a message of mido's. Raises OSError once the server has gone."""
        if self.closed:
            raise OSError("the server of the room has gone")
        self._said.put((time.monotonic(), bytes(message.bytes())))

    def close(self) -> None:
        """Ends, when all that was said has been sent."""
        self._said.put(None)
        self._thread.join(2.0)
        self.closed = True

    def _send(self) -> None:
        connection = self._server.connection()
        with contextlib.suppress(OSError, http.client.HTTPException):
            while (messages := self._next()) is not None:
                rows = [[round(when * 1_000, 1), data.hex()] for when, data in messages]
                body = json.dumps({"messages": rows}).encode()
                headers = self._server.headers({"content-type": "application/json"})
                connection.request("POST", self._path, body, headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    break
        self.closed = True
        connection.close()

    def _next(self) -> list[tuple[float, bytes]] | None:
        """What was said since, those of one moment together; None at the end."""
        first = self._said.get()
        if first is None:
            return None
        time.sleep(TOGETHER)
        messages = [first]
        while len(messages) < MOST_TOGETHER and not self._said.empty():
            one = self._said.get()
            if one is None:
                self._said.put(None)
                break
            messages.append(one)
        return messages


class RoomInput:
    """A port out of a room: each message is handed to `hear` when it is due. Raises SoundError where the server is not
    there."""

    def __init__(self, server: Server, room: str, hear: Callable[[bytes], None]) -> None:
        self.closed = False
        self._hear, self._even = hear, Even()
        connection = server.connection()
        try:
            connection.request("GET", f"{room}/events", None, server.headers())
            self._socket = connection.sock
            self._answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as refusal:
            raise SoundError(str(server.unreached(refusal))) from None
        if self._answer.status != 200:
            raise SoundError(str(server.refusal(told(self._answer))))
        self._socket.settimeout(60)
        threading.Thread(target=self._listen, daemon=True, name="out of the room").start()

    def close(self) -> None:
        """Stops hearing."""
        self.closed = True
        with contextlib.suppress(OSError):  # gone already
            self._socket.shutdown(socket.SHUT_RDWR)  # whoever reads it is at its end

    def _listen(self) -> None:
        for name, said in events_in(self._answer):
            if self.closed:
                return
            if name == "midi":
                for played, message in messages_of(said):
                    delay = self._even.due(played, now=time.monotonic()) - time.monotonic()
                    if delay > 0:
                        time.sleep(delay)
                    self._hear(message)
        self.closed = True
        self._answer.close()


class Even:
    """When what was played elsewhere is to be heard, by this machine's clock: the quickest way there was of late, and
    LATER."""

    def __init__(self) -> None:
        self._way: float | None = None
        self._since = 0.0

    def due(self, played: float, *, now: float) -> float:
        """When. `played`: seconds of the other clock; `now`: of ours, as it comes in."""
        way = now - played
        if self._way is None or way < self._way or now - self._since > FORGETS:
            self._way, self._since = way, now
        return played + self._way + LATER


def messages_of(said: Any) -> list[tuple[float, bytes]]:
    """Messages, each with the seconds at which it was played, as a room tells them; what is none is left out."""
    rows = said.get("messages") if isinstance(said, dict) else None
    messages = []
    for row in rows if isinstance(rows, list) else []:
        with contextlib.suppress(TypeError, ValueError):
            when, data = row
            messages.append((float(when) / 1_000, bytes.fromhex(data)))
    return messages


def open_room_output(name: str, *, field: str = "out") -> RoomOutput:
    """The port of a name. Raises UsageError, SoundError."""
    server, room = room_of(name, field=field)
    try:
        return RoomOutput(server, room)
    except UsageError:
        raise
    except SymbolicEmbedError as refusal:
        raise SoundError(str(refusal)) from None
