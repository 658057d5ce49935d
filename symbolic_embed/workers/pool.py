"""Many tasks, answered in their order by some workers, one process each.

Tasks go to a worker several at a time, since one is often done in a millisecond; answers come one by one, so that it is
known which task a worker has died of. That one is tried again with a new worker, twice, since somebody else may have
killed the first: then it is lost. One that takes too long, or too much memory, is lost at once. No more is read ahead
of whoever takes the answers than some tasks for each worker.
"""

from __future__ import annotations

import itertools
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Generic, TypeVar

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.workers.frames import READY, read_frame, write_frame
from symbolic_embed.workers.limits import TOO_MUCH_MEMORY, Limits, Lost, too_much_memory, too_much_time
from symbolic_embed.workers.process import STARTING_SECONDS, Process

SERVING = "symbolic_embed.workers.serving"
LIMITS = Limits()
TOGETHER = 16  # tasks that are sent at a time
AHEAD = 2  # times as many for each worker are under way at most
TRIES = 3
STARTS = 5  # of a worker that dies before it has begun

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class WorkerDiedError(Exception):
    """A worker has ended in a task. is_sure: because of the task, and would again."""

    def __init__(self, reason: str, *, is_sure: bool) -> None:
        super().__init__(reason)
        self.reason, self.is_sure = reason, is_sure


class Workers(Generic[Task, Answer]):
    """Workers that do one kind of work: `work` is a function of a module, or a `partial` of one, since it is sent to
    them, as are tasks and answers. A context: at its end, however it comes, there are no processes left."""

    def __init__(self, work: Callable[[Task], Answer], *, jobs: int, limits: Limits = LIMITS) -> None:
        self.work, self.jobs, self.limits = work, jobs, limits
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="worker")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._running: set[_Worker] = set()
        self._is_over = False

    def __enter__(self) -> Workers[Task, Answer]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_over = True
            running = list(self._running)
        for worker in running:
            worker.process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._running:
            worker.process.close()

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        with self._lock:
            return [worker.process.pid for worker in self._running]

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer | Lost]]:
        """Every task with its answer, in order. Raises SymbolicEmbedError where no worker starts."""
        waiting: deque[tuple[list[Task], Future[list[Answer | Lost]]]] = deque()
        tasks = iter(tasks)
        for together in iter(lambda: list(itertools.islice(tasks, TOGETHER)), []):
            waiting.append((together, self._threads.submit(self._answers, together)))
            if len(waiting) >= AHEAD * self.jobs or waiting[0][1].done():
                yield from _answered(*waiting.popleft())
        while waiting:
            yield from _answered(*waiting.popleft())

    def _answers(self, tasks: Sequence[Task]) -> list[Answer | Lost]:
        """The answers to some tasks, whatever dies."""
        answers: list[Answer | Lost] = []
        tries = 0
        while len(answers) < len(tasks):
            before = len(answers)
            try:
                self._worker().answer(tasks[before:], answers)
            except WorkerDiedError as death:
                tries = tries + 1 if len(answers) == before else 1
                if self._is_over:
                    raise
                if death.is_sure or tries >= TRIES:
                    answers.append(Lost(death.reason))
                    tries = 0
        return answers

    def _worker(self) -> _Worker:
        """The worker of this thread, a new one where the last has died."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or not worker.process.is_usable:
            worker = self._own.worker = self._started(instead_of=worker)
        return worker

    def _started(self, *, instead_of: _Worker | None) -> _Worker:
        for _ in range(STARTS):
            try:
                worker = _Worker(self.work, self.limits)
            except OSError:
                continue
            with self._lock:
                self._running -= {instead_of}
                self._running.add(worker)
                if self._is_over:
                    worker.process.kill()
            return worker
        raise SymbolicEmbedError(f"files cannot be read: `python -m {SERVING}` does not start; try it")


class _Worker:
    """One worker, for one thread, that has imported what it needs: no task pays for that, and none is lost by it.
    Raises OSError where it does not get so far."""

    def __init__(self, work: Callable[[Any], Any], limits: Limits) -> None:
        self.process, self.limits = Process(SERVING), limits
        with self.process.clock(STARTING_SECONDS):
            self._send((work, limits))
            is_ready = read_frame(self.process.answers, most=len(READY)) == READY
        if not is_ready:
            self.process.close()
            raise OSError(f"{SERVING} does not start")

    def answer(self, tasks: Sequence[Any], answers: list[Any]) -> None:
        """Appends the answer to each of some tasks as it comes. Raises WorkerDiedError in one that has none."""
        started = time.monotonic()
        try:
            with self.process.clock(self.limits.seconds) as restart:
                self._send(list(tasks))
                for _ in tasks:
                    frame = read_frame(self.process.answers)
                    if frame is None:
                        raise EOFError
                    restart()
                    started = time.monotonic()
                    answers.append(pickle.loads(frame))
        except (OSError, ValueError, EOFError):  # ValueError: the pipe was closed
            raise self._death(time.monotonic() - started) from None

    def _send(self, what: Any) -> None:
        write_frame(self.process.requests, pickle.dumps(what, protocol=5))
        self.process.requests.flush()

    def _death(self, seconds: float) -> WorkerDiedError:
        """Why the process has ended, `seconds` after a task was begun."""
        code = self.process.close()
        if code == TOO_MUCH_MEMORY:
            return WorkerDiedError(too_much_memory(self.limits), is_sure=True)
        if seconds >= self.limits.seconds or code == -getattr(signal, "SIGXCPU", 0):
            return WorkerDiedError(too_much_time(self.limits), is_sure=True)
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return WorkerDiedError(f"the process that reads files died of it ({how}); is it damaged?", is_sure=False)


def _answered(tasks: Sequence[Task], answers: Future[list[Answer | Lost]]) -> Iterator[tuple[Task, Answer | Lost]]:
    return zip(tasks, answers.result(), strict=True)
