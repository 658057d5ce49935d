"""A server of symbolic-embed, as its clients see it: its address, its token, what it answers, what it tells.

An address is what `serve` prints, `http://127.0.0.1:8765/` or, where a token is demanded, with `?token=...`; the token
may stand in the variable SYMBOLIC_EMBED_TOKEN instead.
"""

from __future__ import annotations

import http.client
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from symbolic_embed.errors import SymbolicEmbedError, UsageError

TOKEN = "SYMBOLIC_EMBED_TOKEN"
ROOM_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
SECONDS = 30.0  # until it answers; while it works it says so more often


@dataclass(frozen=True)
class Server:
    """Where a server is, and what is shown to it."""

    host: str
    port: int
    is_secure: bool = False
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, address: str, *, field: str = "at") -> Server:
        """The server of an address. Raises UsageError, of `field`, for what is none."""
        try:
            parts = urlsplit(address if "://" in address else f"http://{address}")
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = parts.hostname if parts.scheme in ("http", "https") and parts.path in ("", "/") else None
        except ValueError:
            host = None
        if host is None:
            raise UsageError(f"`{field}` {address}: is no address such as http://127.0.0.1:8765", field=field)
        shown = parse_qs(parts.query).get("token", [os.environ.get(TOKEN)])[0]
        return cls(host, port, parts.scheme == "https", shown)

    @property
    def name(self) -> str:
        """Its address, without the token."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_secure else 'http'}://{host}:{self.port}"

    def connection(self) -> http.client.HTTPConnection:
        """A connection that nothing was sent on yet."""
        kind = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=SECONDS)

    def headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What goes with every request."""
        return {**(more or {}), **({"authorization": f"Bearer {self.token}"} if self.token else {})}

    @contextmanager
    def answer(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to one request, to be read inside the block. Raises SymbolicEmbedError where none comes."""
        connection = self.connection()
        try:
            try:
                connection.request(method, path, body, self.headers(headers))
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException) as refusal:
                raise self.unreached(refusal) from None
            yield answer
        finally:
            connection.close()

    def unreached(self, refusal: Exception) -> SymbolicEmbedError:
        """What is said where nobody answers."""
        reason = str(getattr(refusal, "strerror", None) or refusal or type(refusal).__name__).lower()
        return SymbolicEmbedError(f"{self.name}: cannot be reached: {reason}; is `symbolic-embed serve` running there?")

    def data(self, path: str, *, missing: bytes | None = None) -> bytes:
        """What lies at a path; `missing` where there is nothing. Raises SymbolicEmbedError."""
        with self.answer("GET", path) as answer:
            if answer.status == 404 and missing is not None:
                return missing
            if answer.status != 200:
                raise self.refusal(told(answer))
            return answer.read()

    def said(self, method: str, path: str, content: object = None) -> Any:
        """What it says to JSON, as JSON. Raises SymbolicEmbedError, UsageError."""
        body = None if content is None else json.dumps(content).encode()
        with self.answer(method, path, body, {"content-type": "application/json"}) as answer:
            words = told(answer)
            if answer.status not in (200, 202):
                raise self.refusal(words)
            return words

    def events(self, path: str) -> Iterator[tuple[str, Any]]:
        """What happens at a path, by name, as it happens, as long as the server tells. Raises SymbolicEmbedError."""
        with self.answer("GET", path) as answer:
            if answer.status != 200:
                raise self.refusal(told(answer))
            yield from events_in(answer)

    def refusal(self, words: object) -> SymbolicEmbedError:
        """What it says that it does not do."""
        reason = words.get("error") if isinstance(words, dict) else None
        if isinstance(words, dict) and words.get("exit_code") == UsageError.exit_code:
            return UsageError(str(reason))
        return SymbolicEmbedError(f"{self.name}: {reason or 'is no server of symbolic-embed'}")


def room_path(name: str, *, field: str) -> str:
    """Where a room is on a server. Raises UsageError for what no room can be called."""
    if not ROOM_NAME.fullmatch(name):
        raise UsageError(f"`{field}` {name}: a room is called by 1 to 40 letters, digits, - or _", field=field)
    return f"/api/rooms/{name}"


def told(answer: http.client.HTTPResponse) -> Any:
    """The JSON of an answer; nothing where it is none."""
    try:
        return json.loads(answer.read())
    except ValueError:
        return {}


def events_in(answer: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    """Server-sent events: their names, and what each says. They end where the connection does."""
    name = ""
    try:
        for line in answer:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                yield name, json.loads(line[6:])
    except (OSError, http.client.HTTPException, ValueError):
        return
