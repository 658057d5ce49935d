"""A session without ports, faster than it sounds: somebody's notes with their times, an answerer that is said to take
so long, and perhaps another that stands in for it. For trying, for measuring, and for playing along with a file."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import NamedTuple

from symbolic_embed.live.asking import Answer, Request
from symbolic_embed.live.events import Event, Incoming, StandIn
from symbolic_embed.live.performance import Ahead, Outlets, Performance
from symbolic_embed.live.replay import Answerer
from symbolic_embed.live.sessions import Recording
from symbolic_embed.requests.live import LiveRequest

QUIET_BARS = 5  # behind the player's last note: what is played through, the last bar, and room


class Decided(NamedTuple):
    """What was played in a bar, and the seconds that were left when its answer came; None: none did."""

    answer: Answer
    left: float | None


class Rehearsal:
    """A session. `seconds_for`: how long an answer takes, from when it is asked for. What happens is written down in a
    `recording`, which may be given once the rehearsal is made, as may a `stand_in`, whose answers are there at once."""

    def __init__(
        self,
        request: LiveRequest,
        answerer: Answerer,
        *,
        parts: tuple[str, ...],
        lead: float,
        seconds_for: Callable[[Answer], float] = lambda answer: answer.milliseconds / 1e3,
    ) -> None:
        self.sent: list[tuple[float, bytes]] = []
        self.decided: list[Decided] = []
        self.recording: Recording | None = None
        self.stand_in: Answerer | None = None
        self._answerer, self._seconds_for, self._free = answerer, seconds_for, 0.0
        self._events: list[tuple[float, int, Event]] = []
        self._number = 0
        outlets = Outlets(self._ask, self._send, lambda answer, left: self.decided.append(Decided(answer, left)))
        self.performance = Performance(request, parts=parts, ahead=Ahead(lead), outlets=outlets)

    def add(self, event: Event, *, at: float) -> None:
        """Has something happen at a time."""
        heapq.heappush(self._events, (at, self._number, event))
        self._number += 1

    def hear(self, messages: Iterable[tuple[float, bytes]]) -> None:
        """Has somebody play messages at times."""
        for at, message in messages:
            self.add(Incoming(message, at), at=at)

    def run(self, *, until: float) -> None:
        """Has all happen up to a time, or to the end of the session."""
        performance = self.performance
        while not performance.is_over:
            due, event = performance.next_time, self._events[0][0] if self._events else None
            if event is not None and event <= until and (due is None or event < due):
                at, _, what = heapq.heappop(self._events)
                self._take(what, at)
            elif due is not None and due <= until:
                performance.advance(due)
            else:
                break
        performance.advance(until)
        if self.recording:
            performance.end()
            self.recording.end(performance)

    def _take(self, event: Event, at: float) -> None:
        if self.recording:
            self.recording.take(self.performance, event, at=at)
        else:
            self.performance.take(event, at=at)

    def _ask(self, request: Request) -> None:
        answer = self._answerer.take(request)
        if answer is not None:
            self._free = max(self._free, self.performance.now) + self._seconds_for(answer)
            self.add(answer, at=self._free)
        if self.stand_in and (stand_in := self.stand_in.take(request)) is not None:
            self.add(StandIn(stand_in), at=self.performance.now)

    def _send(self, due: float, message: bytes) -> None:
        self.sent.append((due, message))
        if self.recording:
            self.recording.sent(due, message)
