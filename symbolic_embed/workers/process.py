"""A Python process that does one thing after the other for this one, through its stdin and stdout.

It is freshly started, not forked: threads and libraries of this process are none of its business, and a program that
has no `if __name__ == "__main__"` can start one as well. It imports from where this process does, but never from the
current folder, in which the user's files lie.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from symbolic_embed.workers.frames import READY, read_frame

STARTING_SECONDS = 60.0  # it takes a fifth of one, on a machine that has little else to do
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each would reserve memory, which counts


class Process:
    """A process that runs a module, which says READY first; for one thread at a time. Raises OSError where it does not
    start."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(_import_path())},
        )
        self._owner = os.getpid()
        self.requests, self.answers = _opened(self._process.stdin), _opened(self._process.stdout)
        with self.clock(STARTING_SECONDS):
            is_ready = read_frame(self.answers, most=len(READY)) == READY
        if not is_ready:
            self.close()
            raise OSError(f"{module} does not start")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether it lives. A process that was forked off this one must not use its pipes."""
        return self._owner == os.getpid() and self._process.poll() is None

    @contextlib.contextmanager
    def clock(self, seconds: float) -> Iterator[Callable[[], None]]:
        """Ends the process when the time is up. Inside the block its function gives it as much time again."""
        stopped, until = threading.Event(), time.monotonic() + seconds

        def restart() -> None:
            nonlocal until
            until = time.monotonic() + seconds

        def run() -> None:
            while (left := until - time.monotonic()) > 0:
                if stopped.wait(left):
                    return
            self._process.kill()

        threading.Thread(target=run, daemon=True, name="clock").start()
        try:
            yield restart
        finally:
            stopped.set()

    def kill(self) -> None:
        """Ends the process; `close` is still to be called. May be called by any thread."""
        if self._owner == os.getpid():
            self._process.kill()

    def close(self) -> int | None:
        """Ends the process, if it has not ended, and returns its exit code: with a minus, the signal."""
        self.kill()
        for pipe in (self.requests, self.answers):
            with contextlib.suppress(OSError):
                pipe.close()
        return self._process.wait() if self._owner == os.getpid() else None


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("a process without pipes")
    return pipe


def _import_path() -> list[str]:
    """Where this process imports from, without the current folder."""
    package = str(Path(__file__).resolve().parents[2])
    return list(dict.fromkeys([package, *(os.path.abspath(folder) for folder in sys.path if folder)]))
