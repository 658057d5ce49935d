"""The command line, run inside the test's own process: what it printed, and with which code it ended."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from symbolic_embed.commands.app import app


@dataclass(frozen=True)
class Run:
    """What a command left behind. `out` is bytes, since it may be an archive; `err` is text."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "surrogateescape")

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def err_lines(self) -> list[str]:
        return self.err.splitlines()


def run(*arguments: object, stdin: bytes = b"") -> Run:
    """`symbolic-embed` with these arguments. An exception that a user would see as a traceback comes through."""
    out, err = io.BytesIO(), io.BytesIO()
    streams = {"stdout": _text(out), "stderr": _text(err), "stdin": _text(io.BytesIO(stdin))}
    with patch.multiple(sys, **streams):
        try:
            app([str(argument) for argument in arguments], prog_name="symbolic-embed")
            code = 0
        except SystemExit as end:
            code = end.code
        for stream in streams.values():
            if stream.writable():
                stream.flush()
    return Run(code, out.getvalue(), err.getvalue().decode("utf-8"))


def _text(buffer: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace")


def report_of(path: Any) -> dict[str, dict[str, Any]]:
    """The lines of a report by path."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({line["path"] for line in lines}) == len(lines)
    return {line["path"]: line for line in lines}
