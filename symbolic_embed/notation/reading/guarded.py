"""Reading notation in a process of its own, which is replaced when it dies.

A hostile or damaged file may hang a reader, eat all memory, or crash it. So notation is read by `worker.py` in another
process, freshly started (not forked), that gets bytes and gives bytes. One is kept and used again, because starting it
costs a second; after some files it is replaced, so that memory it did not give back does not count against the next.
A file that takes too long, or that the process dies of, is refused in a line; the file after it gets a new process.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from symbolic_embed.errors import MidiError, SymbolicEmbedError
from symbolic_embed.notation.reading.frames import READY, read_frame, write_frame
from symbolic_embed.score.score import ScoreWarning

WORKER = "symbolic_embed.notation.reading.worker"
STARTING_SECONDS = 60.0  # it takes a fifth of one, on a machine that has little else to do
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
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each would reserve memory, which counts
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(_import_path())},
        )
        self._owner = os.getpid()
        self._files = 0
        with self._clock(STARTING_SECONDS):
            is_ready = read_frame(_opened(self._process.stdout), most=len(READY)) == READY
        if not is_ready:
            self.close()
            raise SymbolicEmbedError(f"notation cannot be read: `{sys.executable} -m {WORKER}` does not start; try it")

    @property
    def is_usable(self) -> bool:
        """Whether it can read another file. A process that was forked off this one must not use its pipes."""
        return self._owner == os.getpid() and self._process.poll() is None and self._files < FILES_A_PROCESS

    def convert(self, data: bytes, *, kind: str, source: str, limits: Limits) -> Converted:
        """One file. Raises MidiError, with the reason in one line."""
        self._files += 1
        asked = {"kind": kind, "source": source, "seconds": limits.seconds, "memory": limits.memory}
        started = time.monotonic()
        try:
            with self._clock(limits.seconds):
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
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                _opened(pipe).close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()

    @contextlib.contextmanager
    def _clock(self, seconds: float) -> Iterator[None]:
        """Ends the process when the time is up."""
        clock = threading.Timer(seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()

    def _exchange(self, data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The answer to a request. Raises EOFError, OSError or ValueError where the process does not live to give it
        or gives something else."""
        requests, answers = _opened(self._process.stdin), _opened(self._process.stdout)
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


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("a process without pipes")
    return pipe


def _import_path() -> list[str]:
    """Where this process imports from: the same for the other, but not the folder that happens to be the current one,
    in which the user's files lie."""
    package = str(Path(__file__).resolve().parents[3])
    return list(dict.fromkeys([package, *(os.path.abspath(folder) for folder in sys.path if folder)]))
