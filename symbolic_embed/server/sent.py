"""What comes with a request: what is asked, as JSON, and the files that it is about.

request   the fields of the verb's request, a JSON object
options   what else may be said, a JSON object; files are called by their names
files     the files, each under its name; `names`, a JSON list, gives them others, for names that no header holds
folders   names of folders that are there, though they may be empty
stdin     a file that is piped in
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from symbolic_embed.server.guarding import Refused
from symbolic_embed.server.names import unsafe

MOST_FILES, MOST_FIELDS = 5_000, 8
LONGEST_FIELD = 8 << 20  # bytes of what is asked; names of files among it


@dataclass(frozen=True)
class Sent:
    """What was sent: `request` and `options` as they came, the names of the files, which lie in the job's folder."""

    request: object
    options: object
    files: tuple[str, ...]


async def received(request: Request, folder: Path) -> Sent:
    """Takes a request in, its files into `folder`/work. Raises Refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise Refused(415, f"send multipart/form-data (request, options, files), not {kind or 'nothing'}")
    try:
        form = await request.form(max_files=MOST_FILES + 1, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except MultiPartException as fault:
        raise Refused(400, f"the body cannot be read: {fault.message}") from None
    if not form:
        raise Refused(400, "the body holds nothing: send request, options, files, as multipart/form-data")
    async with form_closed(form):
        files = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
        names = _names(form, files)
        for name, file in zip(names, files, strict=True):
            await _place(file, folder / "work" / name, name)
        for folder_sent in _folders(form):
            (folder / "work" / folder_sent).mkdir(parents=True, exist_ok=True)
        stdin = form.get("stdin")
        if isinstance(stdin, UploadFile):
            await _place(stdin, folder / "stdin", "stdin")
        return Sent(_json(form, "request", {}), _json(form, "options", {}), tuple(names))


class form_closed:
    """A context: the temporary files of a form go at its end."""

    def __init__(self, form: FormData) -> None:
        self.form = form

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        await self.form.close()


def _names(form: FormData, files: list[UploadFile]) -> list[str]:
    """The names of the files, safe, and each once. Raises Refused."""
    given = _json(form, "names", None)
    names = [file.filename or "" for file in files] if given is None else given
    if not isinstance(names, list) or len(names) != len(files) or not all(isinstance(name, str) for name in names):
        raise Refused(400, f"`names` must be a list of {len(files)} names, one for each file")
    for name in names:
        if reason := unsafe(name):
            raise Refused(400, f"a file cannot be called {name[:60]!r}: {reason}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(400, f"two files are called {twice[:60]!r}; send each once")
    return names


def _folders(form: FormData) -> list[str]:
    """The names of folders, safe. Raises Refused."""
    names = _json(form, "folders", [])
    if not isinstance(names, list) or len(names) > MOST_FILES or not all(isinstance(name, str) for name in names):
        raise Refused(400, f"`folders` must be a list of at most {MOST_FILES:,} names")
    for name in names:
        if reason := unsafe(name):
            raise Refused(400, f"a folder cannot be called {name[:60]!r}: {reason}")
    return names


def _json(form: FormData, name: str, default: Any) -> Any:
    text = form.get(name)
    if text is None:
        return default
    if not isinstance(text, str):
        raise Refused(400, f"`{name}` must be JSON, not a file")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(400, f"`{name}` is no JSON: {text[:60]!r}") from None


async def _place(file: UploadFile, path: Path, name: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.fspath(path), "xb") as out:
            while data := await file.read(1 << 20):
                out.write(data)
    except OSError as refusal:
        reason = refusal.strerror or str(refusal)
        raise Refused(400, f"a file cannot be called {name[:60]!r}: {reason.lower()}") from None
