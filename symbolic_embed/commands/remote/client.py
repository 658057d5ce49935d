"""`--at URL`: a verb of this command line, carried out by a server.

What the verb reads goes along, under names that the server takes; what it says comes back, on the streams on which it
would have been said; what it writes is written here, by the same rules, and it ends with the same exit code.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import typer

from symbolic_embed.client import Server, told
from symbolic_embed.commands.remote.disguise import disguised, revealed, revealed_bytes, revealed_file
from symbolic_embed.commands.remote.offered import OFFERED
from symbolic_embed.commands.remote.staging import Staged, names_of
from symbolic_embed.commands.shared.account import Verdict, line_of, require_report
from symbolic_embed.commands.shared.inputs import REJECTED
from symbolic_embed.commands.shared.options import AT
from symbolic_embed.commands.shared.outputs import binary_stdout
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import SymbolicEmbedError, UsageError, printable
from symbolic_embed.files import InUse
from symbolic_embed.files.targets import target
from symbolic_embed.files.writer import FileSet, place
from symbolic_embed.progress import Reach
from symbolic_embed.settings import Settings

FAILED, TOO_MANY = 1, 429
ATTEMPTS, BETWEEN = 60, 2.0  # how often a full server is asked, and the seconds between
ONE_FILE = {".png", ".svg", ".html", ".npz", ".csv", ".wav"}  # endings of what is no folder


def carry_out_elsewhere(verb: str, request: Settings, given: Any) -> None:
    """Has the server at `given.at` do it, and ends the command as it ended there. A verb that is carried out here alone
    takes no notice of the variable that names a server for all commands. Raises UsageError where it is told to be
    carried out there, SymbolicEmbedError where the server cannot be reached, or where a result has no place here."""
    if verb not in OFFERED:
        if given.at == os.environ.get(AT):
            return
        raise UsageError(f"`at` {given.at}: {verb} is carried out here alone; leave out `at`", field="at")
    server = Server.of(given.at)
    staged = Staged.of(given)
    progress = given.progress()
    for found in staged.left:
        progress.tell(f"rejected: {printable(found.path)}: {found.problem}", needed=True)
    _require_places(given, staged)
    job = _begun(server, verb, request, staged, progress=progress)
    place = f"/api/jobs/{job}"
    try:
        ended = _followed(server.events(f"{place}/events?leave=cancel"), progress)
    except KeyboardInterrupt:
        server.said("DELETE", place)
        raise
    code = ended["exit_code"]
    results = {one["name"]: server.data(one["url"]) for one in ended["results"]}
    printed = server.data(f"{place}/stdout", missing=b"")
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
    server.said("DELETE", place)
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


def _require_places(given: Any, staged: Staged) -> None:
    """Raises OutputExistsError, OutputError where a single file that is to be written has no place here."""
    for name in ("plot", "page", "output"):
        path = getattr(given, name, None)
        if isinstance(path, str | Path) and Path(path).suffix in ONE_FILE:
            target(path, force=bool(getattr(given, "force", False)), in_use=InUse(staged.read))


def _begun(server: Server, verb: str, request: Settings, staged: Staged, *, progress: Progress) -> str:
    """Has a verb begun; the name of its job. Waits where too many wait already. Raises UsageError,
    SymbolicEmbedError."""
    body, kind = _multipart(request, staged)
    for attempt in range(ATTEMPTS):
        with server.answer("POST", f"/api/verbs/{verb}", body, {"content-type": kind}) as answer:
            words = told(answer)
        if answer.status in (200, 202):
            job: str = words["id"]
            return job
        if answer.status != TOO_MANY or attempt == ATTEMPTS - 1:
            break
        if attempt == 0:
            progress.tell(f"{server.name}: many wait there; trying again until there is room")
        time.sleep(BETWEEN)
    if answer.status == 404:
        raise UsageError(f"`at` {server.name}: has no {verb}; leave out `at`", field="at")
    refusal = server.refusal(words)
    refusal.args = (revealed(str(refusal)),)
    raise refusal


def _multipart(request: Settings, staged: Staged) -> tuple[bytes, str]:
    """A body with all of it, and its type."""
    boundary = secrets.token_hex(16)
    asked = request.model_dump(mode="json", exclude_defaults=True)
    files = [_bytes(path) for path in staged.files.values()] + list(staged.lists.values())
    words = {"request": asked, "options": staged.options, "names": list(names_of(staged)), "folders": staged.folders}
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
