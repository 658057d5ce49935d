"""The processes that work, and who waits for them.

Each is watched by a thread of its own. One that takes too long, or too much memory, or is cancelled and does not
listen, is ended, and another takes its place; its job alone is lost, with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import queue
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symbolic_embed.server.jobs import CANCELLED, Job, Result
from symbolic_embed.server.spool import results_in
from symbolic_embed.workers import Limits
from symbolic_embed.workers.frames import read_frame, write_frame
from symbolic_embed.workers.limits import TOO_MUCH_MEMORY
from symbolic_embed.workers.process import Process

FAILED = 1
STARTING_SECONDS = 120.0  # until a model is loaded, on a slow disk
PATIENCE = 3.0  # seconds that a cancelled job has to stop by itself
LIMITS = Limits(seconds=600.0, memory=4 << 30)
LOG = logging.getLogger(__name__)


class FullError(Exception):
    """So many wait already that another would wait too long."""


@dataclass(frozen=True)
class Employment:
    """How work is done. module: what a worker runs; checkpoint: its model's folder; None: the bundled one; threads:
    that a worker embeds many files with."""

    module: str
    checkpoint: Path | None = None
    count: int = 1
    threads: int = 1
    most_waiting: int = 64
    limits: Limits = LIMITS


class Crew:
    """Workers who take jobs in the order in which they come. A context, opened and closed by the server's loop."""

    def __init__(self, employment: Employment, *, ready_told: Callable[[], object] = lambda: None) -> None:
        self.employment, self._ready_told = employment, ready_told
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._count = 0  # of jobs that wait
        self._processes: dict[str, Process] = {}  # at work, by job
        self._members: list[threading.Thread] = []
        self.ready = asyncio.Event()  # set when the first has loaded its model

    async def __aenter__(self) -> Crew:
        self._loop = asyncio.get_running_loop()
        for number in range(self.employment.count):
            member = threading.Thread(target=self._work, daemon=True, name=f"worker {number}")
            member.start()
            self._members.append(member)
        return self

    async def __aexit__(self, *_: object) -> None:
        for _member in self._members:
            self._waiting.put(None)
        for process in list(self._processes.values()):
            process.kill()
        for member in self._members:
            await asyncio.to_thread(member.join, PATIENCE)

    def take(self, job: Job) -> None:
        """A job for whoever is free first. Raises FullError where too many wait."""
        if self._count >= self.employment.most_waiting:
            raise FullError
        self._count += 1
        self._waiting.put(job)

    def cancel(self, job: Job) -> None:
        """Ends a job: at once if it waits, else as Ctrl-C does, and by force if that does not help."""
        if job.is_over:
            return
        job.is_cancelled = True
        if job.state == "waiting":
            self._count -= 1  # others may wait in its place
            self._ended(job, CANCELLED, ())
        elif process := self._processes.get(job.id):
            _interrupt(process)
            self._loop.call_later(PATIENCE, lambda: None if job.is_over else process.kill())

    def _work(self) -> None:
        """What a member does: one job after another, each in the same process as long as that lives."""
        process = self._hired()
        self._soon(self._is_ready)
        while (job := self._waiting.get()) is not None:
            if job.is_cancelled:
                continue
            if process is None or not process.is_usable:
                process = self._hired()
            self._soon(self._begun, job)
            if process is None:
                self._soon(
                    job.tell, "error: no process to work with could be started; try again, or restart the server"
                )
                self._soon(self._ended, job, FAILED, ())
            elif not self._carried_out(process, job):
                process.close()
                process = self._hired()
        if process is not None:
            process.close()

    def _hired(self) -> Process | None:
        """A new process, its model loaded; None where none starts."""
        try:
            process = Process(self.employment.module)
        except OSError as refusal:
            LOG.error("no worker: %s", refusal)
            return None
        employed = self.employment
        first = {
            "checkpoint": None if employed.checkpoint is None else str(employed.checkpoint),
            "memory": employed.limits.memory,
            "threads": employed.threads,
        }
        with process.clock(STARTING_SECONDS):
            _send(process, first)
            is_ready = read_frame(process.answers) is not None
        if is_ready:
            return process
        process.close()
        return None

    def _carried_out(self, process: Process, job: Job) -> bool:
        """A job from beginning to end; whether the process can take another."""
        limits = self.employment.limits
        self._processes[job.id] = process
        try:
            with process.clock(limits.seconds):
                _send(process, {**job.asked, "verb": job.verb, "folder": str(job.work)})
                while (frame := read_frame(process.answers)) is not None:
                    answer = json.loads(frame)
                    if "exit_code" in answer:
                        job_results = results_in(job.work, sent=job.sent)
                        self._soon(setattr, job, "command", answer["command"])
                        code = CANCELLED if job.is_cancelled else answer["exit_code"]
                        self._soon(self._ended, job, code, job_results)
                        return True
                    self._soon(self._told, job, answer)
        finally:
            del self._processes[job.id]
        code = process.close()
        reason = f"it took more than {limits.seconds:g} seconds"
        if code == TOO_MUCH_MEMORY:
            reason = f"it took more than {limits.memory / 1e9:.1f} GB of memory"
        elif code != -signal.SIGKILL:
            reason = f"its process ended (code {code})"
        if not job.is_cancelled:
            self._soon(job.tell, f"error: {job.verb} was given up: {reason}; try it with less music")
        self._soon(self._ended, job, CANCELLED if job.is_cancelled else FAILED, ())  # what it left may be half-written
        return False

    def _soon(self, function: Callable[..., object], *arguments: object) -> None:
        """Has the server's loop do something; nothing where that is over."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def _is_ready(self) -> None:
        if not self.ready.is_set():
            self.ready.set()
            self._ready_told()

    def _begun(self, job: Job) -> None:
        if not job.is_over:  # cancelled as it was taken, it is off the list already
            self._count -= 1
            job.start()

    def _told(self, job: Job, answer: dict[str, Any]) -> None:
        if "message" in answer:
            job.tell(answer["message"])
        elif "progress" in answer:
            job.reach(*answer["progress"])
        elif "fault" in answer:
            LOG.error("%s: %s", job.verb, answer["fault"])

    def _ended(self, job: Job, code: int, results: tuple[Result, ...]) -> None:
        if not job.is_over:
            job.end(code, results)


def _send(process: Process, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # it has died: its answers end, which is seen there
        write_frame(process.requests, json.dumps(message).encode())
        process.requests.flush()


def _interrupt(process: Process) -> None:
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGINT)
