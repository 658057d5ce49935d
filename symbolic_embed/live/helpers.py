"""The two processes beside a session, as it sees them: one answers, one sends. Each is read by a thread, which hands on
what it says; a process that is gone says None."""

from __future__ import annotations

import contextlib
import json
import pickle
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

from symbolic_embed.errors import SoundError, SymbolicEmbedError, UsageError
from symbolic_embed.live.asking import Answer, Request
from symbolic_embed.live.worker import Start
from symbolic_embed.workers.frames import read_frame, write_frame
from symbolic_embed.workers.process import Process

WORKER, SENDER = "symbolic_embed.live.worker", "symbolic_embed.live.watching"


class AnsweringProcess:
    """The process that answers. `seconds`: the most that a bar took for practice. Raises what loading the model does,
    SymbolicEmbedError where the process does not start."""

    compared = None  # its clock is ours

    def __init__(self, start: Start) -> None:
        self._process = _started(WORKER)
        self._write(start)
        frame = read_frame(self._process.answers)
        said = SymbolicEmbedError("the process that writes has ended") if frame is None else pickle.loads(frame)
        if isinstance(said, SymbolicEmbedError):
            self._process.close()
            raise said
        self.seconds: float
        self.checkpoint: str
        self.seconds, self.checkpoint = said

    def listen(self, hear: Callable[[Answer | None], None]) -> None:
        """From now on hands on each answer, and None when there will be no more."""

        def run() -> None:
            with contextlib.suppress(OSError, ValueError):
                while (frame := read_frame(self._process.answers)) is not None:
                    hear(pickle.loads(frame))
            hear(None)

        threading.Thread(target=run, daemon=True, name="answers").start()

    def ask(self, request: Request) -> None:
        """Asks, if there is anybody."""
        with contextlib.suppress(OSError, ValueError):
            self._write(request)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def close(self) -> None:
        """Ends the process."""
        self._process.close()

    def _write(self, what: Any) -> None:
        write_frame(self._process.requests, pickle.dumps(what, protocol=5))
        self._process.requests.flush()


class SendingProcess:
    """The process that sends. Raises UsageError for a port that is not there, SoundError where it cannot be opened."""

    compared = None  # its clock is ours

    def __init__(self, port: str) -> None:
        self._process = _started(SENDER)
        write_frame(self._process.requests, port.encode())
        self._process.requests.flush()
        said = read_frame(self._process.answers)
        if said != b"":
            self._process.close()
            text = (said or b"1the process that sends has ended").decode()
            raise UsageError(text[1:], field="out") if text[0] == "2" else SoundError(text[1:])
        self.report: dict[str, Any] = {}
        self._ended, self._reported = threading.Event(), threading.Event()

    def listen(self, hear: Callable[[bool | None], None]) -> None:
        """From now on hands on whether the port is there, when that changes, and None when the process is gone."""

        def run() -> None:
            with contextlib.suppress(OSError, ValueError):
                while (frame := read_frame(self._process.answers)) is not None:
                    if frame.startswith(b"{"):
                        self.report = json.loads(frame)
                        self._reported.set()
                    else:
                        hear(frame == b"back")
            self._ended.set()
            hear(None)

        threading.Thread(target=run, daemon=True, name="sending").start()

    def send(self, due: float, message: bytes) -> None:
        """Has a message sent at a time, if there is anybody."""
        with contextlib.suppress(OSError, ValueError):
            write_frame(self._process.requests, struct.pack("<d", due) + message)
            self._process.requests.flush()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def silence(self, *, seconds: float = 2.0) -> dict[str, Any]:
        """Has it end all that sounds, and go on; how late messages were up to here, if it says so in time."""
        self._reported.clear()
        self.send(time.monotonic(), b"")
        self._reported.wait(seconds)
        return self.report

    def close(self, *, seconds: float = 2.0) -> None:
        """Has it end what sounds, and waits so long for it to be done."""
        with contextlib.suppress(OSError):
            self._process.requests.close()
        self._ended.wait(seconds)
        self._process.close()


def _started(module: str) -> Process:
    try:
        return Process(module)
    except OSError:
        raise SymbolicEmbedError(f"`python -m {module}` does not start; try it") from None
