"""What may be written where.

    nothing there      written, where its folder is there
    a file             replaced where the user forces it, else it stays
    a link to a file   the link stays, and the file it leads to counts: whoever keeps results elsewhere and links to
                       them means that file, as `>` in a shell takes it
    anything else      never touched, forced or not: a folder, a device, a pipe, a socket, a link to one of these or to
                       nowhere. Renaming a file over /dev/null would make a file of it
    a file in use      never touched: an input of the same command, or what it writes elsewhere

All of it is asked before the work, so that nobody waits for a result that has no place, and once more after it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from symbolic_embed.errors import OutputError, OutputExistsError, printable
from symbolic_embed.files.identity import NOTHING_IN_USE, InUse, StrPath, kind


@dataclass(frozen=True)
class Target:
    """Where a file is to go. `named`: as the user said; `path`: where it lies, links followed; `exists`: a file is
    there, which is going to be replaced."""

    named: str
    path: str
    exists: bool

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path)


def target(path: StrPath, *, force: bool = False, in_use: InUse = NOTHING_IN_USE) -> Target:
    """Where a file at `path` would go. Raises OutputExistsError where one is there and is not to be replaced,
    OutputError where none can be."""
    named = os.fspath(path)
    there, behind = kind(named), kind(named, follow=True)
    if there is None and (not os.path.basename(named) or "\0" in named):
        raise OutputError(f"{printable(named)}: names no file; name one in a folder")
    if path in in_use:
        raise OutputError(f"{printable(named)}: this command reads that file, or writes it elsewhere; name another")
    if there == "a symbolic link" and behind is None:
        raise OutputError(f"{printable(named)}: is a link that leads nowhere; name the file itself")
    if there is not None and behind != "a file":
        by_link = "a link to " if there == "a symbolic link" else ""
        way_out = "name a file in it" if behind == "a folder" else "only files are written, name another"
        raise OutputError(f"{printable(named)}: is {by_link}{behind}; {way_out}")
    if there is not None and not force:
        raise OutputExistsError(named)
    return Target(named, os.path.realpath(named) if there == "a symbolic link" else named, there is not None)


def require_free(path: StrPath, *, force: bool = False, in_use: InUse = NOTHING_IN_USE) -> None:
    """Raises as `target` does, and OutputError where there is no folder for the file, or one that takes none."""
    folder = target(path, force=force, in_use=in_use).folder
    named = printable(os.fspath(path))
    if folder and not os.path.isdir(folder):
        require_folder(folder)
        raise OutputError(f"{named}: cannot be written: there is no folder {printable(folder)}; make it first")
    if not os.access(folder or ".", os.W_OK):
        raise OutputError(f"{named}: cannot be written: permission denied in {printable(folder or '.')}")


def require_folder(folder: StrPath) -> None:
    """Raises OutputError where a folder neither is nor can be made, since something else is there or above it."""
    here = os.fspath(folder)
    while here and not os.path.lexists(here):
        here = os.path.dirname(here)
    if here and not os.path.isdir(here):
        raise OutputError(f"{printable(here)}: is no folder, results cannot go into it; name another")
