"""A server for tests: on a port of its own, with the small composer, in a process of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass(frozen=True)
class Running:
    """A server that runs: its port, its process, the folder of its jobs."""

    port: int
    process: subprocess.Popen[str]
    spool: Path
    shown: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request, and all of its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def verb(self, verb: str, *, wait: float = 60, headers: Mapping[str, str] | None = None, **said: Any) -> Answer:
        """A verb: `request`, `options`, `files` by name."""
        body, kind = multipart(**said)
        return self.ask("POST", f"/api/verbs/{verb}?wait={wait}", body, {"content-type": kind, **(headers or {})})

    def jobs(self) -> list[Path]:
        """The folders of jobs."""
        return [job for folder in self.spool.glob("symbolic-embed-serve-*") for job in folder.iterdir()]


def multipart(
    *, request: Any = None, options: Any = None, files: Mapping[str, bytes] | None = None
) -> tuple[bytes, str]:
    """A body, and its type. Text stands for JSON as it is."""
    said = {"request": request, "options": options}
    parts = [
        (f'name="{name}"', (value if isinstance(value, str) else json.dumps(value)).encode())
        for name, value in said.items()
        if value is not None
    ]
    parts += [(f'name="files"; filename="{name}"', data) for name, data in (files or {}).items()]
    body = b"".join(b"--edge\r\ncontent-disposition: form-data; %s\r\n\r\n%s\r\n" % (h.encode(), d) for h, d in parts)
    return body + b"--edge--\r\n", "multipart/form-data; boundary=edge"


@contextlib.contextmanager
def serving(folder: Path, *arguments: object) -> Iterator[Running]:
    """`symbolic-embed serve` with these arguments, its jobs and its home in `folder`."""
    spool = folder / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "serve", "--port", "0", *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(spool), "PYTHONPATH": str(ROOT)},
    )
    try:
        shown = (process.stdout.readline() if process.stdout else "").strip()
        port = int(shown.partition("://")[2].partition("/")[0].rpartition(":")[2])
        yield Running(port, process, spool, shown)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout:
            process.stdout.close()
