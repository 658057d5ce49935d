"""The socket, and the clocks of its connections.

uvicorn waits for a request as long as its client likes. Here a connection that has begun one and does not come to the
end of its head is closed, so that half-sent requests keep nobody out; what follows the head has its deadline in
`guarding`.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from symbolic_embed.errors import SymbolicEmbedError

HEAD_SECONDS, IDLE_SECONDS = 10.0, 15
MOST_CONNECTIONS = 1_000
EVERYWHERE = {"0.0.0.0", "::"}


class Connection(H11Protocol):
    """A connection with a clock: it has so long to say what it wants, each time."""

    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        self._wind()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_heard():
            self._stop()
        elif self._clock is None:
            self._wind()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _is_heard(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _wind(self) -> None:
        self._clock = self.loop.call_later(HEAD_SECONDS, self._time_is_up)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _time_is_up(self) -> None:
        self._clock = None
        if not self._is_heard() and not self.transport.is_closing():
            self.transport.abort()


class Server(uvicorn.Server):
    """A server that ends when it is interrupted, at once when it is twice."""

    is_interrupted = False

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {one: signal.signal(one, self._ended) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _ended(self, number: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self.is_interrupted = number == signal.SIGINT


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. `port` 0: any that is free. Raises SymbolicEmbedError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1_024)
    except (OSError, OverflowError) as refusal:
        listening.close()
        reason = getattr(refusal, "strerror", None) or refusal
        raise SymbolicEmbedError(
            f"{host}:{port}: cannot be listened at: {str(reason).lower()}; `port` 0 takes one that is free"
        ) from None
    return listening


def called(host: str) -> list[str]:
    """By which names a server that listens at an address may be reached: of every address this machine's own, and the
    one that others in its network know, where it has one."""
    if host not in EVERYWHERE:
        return [f"[{host}]" if ":" in host else host]
    names = ["127.0.0.1"]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("192.0.2.1", 9))  # nothing is sent: the system says from where it would be
        names.append(asking.getsockname()[0])
    return list(dict.fromkeys(names))


def run(
    app: ASGIApp, listening: socket.socket, *, told: Callable[[], None], ending: Callable[[], None] = lambda: None
) -> None:
    """Serves until it is interrupted, which is a KeyboardInterrupt then, or ended. `told` is called once it listens,
    `ending` when it is to end, for who still waits for an answer."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 << 10,
    )
    server = Server(config)

    async def served() -> None:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not task.done():
            await asyncio.sleep(0.02)
        if not task.done():
            told()
        while not server.should_exit and not task.done():
            await asyncio.sleep(0.05)
        ending()
        await task

    asyncio.run(served())
    if server.is_interrupted:
        raise KeyboardInterrupt
