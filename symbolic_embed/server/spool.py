"""The folders of jobs: made for each, kept for a while, gone with the server.

They lie in a folder of the server's own, named by its process. One that was killed leaves it behind; the next server
takes away those whose process is gone, so nothing half-written is ever offered by anybody.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from symbolic_embed.server.jobs import Job, Result

PREFIX = "symbolic-embed-serve-"
KEPT_SECONDS, KEPT_JOBS, KEPT_BYTES = 3_600.0, 500, 1 << 30


class Spool:
    """The jobs of a server and their folders. A context: at its end the folders go.

    place   in which folder theirs is made; None: where the system keeps what is temporary
    """

    def __init__(self, place: Path | None = None) -> None:
        self._place = Path(tempfile.gettempdir()) if place is None else place
        self.jobs: dict[str, Job] = {}

    def __enter__(self) -> Self:
        _sweep(self._place)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=self._place))
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_folder(self) -> tuple[str, Path]:
        """A name for a job, and its folder, with an empty `work` in it. Raises OSError."""
        name = secrets.token_urlsafe(12)
        folder = self.folder / name
        (folder / "work").mkdir(parents=True, mode=0o700)
        return name, folder

    def keep(self, job: Job) -> None:
        """A job that can be asked for from now on."""
        self.jobs[job.id] = job

    def forget(self, job: Job) -> None:
        """Takes a job away, and all of its files."""
        self.jobs.pop(job.id, None)
        shutil.rmtree(job.folder, ignore_errors=True)

    def tidy(self, now: float) -> None:
        """Forgets what is over and was kept long enough, and the oldest where there is too much. `now`: of the
        monotonic clock."""
        over = [job for job in self.jobs.values() if job.ended is not None]
        sizes = {job.id: sum(result.size for result in job.results) for job in over}
        bytes_kept = sum(sizes.values())
        for job in over:  # oldest first
            is_old = now - (job.ended or now) > KEPT_SECONDS
            if is_old or len(self.jobs) > KEPT_JOBS or bytes_kept > KEPT_BYTES:
                bytes_kept -= sizes[job.id]
                self.forget(job)


def results_in(work: Path, *, sent: Iterable[str]) -> tuple[Result, ...]:
    """What a verb has written into its folder, by name: regular files that were not sent."""
    known, found = set(sent), []
    for place, folders, names in os.walk(work):
        folders.sort()
        for path in (Path(place) / name for name in sorted(names)):
            name = path.relative_to(work).as_posix()
            if name not in known and path.is_file() and not path.is_symlink():
                found.append(Result(name, path.stat().st_size))
    return tuple(found)


def _sweep(place: Path) -> None:
    """Takes away the folders of servers that are gone."""
    for folder in place.glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdecimal() and not _lives(int(number)) and not folder.is_symlink():
            with contextlib.suppress(OSError):
                shutil.rmtree(folder)


def _lives(process: int) -> bool:
    if os.name == "nt":  # asking a process there would end it; what is in use there cannot be taken away anyway
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
