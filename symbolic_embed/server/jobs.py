"""Jobs: what was asked, how far it is, what came of it."""

from __future__ import annotations

import asyncio
import mimetypes
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Event = tuple[str, Any]  # its name, and what is said, as JSON

MOST_MESSAGES = 2_000
LONGEST_STDOUT = 4_000_000  # bytes that are told within a job; more is fetched by itself
QUIET = 15.0  # seconds without a word, after which a stream shows that it lives
DONE, SOME_REJECTED, CANCELLED = 0, 3, 130
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")

for ending, kind in {".mid": "audio/midi", ".npz": "application/zip", ".diff": "text/plain"}.items():
    mimetypes.add_type(kind, ending)


@dataclass(frozen=True)
class Result:
    """A file that a job has written: its name in the job's folder, and its size in bytes."""

    name: str
    size: int

    def told(self, job: str) -> dict[str, Any]:
        """The result as JSON."""
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return {
            "name": self.name,
            "size": self.size,
            "type": kind,
            "url": f"/api/jobs/{job}/results/{quote(self.name)}",
        }


@dataclass(eq=False)
class Job:
    """One request that is carried out. Changed and read by the server's own loop alone.

    id       a name that nobody guesses
    verb     which one
    folder   where it lies; `work` in it is where the verb runs
    asked    request, options and libraries, as its worker is told
    sent     names of the files that came along
    """

    id: str
    verb: str
    folder: Path
    asked: Mapping[str, Any]
    sent: frozenset[str] = frozenset()
    state: State = "waiting"
    exit_code: int | None = None
    command: str = ""
    messages: list[str] = field(default_factory=list)
    progress: dict[str, Any] | None = None
    results: tuple[Result, ...] = ()
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    is_cancelled: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def error(self) -> str | None:
        """What a job that failed said of it."""
        if self.exit_code in (None, DONE, SOME_REJECTED):
            return None
        said = [line.removeprefix("error: ") for line in self.messages if line.startswith("error: ")]
        return said[-1] if said else "cancelled" if self.state == "cancelled" else "it failed without a word"

    def start(self) -> None:
        """It is being carried out."""
        self.state = "running"
        self._wake()

    def tell(self, line: str) -> None:
        """A line on stderr; those beyond MOST_MESSAGES are only counted."""
        if len(self.messages) < MOST_MESSAGES:
            self.messages.append(line)
        self._wake()

    def reach(self, doing: str, done: float, total: float, where: str) -> None:
        """How far it is."""
        self.progress = {"doing": doing, "done": done, "total": total, "where": where}
        self._wake()

    def end(self, exit_code: int, results: tuple[Result, ...] = ()) -> None:
        """It is over. What a cancelled one has written is not offered."""
        self.exit_code, self.ended, self.progress = exit_code, time.monotonic(), None
        self.state = (
            "cancelled" if exit_code == CANCELLED else "done" if exit_code in (DONE, SOME_REJECTED) else "failed"
        )
        self.results = () if self.state == "cancelled" else results
        self._wake()

    def told(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {
            "id": self.id,
            "verb": self.verb,
            "state": self.state,
            "exit_code": self.exit_code,
            "stdout": self._stdout(),
            "messages": list(self.messages),
            "error": self.error,
            "command": self.command,
            "results": [one.told(self.id) for one in self.results],
            "progress": self.progress,
            "seconds": round((self.ended or time.monotonic()) - self.begun, 3),
        }

    def _stdout(self) -> str | None:
        """What it printed, once it is over; None where that is no text, or too long to be told here."""
        if not self.is_over:
            return None
        try:
            data = (self.folder / "stdout").read_bytes()
            return data.decode() if len(data) <= LONGEST_STDOUT else None
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError):
            return None

    async def over(self, seconds: float) -> None:
        """Waits until it is over, or so long."""
        until = time.monotonic() + seconds
        while not self.is_over and (left := until - time.monotonic()) > 0:
            await self._change(left)

    async def events(self) -> AsyncIterator[Event | None]:
        """What happens until it is over, what has happened first; None now and then where nothing does."""
        told, reached = 0, None
        while True:
            is_over = self.is_over
            for line in self.messages[told:]:
                yield "message", line
            told = len(self.messages)
            if self.progress is not None and self.progress != reached:
                reached = self.progress
                yield "progress", reached
            if is_over:
                yield "done", self.told()
                return
            if told == len(self.messages) and not self.is_over and not await self._change(QUIET):
                yield None

    async def _change(self, seconds: float) -> bool:
        """Waits for something to happen, or so long; whether it did."""
        changed = self._changed
        try:
            await asyncio.wait_for(changed.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
