"""The one folder that an assistant's clips lie in.

Whatever an assistant names lies in it: a relative path, its parts divided by slashes. Absolute paths, "..", drives, and
links that lead out are refused before anything is opened; what is written gets a name that any file system takes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from symbolic_embed.errors import OutputError, OutputExistsError, UsageError, printable
from symbolic_embed.files.names import file_stem

DIVIDES = ("\0", *("\\:" if os.name == "nt" else ""))  # what, beside a slash, divides or ends a path


@dataclass(frozen=True)
class WorkFolder:
    """A folder, as it was named. Raises UsageError where it is none."""

    path: str

    def __post_init__(self) -> None:
        if not os.path.isdir(self.path):
            raise UsageError(f"`folder` {self.path}: there is no such folder; make it first", field="folder")
        if os.path.dirname(here := os.path.realpath(self.path)) == here:  # where many programs start a server
            reason = "is the whole disk, which is not for an assistant; name a folder of clips"
            raise UsageError(f"`folder` {self.path}: {reason}", field="folder")

    def place(self, name: str, *, field: str = "clip") -> str:
        """The path of a file that an assistant names, links unfollowed. Raises UsageError for what lies outside."""
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "/" or ".." in parts or any(mark in name for mark in DIVIDES):
            raise self._refusal(name, field)
        return self._inside(os.path.normpath(os.path.join(self.path, *parts)), name, field)

    def place_for(self, folder: str) -> Path:
        """The path of a folder to write into, its name cleaned. Raises UsageError for what lies outside."""
        parts = PurePosixPath(folder).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise self._refusal(folder, "output")
        clean = [file_stem(part) for part in parts if part != "."]
        return Path(self._inside(os.path.normpath(os.path.join(self.path, *clean)), folder, "output"))

    def holds(self, path: str) -> bool:
        """Whether a path, as it is written, lies in the folder."""
        folder = os.path.abspath(self.path)
        return os.path.abspath(path).startswith(os.path.join(folder, ""))

    def name_of(self, path: str | os.PathLike[str]) -> str:
        """What an assistant calls a file of the folder."""
        return PurePosixPath(os.path.relpath(path, self.path).replace(os.sep, "/")).as_posix()

    def _inside(self, path: str, name: str, field: str) -> str:
        """The path, unless a link on the way leads out of the folder."""
        try:
            inside, real = os.path.realpath(self.path), os.path.realpath(path)
        except ValueError:  # letters that no file name has
            raise self._refusal(name, field) from None
        if real != inside and not real.startswith(os.path.join(inside, "")):
            raise self._refusal(name, field)
        return path

    def _refusal(self, name: str, field: str) -> UsageError:
        return UsageError(
            f"`{field}` {printable(name)!r}: lies outside the folder of clips; name a file in it, as list_clips does",
            field=field,
        )


@contextmanager
def told_to_name_another(way_out: str) -> Iterator[None]:
    """Lets the refusal to overwrite a file through with a way out that an assistant has, who has no force."""
    try:
        yield
    except OutputExistsError as error:
        said = str(error).partition(";")[0]
        raise OutputError(f"{said}; {way_out}") from None
