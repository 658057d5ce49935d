"""A session on ports, in real time: three processes. This one listens and decides; one answers; one sends, and ends
what sounds when this one is gone. Either of the others may be on another machine (`places.py`).

Everything that happens comes into one queue, with its time, and is taken in that order; between, what is due is done.
If the process that answers dies, something stands in until another one has begun and been told of the last bars
(`keeping.py`). A port of the player's that vanishes is looked for once a second.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Any, NamedTuple

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live import ports
from symbolic_embed.live.asking import Answer, Request
from symbolic_embed.live.comparing import Compared
from symbolic_embed.live.events import Event, Incoming, Key, Port, Renewed
from symbolic_embed.live.helpers import AnsweringProcess
from symbolic_embed.live.keeping import Kept
from symbolic_embed.live.performance import Ahead, Outlets, Performance, decided_before
from symbolic_embed.live.places import Places, horizon_of
from symbolic_embed.live.sessions import Recording
from symbolic_embed.live.worker import Start
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.version import installed_version

SPARE = 0.25  # seconds that a bar should be there before its barline
SPARE_OF_STAND_IN = 0.1  # likewise, before the bar is decided
TIMES = 1.5  # what a bar took for practice, and some more
TIMES_OF_FIRST = 2.0  # as long before a barline the first bar is begun: our drums draw several, and choose
LOOKS = 1.0  # seconds between two looks for a port
LONGEST_WAIT = 0.25  # seconds


class Told(NamedTuple):
    """A bar for whoever watches: what was decided, the seconds that were left, the tempo, the number of the bar in the
    song, from 0; of those on other machines ("model", "out") the clocks; and whether whoever answers is there."""

    answer: Answer
    left: float | None
    tempo: float
    bar: int
    clocks: dict[str, Compared]
    has_model: bool = True


def ahead_of(request: LiveRequest, seconds: Sequence[float], *, horizon: float) -> Ahead:
    """How long before its time what is done. `seconds`: the most that a bar takes of whoever answers, and of whoever
    stands in, if anybody does: that one has the time it needs, whatever was asked for."""
    lead = request.lead_ms / 1e3 if request.lead_ms else SPARE + TIMES * seconds[0]
    for stand_in in seconds[1:]:
        lead = max(lead, decided_before(request, horizon=horizon) + SPARE_OF_STAND_IN + TIMES * stand_in)
    return Ahead(lead, horizon, None if request.lead_ms else TIMES_OF_FIRST * lead)


class Session:
    """One session. `tell` is handed each bar as it is decided. Raises what opening ports and loading the model do."""

    def __init__(self, start: Start, *, places: Places, stream: IO[str], tell: Callable[[Told], object]) -> None:
        self._tell, self._is_interrupted = tell, False
        self._happened: queue.SimpleQueue[tuple[float, Event | None]] = queue.SimpleQueue()
        self._input_name = places.input
        self._input: Any = ports.open_input(self._input_name, self._came_in)
        try:
            self._sender = places.sender()
        except SymbolicEmbedError:
            self._input.close()
            raise
        self._answerers: list[Kept] = []
        try:
            for one in (start.first, start.stand_in):
                if one is not None:
                    is_second = bool(self._answerers)
                    begin = partial(AnsweringProcess if is_second else places.answerer, one)
                    self._answerers.append(Kept(begin, happen=self.happen, stands_in=is_second))
        except SymbolicEmbedError:
            self._close_all()
            raise
        request = start.request
        self.ahead = ahead_of(request, [one.seconds for one in self._answerers], horizon=horizon_of(self._sender))
        head = {"request": start.settings, "parts": list(start.parts), **self.ahead._asdict()}
        head |= {"version": installed_version(), "checkpoint": self._answerers[0].checkpoint}
        self.recording = Recording(stream, head)
        outlets = Outlets(self._ask, self._send, self._decided)
        self.performance = Performance(request, parts=start.parts, ahead=self.ahead, outlets=outlets)
        for answerer in self._answerers:
            answerer.listen()
        self._sender.listen(lambda is_there: self.happen(None if is_there is None else Port(False, is_there)))
        self._looked = time.monotonic()
        self._clocks: dict[str, Compared] = {}
        self._note_clocks()

    def happen(self, event: Event | None) -> None:
        """Has something happen now. May be called by any thread."""
        self._happened.put((time.monotonic(), event))

    def press(self, key: str) -> None:
        """Takes a key, one of `events.KEYS`. May be called by any thread."""
        self.happen(Key(key))

    def interrupt(self) -> None:
        """Ends it now, without a last bar. May be called by any thread, and when a signal is taken."""
        self._is_interrupted = True
        self.happen(None)

    def run(self) -> None:
        """Plays to the end of the session."""
        performance = self.performance
        while not (performance.is_over or self._is_interrupted):
            due = performance.next_time
            wait = LONGEST_WAIT if due is None else min(max(due - time.monotonic(), 0.0), LONGEST_WAIT)
            try:
                at, event = self._happened.get(timeout=wait) if wait else self._happened.get_nowait()
            except queue.Empty:
                performance.advance(time.monotonic())
            else:
                if isinstance(event, Renewed):
                    self._answerers[-1 if event.stands_in else 0].adopt()
                if event is not None:
                    self.recording.take(performance, event, at=max(at, performance.now))
            self._look()

    def close(self) -> dict[str, Any]:
        """Ends what sounds, the processes and the file; how it went."""
        self.performance.end()
        self._close_all()
        counts = dict(self.performance.cycle.deadline.counts)
        account: dict[str, Any] = {
            "bars": counts,
            "late_answers": self.performance.cycle.deadline.late,
            "sent": self._sender.report,
        }
        self.recording.end(self.performance, **account)
        return account

    @property
    def clocks(self) -> dict[str, Compared]:
        """How far the clocks of those on other machines are ahead, and how far away they are."""
        of = {"model": self._answerers[0].compared, "out": self._sender.compared}
        return {name: compared for name, compared in of.items() if compared is not None}

    @property
    def pids(self) -> dict[str, int]:
        """The processes beside this one."""
        answering = zip(("worker", "stand-in"), (answerer.pid for answerer in self._answerers), strict=False)
        named = {"sender": self._sender.pid, **dict(answering)}
        return {name: pid for name, pid in named.items() if pid is not None}

    def _came_in(self, message: bytes) -> None:
        now = time.monotonic()
        self._happened.put((now, Incoming(message, now)))

    def _ask(self, request: Request) -> None:
        for answerer in self._answerers:
            answerer.ask(request)

    def _close_all(self) -> None:
        """Ends the processes and closes the port; first the one that ends what sounds."""
        self._sender.close()
        for answerer in self._answerers:
            answerer.close()
        if self._input is not None:
            self._input.close()

    def _send(self, due: float, message: bytes) -> None:
        self._sender.send(due, message)
        self.recording.sent(due, message)

    def _decided(self, answer: Answer, left: float | None) -> None:
        self.recording.flush()
        performance = self.performance
        bar, has_model = answer.bar + performance.song_bars, self._answerers[0].is_there
        self._tell(Told(answer, left, performance.conductor.tempo, bar, self.clocks, has_model))

    def _note_clocks(self) -> None:
        """Writes down what the clocks show, where that has changed."""
        for name, compared in self.clocks.items():
            if compared != self._clocks.get(name):
                self._clocks[name] = compared
                self.recording.note(clock=name, **compared._asdict())

    def _look(self) -> None:
        """Looks for the player's port, and at the clocks, once in a while."""
        now = time.monotonic()
        if now - self._looked < LOOKS:
            return
        self._looked = now
        self._note_clocks()
        if self._input is not None and not ports.is_there(self._input):
            self._input.close()
            self._input = None
            self.happen(Port(is_input=True, is_there=False))
        elif self._input is None:
            try:
                self._input = ports.open_input(self._input_name, self._came_in)
            except SymbolicEmbedError:
                return
            self.happen(Port(is_input=True, is_there=True))
