"""A session again, faster than it was played: the same events, each at its time, give the same notes.

Whoever answers is asked again. That an answer came in time or late is written in the file, so late is late again. What
comes out is compared, message by message, with what was sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from symbolic_embed.live.asking import Answer, Played, Request
from symbolic_embed.live.events import Renewed, StandIn
from symbolic_embed.live.performance import Ahead, Outlets, Performance
from symbolic_embed.live.sessions import event_of, left_out
from symbolic_embed.requests.live import LiveRequest

RETOLD = 32  # bars that an answerer that begins anew is told


class Answerer(Protocol):
    """Whoever answers: the composer, a library."""

    def take(self, request: Request) -> Answer | None:
        """Takes what is said or asked; the answer to a question."""


Sent = tuple[float, str]  # when a message is to sound, and its bytes, in hexadecimal


class Difference(NamedTuple):
    """The first message that is another one than in the file, by its number from 1; None where there is none."""

    number: int
    was: Sent | None
    now: Sent | None


class Questions:
    """What was asked, in order, and the last bars, for an answerer that begins anew (`begin`)."""

    def __init__(self, begin: Callable[[], Answerer]) -> None:
        self._begin, self._answerer = begin, begin()
        self._waiting: deque[Request] = deque()
        self._last: deque[Played] = deque(maxlen=RETOLD)

    def ask(self, request: Request) -> None:
        """Takes a question, to be answered when its answer is due."""
        self._waiting.append(request)
        if isinstance(request, Played):
            self._last.append(request)

    def answer(self, bar: int) -> Answer | None:
        """The answer for a bar; None where nobody asked."""
        while self._waiting:
            request = self._waiting.popleft()
            if isinstance(request, Played) or request.bar == bar:
                answer = self._answerer.take(request)
                if answer is not None:
                    return answer
        return None

    def renew(self) -> None:
        """Begins anew: what was asked is forgotten, the last bars are told."""
        self._answerer = self._begin()
        self._waiting.clear()
        for played in self._last:
            self._answerer.take(played)


class Replay:
    """A session that is played again from the lines of its file, but its head. `begin`: whoever answers, and whoever
    stands in, if anybody does. `send` is given each message, and when it is to sound."""

    def __init__(
        self,
        request: LiveRequest,
        *,
        parts: tuple[str, ...],
        ahead: Ahead,
        begin: Sequence[Callable[[], Answerer]],
        send: Callable[[float, bytes], None] = lambda due, message: None,
    ) -> None:
        self._questions, self._send = [Questions(one) for one in begin], send
        self._was: deque[Sent] = deque()
        self._now: deque[Sent] = deque()
        self._number, self._left_out = 0, 0
        self.is_whole = False
        outlets = Outlets(self._ask, self._sent, lambda answer, left: None)
        self._performance = Performance(request, parts=parts, ahead=ahead, outlets=outlets)

    def run(self, lines: Iterable[dict[str, Any]]) -> Difference | None:
        """Plays it, up to the first difference to what was sent, which is returned. A session that was cut off, without
        its last line, is played as far as it goes, and is not `is_whole`."""
        for fields in lines:
            if "out" in fields:
                self._was.append((fields["due"], fields["out"]))
            elif "end" in fields:
                self.is_whole, self._left_out = True, len(left_out(fields))
                self._performance.advance(fields["end"])
                self._performance.end()
            else:
                self._take(fields)
            if difference := self._compared():
                return difference
        if not self.is_whole and self._was:
            self._performance.advance(self._was[-1][0] - self._performance.ahead.horizon)
        return self._compared(all_is_said=self.is_whole)

    @property
    def count(self) -> int:
        """How many messages were the same, but those that had been left out because they were late."""
        return self._number - self._left_out

    def _ask(self, request: Request) -> None:
        for questions in self._questions:
            questions.ask(request)

    def _sent(self, due: float, message: bytes) -> None:
        self._now.append((due, message.hex()))
        self._send(due, message)

    def _compared(self, *, all_is_said: bool = False) -> Difference | None:
        """The first difference in what is there of both; `all_is_said`: nothing more will come of either."""
        while (self._was and self._now) or (all_is_said and (self._was or self._now)):
            self._number += 1
            was, now = (of.popleft() if of else None for of in (self._was, self._now))
            if was != now:
                return Difference(self._number, was, now)
        return None

    def _take(self, fields: dict[str, Any]) -> None:
        event = event_of(fields)
        if event is None:
            return
        self._performance.advance(fields["at"])
        if isinstance(event, Renewed):
            self._of(is_stand_in=event.stands_in).renew()
        if isinstance(event, Answer):
            event = self._of(is_stand_in=False).answer(event.bar) or event
        if isinstance(event, StandIn):
            event = StandIn(self._of(is_stand_in=True).answer(event.answer.bar) or event.answer)
        self._performance.take(event, at=fields["at"])

    def _of(self, *, is_stand_in: bool) -> Questions:
        return self._questions[-1 if is_stand_in else 0]
