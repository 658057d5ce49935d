"""From machine to machine: pieces of JSON through a socket, each with its length before it.

Who connects proves that it knows the token of the server, and the server that it knows it too; neither sends it: each
sends a number used once, and the other the HMAC-SHA256 of both under the token. On this machine the token may be empty;
at any other address it must not. What follows is not encrypted. Both sides speak at least twice a second; one that is
silent for two seconds is taken for gone, whatever its cable says.
"""

from __future__ import annotations

import contextlib
import hmac
import ipaddress
import json
import secrets
import socket
import threading
from typing import Any, NamedTuple

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.workers.frames import read_frame, write_frame

PROTOCOL = 1
MOST_BYTES = 1 << 20  # of a piece
SILENCE = 2.0  # seconds
NONCE_BYTES = 32


class Address(NamedTuple):
    """Where a server is."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str, *, field: str) -> Address:
        """What "HOST:PORT" says, or "[HOST]:PORT". Raises UsageError."""
        host, _, number = text.rpartition(":")
        if not host or not (number.isascii() and number.isdigit()) or int(number) >= 1 << 16:
            raise UsageError(f"`{field}` {text}: must be HOST:PORT, such as 127.0.0.1:9080", field=field)
        return cls(host.removeprefix("[").removesuffix("]"), int(number))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether only this machine can be there."""
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"

    def require_token(self, token: str) -> None:
        """Raises UsageError where others can be at the address, and there is no token."""
        if not token and not self.is_here:
            raise UsageError(f"{self}: another machine needs a `token`, the same on both", field="token")


class Connection:
    """Pieces of JSON, there and back. Any thread may speak; one listens."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(SILENCE)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket, self._lock = connected, threading.Lock()
        self._in, self._out = connected.makefile("rb"), connected.makefile("wb")

    def say(self, **fields: Any) -> None:
        """Sends a piece, if there is anybody."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            write_frame(self._out, json.dumps(fields, separators=(",", ":")).encode())
            self._out.flush()

    def hear(self) -> dict[str, Any] | None:
        """The next piece; None once the other side is gone, silent, or says what is no JSON object."""
        try:
            frame = read_frame(self._in, most=MOST_BYTES)
            fields = None if frame is None else json.loads(frame)
        except (OSError, ValueError, RecursionError):
            return None
        return fields if isinstance(fields, dict) else None

    def close(self) -> None:
        """Ends it, for both sides."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._socket.close()


def connected(at: Address, token: str, *, serves: str) -> Connection:
    """A connection to a server of one kind. Raises SoundError where nobody answers, or who answers is something else or
    has another token."""
    at.require_token(token)
    try:
        connection = Connection(socket.create_connection(at, timeout=SILENCE))
    except OSError as refusal:
        raise SoundError(
            f"{at}: nobody answers ({refusal.strerror or refusal}); is `live --serve-{serves}` running there?"
        ) from None
    hello, own = connection.hear() or {}, secrets.token_hex(NONCE_BYTES)
    nonces = f"{hello.get('nonce')}{own}"
    connection.say(nonce=own, proof=_proof(token, "client", nonces))
    said = connection.hear() or {}
    wrong = ""
    if hello.get("symbolic_embed") != PROTOCOL or hello.get("serves") != serves:
        wrong = f"this is no `live --serve-{serves}` of this version"
    elif "refused" in said:
        wrong = str(said["refused"])
    elif not hmac.compare_digest(str(said.get("proof")), _proof(token, "server", nonces)):
        wrong = "it does not know the token; is it the same on both machines?"
    if wrong:
        connection.close()
        raise SoundError(f"{at}: {wrong}")
    return connection


def welcomed(connection: Connection, token: str, *, serves: str) -> bool:
    """Whether who has connected knows the token; who does not is told so."""
    own = secrets.token_hex(NONCE_BYTES)
    connection.say(symbolic_embed=PROTOCOL, serves=serves, nonce=own)
    said = connection.hear() or {}
    nonces = f"{own}{said.get('nonce')}"
    if not hmac.compare_digest(str(said.get("proof")), _proof(token, "client", nonces)):
        connection.say(refused="the token is another one; it must be the same on both machines")
        return False
    connection.say(proof=_proof(token, "server", nonces))
    return True


def _proof(token: str, side: str, nonces: str) -> str:
    return hmac.digest(token.encode(), f"{side}{nonces}".encode(), "sha256").hex()
