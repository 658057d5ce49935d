"""Whoever answers, and whoever sends, on other machines, as a session sees them: like the processes of `helpers.py`.

The line to each is kept alive, and the clocks are compared over it, twice a second. Messages go out with the time at
which they are to sound on the other machine's clock. A line that is lost is a port that is gone, or a writer that has
died; it is tried again for as long as the session lasts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from symbolic_embed.errors import SoundError, SymbolicEmbedError
from symbolic_embed.live.asking import Answer, Request
from symbolic_embed.live.comparing import Compared, Comparison
from symbolic_embed.live.sessions import left_out
from symbolic_embed.live.telling import answer_of, fields_of_request
from symbolic_embed.live.wire import SILENCE, Address, connected
from symbolic_embed.live.worker import Start

EXCHANGES = 8  # before anything else
EVERY = 0.5  # seconds between two comparisons of clocks
BEGINNING = 120.0  # seconds in which a model is loaded there, and has practised
TRIES_EVERY = 1.0  # seconds
MODEL, OUT = "model", "out"


class Line:
    """A connection to a server, with the clocks compared. What it says is handed to `hear`, in a thread; None at the
    end. Raises as `connected` does, and SoundError where the clocks cannot be compared."""

    def __init__(self, at: Address, token: str, *, serves: str, hear: Callable[[dict[str, Any] | None], None]) -> None:
        self.at, self._connection, self._hear = at, connected(at, token, serves=serves), hear
        self._clocks, self._exchanged, self._is_over = Comparison(), threading.Event(), threading.Event()
        self._lock, self._is_open, self._error = threading.Lock(), False, ""
        threading.Thread(target=self._listen, daemon=True, name=f"{serves} at {at}").start()
        for _ in range(EXCHANGES):
            self._exchanged.clear()
            self._ask_the_time()
            self._exchanged.wait(SILENCE)
        with self._lock:
            self._is_open = bool(len(self._clocks)) and not self._is_over.is_set()
        if not self._is_open:
            self.close()
            raise SoundError(f"{at}: {self._error or 'does not say what its clock shows; is the network overloaded?'}")
        threading.Thread(target=self._compare, daemon=True, name=f"clock of {at}").start()

    @property
    def compared(self) -> Compared:
        """How far the other clock is ahead, and how long it is there and back."""
        return self._clocks.best

    def say(self, **fields: Any) -> None:
        """Says something, if there is anybody."""
        self._connection.say(**fields)

    def close(self) -> None:
        """Ends it."""
        self._is_over.set()
        self._connection.close()

    def _listen(self) -> None:
        while (fields := self._connection.hear()) is not None:
            now = time.monotonic()
            match fields:
                case {"asked": float(t0), "came": float(t1), "left": float(t2)}:
                    self._clocks.take(t0, t1, t2, now)
                    self._exchanged.set()
                case {"error": str(error)} if not self._is_open:
                    self._error = error
                case _:
                    self._hear(fields)
        self._connection.close()
        with self._lock:
            self._is_over.set()
        self._exchanged.set()
        if self._is_open:
            self._hear(None)

    def _compare(self) -> None:
        while not self._is_over.wait(EVERY):
            self._ask_the_time()

    def _ask_the_time(self) -> None:
        self._connection.say(time=time.monotonic())


class RemoteAnswering:
    """A model on another machine, for one session. `seconds`: the most that a bar took there for practice, and the way
    there and back. Raises SoundError where there is none, SymbolicEmbedError for what it says is wrong."""

    pid = None

    def __init__(self, at: Address, token: str, start: Start) -> None:
        self._parts, self._said = len(start.parts), threading.Event()
        self._first: dict[str, Any] | None = None
        self._hear_answer: Callable[[Answer | None], None] = lambda answer: None
        self._line = Line(at, token, serves=MODEL, hear=self._hear)
        self._line.say(begin=start.settings)
        self._said.wait(BEGINNING)
        match self._first:
            case {"ready": float(seconds), "checkpoint": str(checkpoint)}:
                self.seconds, self.checkpoint = seconds + self._line.compared.delay, checkpoint
            case {"error": str(error)}:
                self.close()
                raise SymbolicEmbedError(f"{at}: {error}")
            case _:
                self.close()
                raise SoundError(f"{at}: the model there does not begin; what does it say?")

    @property
    def compared(self) -> Compared:
        """How far its clock is ahead, and how long it is there and back."""
        return self._line.compared

    def listen(self, hear: Callable[[Answer | None], None]) -> None:
        """From now on hands on each answer, and None when there will be no more."""
        self._hear_answer = hear

    def ask(self, request: Request) -> None:
        """Asks, if there is anybody."""
        self._line.say(**fields_of_request(request))

    def close(self) -> None:
        """Ends the line."""
        self._line.close()

    def _hear(self, fields: dict[str, Any] | None) -> None:
        if not self._said.is_set():
            self._first = fields
            self._said.set()
        elif fields is None:
            self._hear_answer(None)
        else:
            try:
                self._hear_answer(answer_of(fields, parts=self._parts))
            except ValueError:
                self._line.close()


class RemoteSending:
    """A port on another machine. Raises SoundError where nobody serves one. A line that is lost is tried again."""

    pid = None

    def __init__(self, at: Address, token: str) -> None:
        self._at, self._token = at, token
        self._count, self._before = 0, 0  # messages; those before the line was there again
        self.report: dict[str, Any] = {}
        self._reported, self._is_over = threading.Event(), threading.Event()
        self._hear_port: Callable[[bool | None], None] = lambda is_there: None
        self._line: Line | None = Line(at, token, serves=OUT, hear=self._hear)
        self._last = self._line.compared

    @property
    def compared(self) -> Compared:
        """How far its clock is ahead, and how long it is there and back; where it is lost, as it was last."""
        line = self._line
        if line is not None:
            self._last = line.compared
        return self._last

    def listen(self, hear: Callable[[bool | None], None]) -> None:
        """From now on hands on whether the port is there, when that changes."""
        self._hear_port = hear

    def send(self, due: float, message: bytes) -> None:
        """Has a message sent at a time on this machine's clock, if there is anybody."""
        line, self._count = self._line, self._count + 1
        if line is not None:
            line.say(due=due + line.compared.offset, message=message.hex())

    def close(self, *, seconds: float = 2.0) -> None:
        """Has it end what sounds, and waits so long for it to be done."""
        self._is_over.set()
        line = self._line
        if line is not None:
            line.say(end=True)
            self._reported.wait(seconds)
            line.close()

    def _hear(self, fields: dict[str, Any] | None) -> None:
        match fields:
            case None:
                self._line = None
                if not self._is_over.is_set():
                    self._hear_port(False)
                    threading.Thread(target=self._try_again, daemon=True, name=f"looking for {self._at}").start()
            case {"port": bool(is_there)}:
                self._hear_port(is_there)
            case {"report": dict(report)}:
                numbers = [self._before + number for number in left_out({"sent": report})]
                self.report = report | {"numbers_left_out": sorted(numbers)}
                self._reported.set()
            case _:
                pass

    def _try_again(self) -> None:
        while not self._is_over.wait(TRIES_EVERY):
            try:
                line = Line(self._at, self._token, serves=OUT, hear=self._hear)
            except SymbolicEmbedError:
                continue
            self._before, self._line = self._count, line
            self._hear_port(True)
            return
