"""Whoever answers, for the length of a session: when it dies, or is lost, another one begins.

It is begun in a thread of its own, and tried again, less and less often, for as long as the session lasts. Once it is
there that happens in the session (`Renewed`); then it is told of the last bars and asked from then on. What was asked
in between is lost, and something stands in.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live.asking import Answer, Played, Request
from symbolic_embed.live.comparing import Compared
from symbolic_embed.live.events import Event, Renewed, StandIn
from symbolic_embed.live.replay import RETOLD

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds between tries


class Respondent(Protocol):
    """Whoever answers, in another process. seconds: the most that a bar took for practice, with the way there and back;
    checkpoint: the hash of its model."""

    seconds: float
    checkpoint: str

    def listen(self, hear: Callable[[Answer | None], None]) -> None:
        """From now on hands on each answer, and None when there will be no more."""

    def ask(self, request: Request) -> None:
        """Asks, if there is anybody."""

    @property
    def pid(self) -> int | None:
        """The number of its process, where it is one of ours."""

    @property
    def compared(self) -> Compared | None:
        """How far its clock is ahead, and how far away it is, where it is on another machine."""

    def close(self) -> None:
        """Ends it."""


class Kept:
    """One that answers, or its successor. What it says happens in the session (`happen`), as answers, or where
    `stands_in` as what stands in. Raises what `begin` does, the first time."""

    def __init__(self, begin: Callable[[], Respondent], *, happen: Callable[[Event], None], stands_in: bool) -> None:
        self._begin, self._happen, self.stands_in = begin, happen, stands_in
        self._last: deque[Played] = deque(maxlen=RETOLD)
        self._is_over = threading.Event()
        self._next: Respondent | None = None
        self._now: Respondent | None = begin()
        self.seconds, self.checkpoint = self._now.seconds, self._now.checkpoint

    @property
    def pid(self) -> int | None:
        """The number of the process that answers now, where there is one, here."""
        return None if self._now is None else self._now.pid

    @property
    def is_there(self) -> bool:
        """Whether there is anybody to ask."""
        return self._now is not None

    @property
    def compared(self) -> Compared | None:
        """How far its clock is ahead, and how far away it is, where it is on another machine, and there."""
        return None if self._now is None else self._now.compared

    def listen(self) -> None:
        """From now on what it says happens."""
        if self._now is not None:
            self._now.listen(self._said)

    def ask(self, request: Request) -> None:
        """Asks, if there is anybody."""
        if isinstance(request, Played):
            self._last.append(request)
        if self._now is not None:
            self._now.ask(request)

    def adopt(self) -> None:
        """Tells one that has begun of the last bars, and asks it from now on."""
        begun, self._next = self._next, None
        if begun is not None:
            for played in self._last:
                begun.ask(played)
            self._now = begun
            self.listen()

    def close(self) -> None:
        """Ends it; there will be no other."""
        self._is_over.set()
        for respondent in (self._now, self._next):
            if respondent is not None:
                respondent.close()

    def _said(self, answer: Answer | None) -> None:
        if answer is not None:
            self._happen(StandIn(answer) if self.stands_in else answer)
        elif not self._is_over.is_set():
            self._now = None
            threading.Thread(target=self._renew, daemon=True, name="beginning anew").start()

    def _renew(self) -> None:
        wait = FIRST_WAIT
        while not self._is_over.is_set():
            try:
                begun = self._begin()
            except SymbolicEmbedError:
                self._is_over.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            self._next = begun
            if self._is_over.is_set():
                begun.close()
            self._happen(Renewed(self.stands_in))
            return
