"""A library built by the workers of a Ray cluster (extra `ray`): each loads the model once, reads files, embeds them.

Every machine of the cluster has this package and sees the files under the same paths, as on a shared disk; the model is
sent to them. A worker reads in a process beside it, as one machine alone does (`engines`), so that a bad file costs
itself. A machine that is lost costs time: Ray starts its workers elsewhere, and they do what it had not finished again.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from symbolic_embed.errors import UsageError
from symbolic_embed.library.engines import LIMITS
from symbolic_embed.library.features import Needs
from symbolic_embed.library.indexing import Engine
from symbolic_embed.library.reading import FileRead, Manner, Unread, file_read
from symbolic_embed.workers import Lost, Workers

TOGETHER = 32  # files a worker is sent at a time
AHEAD = 2  # times as many for each worker are under way at most


class RayWorker:
    """What runs in a worker of the cluster. weights: a reference to the files of a checkpoint, by name, in a list, so
    that Ray does not look for them itself when it starts the worker again."""

    def __init__(self, weights: Sequence[Any], manner: Manner) -> None:
        import torch

        from symbolic_embed.embedding.embedder import Embedder

        torch.set_num_threads(1)
        self.needs = Needs(manner.kinds)
        self.workers: Workers[Unread, FileRead] = Workers(partial(file_read, manner=manner), jobs=1, limits=LIMITS)
        with tempfile.TemporaryDirectory() as folder:
            for name, data in _ray().get(weights[0]).items():
                Path(folder, name).write_bytes(data)
            self.embedder = Embedder.load(Path(folder))
            if "passages" in manner.kinds:
                _ = self.embedder.passage_model  # read from the folder while it is there

    def read(self, files: Sequence[Unread]) -> list[FileRead | Lost]:
        """Some files, read and embedded."""
        from symbolic_embed.library.building import completed

        answers = [answer for _, answer in self.workers.each(files)]
        music = [answer.music for answer in answers if isinstance(answer, FileRead) and answer.music]
        embedded = completed((one.features for one in music), self.embedder, self.needs)
        return [
            replace(answer, music=replace(answer.music, features=next(embedded)))
            if isinstance(answer, FileRead) and answer.music
            else answer
            for answer in answers
        ]

    def pid(self) -> int:
        """The process this is."""
        return os.getpid()


@contextmanager
def on_ray(manner: Manner, folder: Path | None, *, jobs: int | None = None) -> Iterator[Engine]:
    """Inside the block, so many workers of a Ray cluster (one a core of it) read and embed, with the model in `folder`:
    the cluster that this process is connected to or that RAY_ADDRESS names, else one of this machine. Raises UsageError
    where Ray is not installed, or the model has no folder."""
    if folder is None:
        raise UsageError("`engine` ray needs a model that lies in a folder; save it, and name that", field="engine")
    ray = _ray()
    is_ours = not ray.is_initialized()
    if is_ours:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    try:
        count = jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        kind = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=-1)(RayWorker)
        weights = ray.put({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})
        workers = [kind.remote([weights], manner) for _ in range(count)]
        yield partial(_each, ray, workers)
        for worker in workers:
            ray.kill(worker)
    finally:
        if is_ours:
            ray.shutdown()


def _ray() -> Any:
    """Ray, which tells nobody that it is used, and users nothing of its own affairs."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
    except ImportError:
        raise UsageError(
            "`engine` ray: Ray is not installed; pip install 'symbolic-embed[ray]', or leave `engine` out",
            field="engine",
        ) from None
    return ray


def _each(ray: Any, workers: Sequence[Any], files: Iterable[Unread]) -> Iterator[tuple[Unread, FileRead | Lost]]:
    """Every file with its answer, in order."""
    waiting: deque[tuple[list[Unread], Any]] = deque()
    files, turns = iter(files), itertools.cycle(workers)
    for together in iter(lambda: list(itertools.islice(files, TOGETHER)), []):
        whole = [
            replace(file, path=os.path.abspath(file.path)) for file in together
        ]  # workers have folders of their own
        waiting.append((together, next(turns).read.remote(whole)))
        if len(waiting) >= AHEAD * len(workers):
            yield from _answered(ray, *waiting.popleft())
    while waiting:
        yield from _answered(ray, *waiting.popleft())


def _answered(ray: Any, files: list[Unread], answers: Any) -> Iterator[tuple[Unread, FileRead | Lost]]:
    return zip(files, ray.get(answers), strict=True)
