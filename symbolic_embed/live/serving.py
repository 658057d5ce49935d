"""A model, or an output port, for sessions on other machines.

    live --serve-model HOST:PORT              answers several sessions, each with a memory of its own
    live --serve-out HOST:PORT --out PORT     sends for one session at a time; when that is lost, ends what sounds

Whoever connects is asked for the token (`wire.py`), and whatever it says is checked (`telling.py`); what makes no sense
ends its connection. Its questions about the time are answered at once, by the thread that listens.
"""

from __future__ import annotations

import contextlib
import math
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from symbolic_embed.errors import SoundError, SymbolicEmbedError
from symbolic_embed.live.asking import Request
from symbolic_embed.live.helpers import SendingProcess
from symbolic_embed.live.telling import fields_of_answer, request_of
from symbolic_embed.live.wire import Address, Connection, welcomed
from symbolic_embed.live.worker import Start, practised
from symbolic_embed.requests.live import LiveRequest

MOST_CONNECTIONS = 8
MOST_WAITING = 64  # questions
FURTHEST = 2.0  # seconds from now that a message may be due


class Service(Protocol):
    """What is served. `name`: model, out."""

    name: str

    def serve(self, connection: Connection) -> None:
        """Serves one that has been let in, until it is gone."""

    def close(self) -> None:
        """Ends all that it does. It is for whoever made it to say so."""


class Server:
    """Listens at an address; each that connects is served in a thread. Raises UsageError without a token where others
    can connect, SoundError where it cannot listen."""

    def __init__(self, at: Address, token: str, service: Service) -> None:
        at.require_token(token)
        self._token, self._service = token, service
        self._open: set[Connection] = set()
        try:
            self._socket = socket.create_server(at, family=socket.AF_INET6 if ":" in at.host else socket.AF_INET)
        except OSError as refusal:
            raise SoundError(f"{at}: cannot listen ({refusal.strerror or refusal}); name another port") from None
        self.at = Address(at.host, self._socket.getsockname()[1])

    def run(self) -> None:
        """Serves until `close`."""
        while True:
            try:
                connected, _ = self._socket.accept()
            except OSError:  # closed
                return
            if len(self._open) >= MOST_CONNECTIONS:
                connected.close()
                continue
            connection = Connection(connected)
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True, name="serving").start()

    def close(self) -> None:
        """Serves nobody any more."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in list(self._open):
            connection.close()

    def _serve(self, connection: Connection) -> None:
        try:
            if welcomed(connection, self._token, serves=self._service.name):
                self._service.serve(connection)
        finally:
            connection.close()
            self._open.discard(connection)


class ModelService:
    """Answers sessions with one model, which is loaded here, or from what `start` says is borrowed from."""

    name = "model"

    def __init__(self, start: Start) -> None:
        self._start, self._trained = start, start.model()

    def serve(self, connection: Connection) -> None:
        """Answers one session; in a thread of its own, so that the time is told meanwhile."""
        waiting: queue.Queue[Request | None] = queue.Queue(MOST_WAITING)
        for fields in _heard(connection):
            try:
                if "begin" in fields:
                    start = self._begun(fields)
                    threading.Thread(target=self._answer, args=(connection, start, waiting), daemon=True).start()
                else:
                    waiting.put_nowait(request_of(fields))
            except (SymbolicEmbedError, ValueError, queue.Full) as fault:
                connection.say(error=str(fault) or "more questions than can be answered")
                break
        with contextlib.suppress(queue.Full):
            waiting.put_nowait(None)

    def close(self) -> None:
        """Nothing is left to be ended."""

    def _begun(self, fields: dict[str, Any]) -> Start:
        """What a session begins with. Raises SymbolicEmbedError, ValueError for what is none."""
        settings = fields["begin"]
        if not isinstance(settings, dict):
            raise ValueError("that is no session")
        request = LiveRequest(**settings)
        return self._start._replace(request=request, parts=request.parts)

    def _answer(self, connection: Connection, start: Start, waiting: queue.Queue[Request | None]) -> None:
        try:
            seconds = practised(start.answerer(self._trained), start.request)
            answerer = start.answerer(self._trained)
        except SymbolicEmbedError as error:
            connection.say(error=str(error))
            return
        connection.say(ready=float(seconds), checkpoint=self._trained.embedder.hash)
        while (request := waiting.get()) is not None:
            if (answer := answerer.take(request)) is not None:
                connection.say(**fields_of_answer(answer))


class OutService:
    """Sends for one session at a time, on one port. Raises as opening the port does."""

    name = "out"

    def __init__(self, port: str) -> None:
        self._sender, self._in_use = SendingProcess(port), threading.Lock()
        self._tell: Callable[[bool], None] = lambda is_there: None
        self._sender.listen(lambda is_there: None if is_there is None else self._tell(is_there))

    def serve(self, connection: Connection) -> None:
        """Sends what one session says; ends what sounds when it says so, or is gone."""
        if not self._in_use.acquire(blocking=False):
            connection.say(error="another session plays there; end it first")
            return
        try:
            self._tell = lambda is_there: connection.say(port=is_there)
            for fields in _heard(connection):
                if "end" in fields:
                    break
                self._send(fields)
        except (TypeError, ValueError):
            pass  # what it says makes no sense: it is gone
        finally:
            self._tell = lambda is_there: None
            connection.say(report=self._sender.silence())
            self._in_use.release()

    def close(self) -> None:
        """Ends what sounds, and closes the port."""
        self._sender.close()

    def _send(self, fields: dict[str, Any]) -> None:
        due, message = float(fields.get("due", math.nan)), bytes.fromhex(fields.get("message", ""))
        if not 1 <= len(message) <= 3 or message[0] < 0x80 or not abs(due - time.monotonic()) <= FURTHEST:
            raise ValueError("no message")
        self._sender.send(due, message)


def _heard(connection: Connection) -> Iterator[dict[str, Any]]:
    """What one says, but what time it is; that is answered."""
    while (fields := connection.hear()) is not None:
        came = time.monotonic()
        if "time" in fields:
            connection.say(asked=fields["time"], came=came, left=time.monotonic())
        else:
            yield fields
