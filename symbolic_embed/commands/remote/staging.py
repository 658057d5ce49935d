"""What goes along with a job: the user's files, under the names that the server knows them by."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from posixpath import normpath
from typing import Any

from symbolic_embed.commands.remote.disguise import disguised, is_disguise
from symbolic_embed.commands.remote.fields import kinds
from symbolic_embed.commands.shared.inputs import STDIN
from symbolic_embed.commands.shared.piped import stdin_bytes
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.files.folders import Found, find_midi

LISTS = {"files_from", "queries_from"}
MANIFEST = "meta.jsonl"  # what a data set says of its files, beside them
OF_HERE = {"checkpoint": "the server has a model of its own", "append": "the file that is added to lies here"}


@dataclass
class Staged:
    """The options as the server takes them, the files by the names that they have there, and what is piped in.

    read    the user's paths, which no result may replace
    left    what was found and cannot be sent, with the reason
    """

    options: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # the user's path of each, by its name
    folders: list[str] = field(default_factory=list)  # as they are called there
    lists: dict[str, bytes] = field(default_factory=dict)  # lists of names, rewritten
    stdin: bytes | None = None
    read: list[str] = field(default_factory=list)
    left: list[Found] = field(default_factory=list)

    @property
    def leads_out(self) -> bool:
        """Whether a name stands for another path than it seems to."""
        return any(
            is_disguise(name) for name in (*self.files, *self.lists, json.dumps(self.options, ensure_ascii=False))
        )

    @classmethod
    def of(cls, given: Any) -> Staged:
        """What a command was given. Raises UsageError for what a server cannot have."""
        staged, known = cls(), kinds(type(given))
        for one in fields(given):
            value = getattr(given, one.name)
            if value is None or (one.default is not MISSING and value == one.default):
                continue
            if one.name in OF_HERE:
                raise UsageError(f"`{one.name}` with `at`: {OF_HERE[one.name]}; leave one out", field=one.name)
            kind = known.get(one.name)
            if kind == "read":
                staged.options[one.name] = staged._sent(one.name, value)
            elif kind == "written":
                staged.options[one.name] = _name(str(value))
            elif kind is not None:
                staged.options[one.name] = value
        return staged

    def _sent(self, option: str, value: Any) -> Any:
        """An option that names files, which go along."""
        if isinstance(value, (list, tuple)):
            return [self._one(str(path)) for path in value]
        return self._list(str(value)) if option in LISTS else self._one(str(value))

    def _one(self, path: str) -> str:
        if path == STDIN:
            self.stdin = stdin_bytes() if self.stdin is None else self.stdin
            return STDIN
        self.read.append(path)
        if os.path.isdir(path):
            self.folders.append(_name(path))
            for found in find_midi([path]):
                self._file(found)
            manifest = os.path.join(path, MANIFEST)
            if os.path.isfile(manifest):
                self._file(Found(manifest))
        elif os.path.lexists(path):
            self._file(*find_midi([path]))
        return _name(path)

    def _list(self, path: str) -> str:
        """A list of names; those that it names go along, and it names them as they are called there."""
        if path == STDIN:
            import sys

            data = sys.stdin.buffer.read()
            self.stdin = self._rewritten(data)
            return STDIN
        try:
            data = Path(path).read_bytes()
        except OSError as refusal:
            reason = (refusal.strerror or str(refusal)).lower()
            raise UsageError(f"{printable(path)}: the list of files cannot be opened: {reason}") from None
        self.read.append(path)
        self.lists[normpath(_name(path))] = self._rewritten(data)
        return _name(path)

    def _rewritten(self, data: bytes) -> bytes:
        ends = b"\0" if b"\0" in data else b"\n"
        names = [os.fsdecode(name.rstrip(b"\r") if ends == b"\n" else name) for name in data.split(ends)]
        return ends.join(os.fsencode(self._one(name)) if name else b"" for name in names)

    def _file(self, found: Found) -> None:
        if found.problem:
            self.left.append(found)
        else:
            self.files.setdefault(normpath(_name(found.path)), found.path)


def _name(path: str) -> str:
    """What a path is called there. Raises UsageError for one that cannot be sent."""
    if path == STDIN:
        return STDIN
    if is_disguise(path):
        raise UsageError(f"{printable(path)}: has a letter that `at` uses itself; rename it")
    return disguised(path)


def names_of(staged: Staged) -> Sequence[str]:
    """The names of all that goes along, in the order in which it is sent."""
    return [*staged.files, *staged.lists]
