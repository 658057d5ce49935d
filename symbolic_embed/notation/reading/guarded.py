"""Reading notation in a process of its own, which is replaced when it dies.

A hostile or damaged file may hang a reader, eat all memory, or crash it. So notation is read by `worker.py` in another
process, freshly started (not forked), that gets bytes and gives bytes. One is kept and used again, because starting it
costs a second; after some files it is replaced, so that memory it did not give back does not count against the next.
A file that takes too long, or that the process dies of, is refused in a line; the file after it gets a new process.
"""

from __future__ import annotations

import atexit
import json
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from symbolic_embed.errors import MidiError, SymbolicEmbedError
from symbolic_embed.score.score import ScoreWarning
from symbolic_embed.workers.frames import read_frame, write_frame
from symbolic_embed.workers.process import Process

WORKER = "symbolic_embed.notation.reading.worker"
FILES_A_PROCESS = 100
LARGEST_ANSWER = 64_000_000


@dataclass(frozen=True)
class Limits:
    """What one file may take. An hour of orchestral music takes music21 half a minute, and one of the three GB."""

    seconds: float = 120.0
    memory: int = 3 << 30


class Converted(NamedTuple):
    """A Standard MIDI File, and what was left out of it or is odd."""

    midi: bytes
    warnings: tuple[ScoreWarning, ...]


class ReadingProcess:
    """A process that reads notation, for one thread at a time."""

    def __init__(self) -> None:
        try:
            self.process = Process(WORKER)
        except OSError:
            raise SymbolicEmbedError(
                f"notation cannot be read: `{sys.executable} -m {WORKER}` does not start; try it"
            ) from None
        self._files = 0

    @property
    def is_usable(self) -> bool:
        """Whether it can read another file."""
        return self.process.is_usable and self._files < FILES_A_PROCESS

    def convert(self, data: bytes, *, kind: str, source: str, limits: Limits) -> Converted:
        """One file. Raises MidiError, with the reason in one line."""
        self._files += 1
        asked = {"kind": kind, "source": source, "seconds": limits.seconds, "memory": limits.memory}
        started = time.monotonic()
        try:
            with self.process.clock(limits.seconds):
                answer, midi = self._exchange(data, asked)
        except (OSError, ValueError, EOFError):
            self.close()
            if time.monotonic() - started >= limits.seconds:
                reason = f"takes more than {limits.seconds:g} seconds to read; is it music? if it is, export it as MIDI"
            else:
                reason = "the process that reads notation died of it; is it damaged? if not, export it as MIDI"
            raise MidiError(source, reason) from None
        except BaseException:
            self.close()
            raise
        if answer["refused"] is not None:
            raise MidiError(source, answer["refused"])
        return Converted(midi, tuple(ScoreWarning(kind, text, count) for kind, text, count in answer["warnings"]))

    def close(self) -> None:
        """Ends the process."""
        self.process.close()

    def _exchange(self, data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The answer to a request. Raises EOFError, OSError or ValueError where the process does not live to give it
        or gives something else."""
        requests, answers = self.process.requests, self.process.answers
        write_frame(requests, json.dumps(asked).encode())
        write_frame(requests, data)
        requests.flush()
        answer, midi = (read_frame(answers, most=LARGEST_ANSWER) for _ in range(2))
        if answer is None or midi is None:
            raise EOFError
        return json.loads(answer), midi


class OneProcess:
    """Keeps one reading process for all threads, and replaces it when it has died or done its share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: ReadingProcess | None = None

    def convert(self, data: bytes, *, kind: str, source: str, limits: Limits = Limits()) -> Converted:
        """One file. Raises MidiError."""
        with self._lock:
            if self._process is None or not self._process.is_usable:
                self.close()
                self._process = ReadingProcess()
            return self._process.convert(data, kind=kind, source=source, limits=limits)

    def close(self) -> None:
        """Ends the process, where there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None


shared = OneProcess()
atexit.register(shared.close)
