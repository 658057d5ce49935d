"""Who may ask, from where, how much, and how long it may take.

A page of somebody else's in the user's browser must not reach this server: no other origin is allowed anything, and a
request must be addressed to a name that is known (else a foreign name could be made to lead here). A body has a limit
and a deadline. Where a token is demanded, a request without it learns nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "symbolic_embed_token"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OWN_SITES = {"same-origin", "none"}
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@dataclass(frozen=True)
class Rules:
    """What a server demands. hosts: names by which it may be called, beside numeric addresses, if `is_public`;
    token: what everybody must show; None: nothing; most_bytes, seconds: of a body, and `idle` of its pauses."""

    hosts: frozenset[str] = LOOPBACK
    is_public: bool = False
    token: str | None = None
    most_bytes: int = 64 << 20
    seconds: float = 60.0
    idle: float = 10.0

    def knows(self, host: str) -> bool:
        """Whether a request to `host` is meant for this server."""
        name = _without_port(host).lower()
        return name in self.hosts or (self.is_public and _is_address(name))


class Refused(Exception):
    """A request that is not answered: with which status, and why in a line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Guard:
    """The application behind the rules."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        has_begun = False

        async def sent(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                given = [(name, value) for name, value in message["headers"] if name.decode() not in HEADERS]
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*given, *own]}
            await send(message)

        try:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            self._look_at(scope, headers)
            if self._brings_token(scope):
                await _answer(sent, 303, {}, location=_without_token(scope), cookie=self.rules.token or "")
                return
            self._require_token(headers)
            await self.app(scope, self._limited(receive, headers), sent)
        except Refused as refusal:
            if has_begun:
                raise
            await _answer(sent, refusal.status, {"error": refusal.reason})

    def _look_at(self, scope: Scope, headers: Mapping[str, str]) -> None:
        host = headers.get("host", "")
        if not self.rules.knows(host):
            raise Refused(421, f"this server is not called {host!r}; `symbolic-embed serve --allow-host` adds a name")
        origin = headers.get("origin")
        is_foreign = origin is not None and origin.partition("://")[2].lower() != host.lower()
        is_safe = scope["method"] in SAFE_METHODS
        if is_foreign or (not is_safe and headers.get("sec-fetch-site", "none") not in OWN_SITES):
            raise Refused(403, "a page of another origin may not ask this server")
        if is_safe:
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.rules.most_bytes:
            raise Refused(413, self._too_much())

    def _brings_token(self, scope: Scope) -> bool:
        """Whether the page is opened with the right token in its address, which then becomes a cookie."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        return bool(self.rules.token) and scope["method"] == "GET" and scope["path"] == "/" and self._is_token(given)

    def _require_token(self, headers: Mapping[str, str]) -> None:
        if self.rules.token is None:
            return
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        shown = bearer.strip() if kind.lower() == "bearer" else cookies[COOKIE].value if COOKIE in cookies else ""
        if not self._is_token(shown):
            wrong = "this is not the token that it printed" if shown else "it demands the token that it printed"
            raise Refused(401, f"{wrong}: take its whole address, /?token=..., or set SYMBOLIC_EMBED_TOKEN")

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self.rules.token or "").encode())

    def _limited(self, receive: Receive, headers: Mapping[str, str]) -> Receive:
        """The body, up to its limit and its deadline; what comes behind it is the end of the connection."""
        got, is_whole = 0, False
        clock = asyncio.get_running_loop().time
        until = clock() + self.rules.seconds

        async def received() -> Message:
            nonlocal got, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout_at(min(until, clock() + self.rules.idle)):
                    message = await receive()
            except TimeoutError:
                seconds = f"{self.rules.seconds:g} seconds, or paused for {self.rules.idle:g}"
                raise Refused(408, f"the request was not whole after {seconds}") from None
            if message["type"] == "http.request":
                got += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
            if got > self.rules.most_bytes:
                raise Refused(413, self._too_much())
            return message

        return received

    def _too_much(self) -> str:
        return f"a request may have {self.rules.most_bytes:,} bytes; send fewer files, or build a library of them"


async def _answer(send: Send, status: int, content: Any, *, location: str = "", cookie: str = "") -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    if location:
        kept = f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict"
        headers += [(b"location", location.encode()), (b"set-cookie", kept.encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})


def _without_token(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    asked.pop("token", None)
    rest = urlencode(asked, doseq=True)
    return f"/?{rest}" if rest else "/"


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
