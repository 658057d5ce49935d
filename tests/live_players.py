"""Players, answerers, and sockets in place of ports, for sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

import mido
from mido.sockets import PortServer, SocketPort

from symbolic_embed.live.asking import Answer, Ask, Played, Request
from symbolic_embed.live.notes import Note

BEAT = 0.5  # seconds, at 120 quarters a minute


class Counting:
    """An answerer without a model: a bass note whose pitch is 36 + the number of its bar, and all that it was told."""

    def __init__(self) -> None:
        self.told: list[Request] = []

    def take(self, request: Request) -> Answer | None:
        self.told.append(request)
        if isinstance(request, Ask):
            by = "closing" if request.wish.closes else "decoder"
            return Answer(request.bar, (Note(0, 0, 24, 36 + request.bar, 0),), by, 1.0, "C", "C major")
        return None

    @property
    def asks(self) -> list[Ask]:
        return [request for request in self.told if isinstance(request, Ask)]

    @property
    def played(self) -> list[Played]:
        return [request for request in self.told if isinstance(request, Played)]


def quarters(count: int, *, pitch: int = 60, start: float = 0.0, beat: float = BEAT) -> list[tuple[float, bytes]]:
    """So many quarter notes, each with its end."""
    messages = []
    for number in range(count):
        at = start + number * beat
        messages += [(at, bytes((0x90, pitch, 80))), (at + 0.9 * beat, bytes((0x80, pitch, 64)))]
    return messages


def hanging(sent: list[tuple[float, bytes]]) -> list[tuple[int, int]]:
    """Channels and pitches that still sound after all of this was sent, in the order of its times."""
    sounding: set[tuple[int, int]] = set()
    for _, message in sorted(sent, key=lambda one: one[0]):
        key = message[0] & 0x0F, message[1] if len(message) > 1 else 0
        if message[0] & 0xF0 == 0x90 and message[2]:
            sounding.add(key)
        elif message[0] & 0xF0 in (0x80, 0x90):
            sounding.discard(key)
    return sorted(sounding)


def socket_port() -> tuple[PortServer, str]:
    """A socket that takes the place of a keyboard or a synthesiser, and its name as a port."""
    port = PortServer("127.0.0.1", 0)
    return port, f"socket:127.0.0.1:{port._socket.getsockname()[1]}"


def connected(server: PortServer) -> SocketPort:
    """The other end of what has connected."""
    for _ in range(3000):
        if (port := server.accept(block=False)) is not None:
            return port
        time.sleep(0.01)
    raise AssertionError("nobody has connected")


def heard(port: SocketPort, *, until: int, seconds: float = 5.0) -> list[mido.Message]:
    """What has come in, once there are so many messages."""
    messages: list[mido.Message] = []
    end = time.monotonic() + seconds
    while len(messages) < until and time.monotonic() < end:
        while (message := port.poll()) is not None:
            messages.append(message)
        time.sleep(0.005)
    return messages


def wait_until(is_so: Callable[[], bool], *, what: str = "", seconds: float = 60.0) -> None:
    """Waits until something is so; an error where it is not in time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def drop(port: SocketPort) -> None:
    """Closes a connection as a process does that ends: mido's own `close` leaves it open for the other side."""
    for one in (port._rfile, port._wfile, port):
        one.close()
