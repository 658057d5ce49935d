"""The process of a server that works: it carries out verbs, one job after another, its model loaded.

    at first   it says READY, and is told {checkpoint, memory, threads}; it loads the model and says {"ready": true}
    job        {verb, request, options, libraries, folder}: in `folder` lie the files that came along, and here the
               results go; beside it the file `stdin`, and `stdout`, what the verb prints
    answers    {"progress": [doing, done, total, where]}, {"message": line} on stderr, {"fault": traceback} for the
               log; at last {"exit_code": n, "command": line}

Each a frame of JSON (`workers.frames`). A job is interrupted as a command is: by SIGINT, and ends with 130.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import typer

from symbolic_embed.commands.app import FAILED, INTERRUPTED, told_in_one_line
from symbolic_embed.commands.remote.fields import kinds, options_of
from symbolic_embed.commands.remote.offered import page_of, request_of
from symbolic_embed.commands.shared.keeping import models_kept, session_of
from symbolic_embed.errors import printable
from symbolic_embed.progress import told_to
from symbolic_embed.requests.command_line import command_line
from symbolic_embed.workers.frames import READY, answer_on_streams, read_frame, write_frame
from symbolic_embed.workers.limits import limit_files, watch

LARGEST = 1 << 30  # bytes of a result: three hours of sound
OFTEN = 0.1  # seconds between two words on progress
STDIN, STDOUT = "stdin", "stdout"


@dataclass
class Worker:
    """One that answers on a stream. `checkpoint`: the model; None: the bundled one; `threads`: of many files at
    once."""

    answers: BinaryIO
    checkpoint: Path | None = None
    threads: int = 1
    is_at_work: bool = False
    _last: float = field(default=0.0)

    def say(self, answer: dict[str, Any]) -> None:
        """One frame."""
        write_frame(self.answers, json.dumps(answer).encode())
        self.answers.flush()

    def carry_out(self, job: dict[str, Any]) -> None:
        """One job, told of from its beginning to its end."""
        verb, folder = job["verb"], Path(job["folder"])
        page = page_of(verb)
        libraries = {name for name, kind in kinds(page.options).items() if kind == "library"} & job["options"].keys()
        own = {name: job["libraries"][job["options"][name]] for name in libraries}
        code, line = FAILED, ""
        with _streams(folder.parent, self._message), contextlib.chdir(folder), told_to(self._progress):
            try:
                self.is_at_work = True
                with told_in_one_line():
                    request = request_of(verb)(**job["request"])
                    line = command_line(request, job["options"])
                    of_here = {"checkpoint": self.checkpoint, "jobs": self.threads}
                    beside = {name: of_here[name] for name in of_here.keys() & _names(page.options)}
                    page.carry_out(request, options_of(page.options, job["options"] | own | beside))
                code = 0
            except typer.Exit as end:
                code = end.exit_code
            except KeyboardInterrupt:
                code = INTERRUPTED
            except Exception as fault:  # of ours, in whatever verb: it costs this job, and no other
                self.say({"message": f"error: {verb} failed ({type(fault).__name__}: {printable(str(fault))})"})
                self.say({"fault": traceback.format_exc()})
            finally:
                self.is_at_work = False
        self.say({"exit_code": code, "command": line})

    def interrupted(self, *_: object) -> None:
        """What SIGINT does: ends the job, if there is one."""
        if self.is_at_work:
            raise KeyboardInterrupt

    def _message(self, line: str) -> None:
        self.say({"message": line})

    def _progress(self, doing: str, done: float, total: float, where: str) -> None:
        now = time.monotonic()
        if now - self._last >= OFTEN:
            self._last = now
            self.say({"progress": [doing, done, total, where]})


class Lines(io.TextIOBase):
    """A text stream that hands on each line as it is whole."""

    def __init__(self, told: Any) -> None:
        self.told, self.rest = told, ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).split("\n")
        for line in lines:
            self.told(line)
        return len(text)

    def close(self) -> None:
        if self.rest:
            self.told(self.rest)
            self.rest = ""
        super().close()


@contextlib.contextmanager
def _streams(place: Path, told: Any) -> Iterator[None]:
    """Stdin and stdout are the files of a job, stderr is told line by line."""
    before = sys.stdin, sys.stdout, sys.stderr
    given = place / STDIN
    with (
        open(given if given.exists() else os.devnull, encoding="utf-8", errors="surrogateescape") as stdin,
        open(place / STDOUT, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as stdout,
        Lines(told) as stderr,
    ):
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = before


def _names(options: type[Any]) -> set[str]:
    return set(options.__dataclass_fields__)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Carries out jobs until there are no more."""
    write_frame(answers, READY)
    answers.flush()
    first = read_frame(requests)
    if first is None:
        return
    settings = json.loads(first)
    watch(settings["memory"])
    limit_files(LARGEST)
    checkpoint = settings["checkpoint"]
    worker = Worker(answers, None if checkpoint is None else Path(checkpoint), settings["threads"])
    signal.signal(signal.SIGINT, worker.interrupted)
    with models_kept():
        _get_ready(worker.checkpoint, threads=worker.threads)
        worker.say({"ready": True})
        while (job := read_frame(requests)) is not None:
            worker.carry_out(json.loads(job))


def _get_ready(checkpoint: Path | None, *, threads: int) -> None:
    """Loads what the first job would have to wait for. What cannot be loaded is said by the job that needs it."""
    from symbolic_embed.errors import SymbolicEmbedError

    with contextlib.suppress(SymbolicEmbedError):
        session_of(checkpoint, jobs=threads).embedder  # noqa: B018
        session_of(checkpoint).composer  # noqa: B018


def main() -> None:
    """Serves stdin and stdout; `serve` says what an interrupt does, once there is somebody to interrupt."""
    answer_on_streams(serve)


if __name__ == "__main__":
    main()
