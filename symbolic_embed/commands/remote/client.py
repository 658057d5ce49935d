"""`--at URL`: a verb of this command line, carried out by a server.

What the verb reads goes along, under names that the server takes; what it says comes back, on the streams on which it
would have been said; what it writes is written here, by the same rules, and it ends with the same exit code.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import typer

from symbolic_embed.commands.remote.disguise import disguised, revealed, revealed_bytes, revealed_file
from symbolic_embed.commands.remote.staging import Staged, names_of
from symbolic_embed.commands.shared.account import Verdict, line_of, require_report
from symbolic_embed.commands.shared.inputs import REJECTED
from symbolic_embed.commands.shared.outputs import binary_stdout
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.commands.shared.words import in_options
from symbolic_embed.errors import SymbolicEmbedError, UsageError, printable
from symbolic_embed.files import InUse
from symbolic_embed.files.writer import FileSet, place
from symbolic_embed.progress import Reach
from symbolic_embed.settings import Settings

TOKEN = "SYMBOLIC_EMBED_TOKEN"
SECONDS = 30.0  # until a server answers; while it works it says so more often
FAILED = 1


def carry_out_elsewhere(verb: str, request: Settings, given: Any) -> NoReturn:
    """Has the server at `given.at` do it, and ends the command as it ended there. Raises SymbolicEmbedError where it
    cannot be reached, or where a result has no place here."""
    server = Server.of(given.at)
    staged = Staged.of(given)
    progress = given.progress()
    for found in staged.left:
        progress.tell(f"rejected: {printable(found.path)}: {found.problem}", needed=True)
    job = server.asked(verb, request, staged)
    try:
        ended = _followed(server.events(job), progress)
    except KeyboardInterrupt:
        server.cancel(job)
        raise
    code = ended["exit_code"]
    results = {one["name"]: server.data(one["url"]) for one in ended["results"]}
    printed = server.data(f"/api/jobs/{job}/stdout", missing=b"")
    if staged.leads_out:
        results = {name: revealed_file(name, data) for name, data in results.items()}
        printed = revealed_bytes(printed)
    in_use = InUse(staged.read)
    if report := getattr(given, "report", None):
        _write_report(report, results.pop(disguised(report), b""), staged, in_use=in_use)
    with FileSet(force=bool(getattr(given, "force", False)), in_use=in_use) as files:
        for name, data in results.items():
            files.add(revealed(name), data)
    with binary_stdout() as out:
        out.write(printed)
    server.forget(job)
    raise typer.Exit(REJECTED if code == 0 and staged.left else FAILED if code is None else code)


def _write_report(path: str, data: bytes, staged: Staged, *, in_use: InUse) -> None:
    """The report of the server, and a line for each input that was never sent. Raises OutputError."""
    require_report(path)
    own = [line_of(Verdict.rejected(found.path, found.problem or "")) for found in staged.left]
    place(data + "".join(f"{line}\n" for line in own).encode(), path, force=True, in_use=in_use)


def _followed(events: Iterator[tuple[str, Any]], progress: Progress) -> dict[str, Any]:
    """Tells what happens to a job, until it is over; the job as it is then."""
    doing, reach = "", None
    with ExitStack() as bar:
        for name, said in events:
            if name == "message":
                progress.tell(revealed(said), needed=True)
            elif name == "progress":
                if said["doing"] != doing:
                    bar.close()
                    doing = said["doing"]
                    reach = bar.enter_context(progress.towards(said["total"], doing=doing))
                _reach(reach, said)
            elif name == "done":
                ended: dict[str, Any] = said
                return ended
    raise SymbolicEmbedError("the server has gone before it was done; start it again, and ask again")


def _reach(reach: Reach | None, said: dict[str, Any]) -> None:
    if reach is not None:
        reach(said["done"], said["where"])


@dataclass(frozen=True)
class Server:
    """A server, as `--at` names it: the address that `serve` prints, with its token or without."""

    host: str
    port: int
    is_secure: bool = False
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, address: str) -> Server:
        """The server of an address. Raises UsageError for what is none."""
        parts = urlsplit(address if "://" in address else f"http://{address}")
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port < 0 or parts.path not in ("", "/"):
            raise UsageError(f"`at` {address}: is no address such as http://127.0.0.1:8765", field="at")
        shown = parse_qs(parts.query).get("token", [os.environ.get(TOKEN)])[0]
        return cls(parts.hostname, port, parts.scheme == "https", shown)

    @property
    def name(self) -> str:
        return f"{'https' if self.is_secure else 'http'}://{self.host}:{self.port}"

    def asked(self, verb: str, request: Settings, staged: Staged) -> str:
        """Has a verb begun; the name of its job. Raises UsageError, SymbolicEmbedError."""
        body, kind = _multipart(request, staged)
        with self._answer("POST", f"/api/verbs/{verb}", body, {"content-type": kind}) as answer:
            told = _json(answer)
            if answer.status == 404:
                raise UsageError(f"`at` {self.name}: has no {verb}; leave out `at`", field="at")
            if answer.status not in (200, 202):
                raise _refusal(told, self.name)
            job: str = told["id"]
            return job

    def events(self, job: str) -> Iterator[tuple[str, Any]]:
        """What happens to a job, as it happens."""
        with self._answer("GET", f"/api/jobs/{job}/events") as answer:
            name = ""
            for line in answer:
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    yield name, json.loads(line[6:])

    def data(self, path: str, *, missing: bytes | None = None) -> bytes:
        """What lies at a path. Raises SymbolicEmbedError."""
        with self._answer("GET", path) as answer:
            if answer.status == 404 and missing is not None:
                return missing
            if answer.status != 200:
                raise _refusal(_json(answer), self.name)
            return answer.read()

    def cancel(self, job: str) -> None:
        """Ends a job, or forgets one that is over."""
        with self._answer("DELETE", f"/api/jobs/{job}") as answer:
            answer.read()

    forget = cancel

    @contextmanager
    def _answer(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        kind = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=SECONDS)
        shown = {"authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            try:
                connection.request(method, path, body, {**(headers or {}), **shown})
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException) as refusal:
                reason = str(getattr(refusal, "strerror", None) or refusal or type(refusal).__name__).lower()
                raise SymbolicEmbedError(
                    f"{self.name}: cannot be reached: {reason}; `symbolic-embed serve` starts one, without `at` it "
                    "is done here"
                ) from None
            yield answer
        finally:
            connection.close()


def _json(answer: http.client.HTTPResponse) -> Any:
    try:
        return json.loads(answer.read())
    except ValueError:
        return {}


def _refusal(told: Any, server: str) -> SymbolicEmbedError:
    """What a server says that it does not do."""
    reason = told.get("error") if isinstance(told, dict) else None
    said = in_options(revealed(str(reason))) if reason else "is no server of symbolic-embed"
    if isinstance(told, dict) and told.get("exit_code") == UsageError.exit_code:
        return UsageError(said)
    return SymbolicEmbedError(f"{server}: {said}")


def _multipart(request: Settings, staged: Staged) -> tuple[bytes, str]:
    """A body with all of it, and its type."""
    boundary = secrets.token_hex(16)
    asked = request.model_dump(mode="json", exclude_defaults=True)
    files = [_bytes(path) for path in staged.files.values()] + list(staged.lists.values())
    words = {"request": asked, "options": staged.options, "names": list(names_of(staged))}
    parts = [(f'name="{name}"', json.dumps(value).encode()) for name, value in words.items()]
    parts += [('name="files"; filename="file"', data) for data in files]
    if staged.stdin is not None:
        parts.append(('name="stdin"; filename="stdin"', staged.stdin))
    lines = [
        b"--%s\r\ncontent-disposition: form-data; %s\r\n\r\n%s\r\n" % (boundary.encode(), head.encode(), data)
        for head, data in parts
    ]
    return b"".join([*lines, b"--%s--\r\n" % boundary.encode()]), f"multipart/form-data; boundary={boundary}"


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
