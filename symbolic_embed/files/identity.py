"""Which file a path means, and what kind of thing lies there.

Two names can be one file: a link and what it leads to, `a.mid` and `./a.mid`, and where the file system takes capitals
for small letters (Windows, most Macs) `A.MID` as well. So files are compared as the system does: by device and inode
where something is there, and else by the folder's device and inode and the name in it. A file system that numbers
nothing (inode 0) is compared by names.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Hashable, Iterable

StrPath = str | os.PathLike[str]

KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def identity(path: StrPath) -> Hashable:
    """The same for two paths that mean the same file, links followed, also where nothing is there yet."""
    try:
        return identity_of(os.stat(path)) or _by_name(path)
    except (OSError, ValueError):
        return _by_name(path)


def identity_of(status: os.stat_result) -> tuple[int, int] | None:
    """Device and inode; None where the file system has no inodes."""
    return (status.st_dev, status.st_ino) if status.st_ino else None


def kind(path: StrPath, *, follow: bool = False) -> str | None:
    """What is at a path, in words; None where nothing is. A link is "a symbolic link"; with `follow` what it leads to,
    and None where it leads nowhere."""
    try:
        mode = (os.stat if follow else os.lstat)(path).st_mode
    except (OSError, ValueError):
        return None
    return KINDS.get(stat.S_IFMT(mode), "no regular file")


class InUse:
    """The files that a command reads, or writes elsewhere: its results must not replace them. Of a folder, all that
    lies in it."""

    def __init__(self, paths: Iterable[StrPath] = ()) -> None:
        paths = [os.fspath(path) for path in paths]
        self._files = frozenset(map(identity, paths))
        self._folders = frozenset(identity(path) for path in paths if os.path.isdir(path))

    def also(self, *paths: StrPath | None) -> InUse:
        """The same files and others; None is no file."""
        others = InUse(path for path in paths if path is not None)
        others._files |= self._files
        others._folders |= self._folders
        return others

    def __contains__(self, path: StrPath) -> bool:
        if identity(path) in self._files:
            return True
        return bool(self._folders and os.path.lexists(path)) and any(
            identity(folder) in self._folders for folder in _folders_above(path)
        )


NOTHING_IN_USE = InUse()


def ignores_case(folder: StrPath) -> bool:
    """Whether names in a folder mean the same in capitals and in small letters: tried out on a name that is there, or
    on the folder's own where none is."""
    for known in (*_one_inside(folder), os.path.realpath(folder), *_folders_above(folder)):
        above, name = os.path.split(known)
        if name.swapcase() != name:
            return _is_one(known, os.path.join(above, name.swapcase()))
    return False


def _one_inside(folder: StrPath) -> list[str]:
    """Something in a folder whose name has letters, if it can be seen."""
    try:
        with os.scandir(folder) as entries:
            return next(([entry.path] for entry in entries if entry.name.swapcase() != entry.name), [])
    except OSError:
        return []


def _is_one(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _by_name(path: StrPath) -> Hashable:
    """The folder's identity and the name in it, in one spelling where the folder takes several for the same."""
    try:
        whole = os.path.realpath(path)
    except ValueError:  # a NUL in the path
        return os.fspath(path)
    folder, name = os.path.split(whole)
    if not name or folder == whole:
        return whole
    if os.path.isdir(folder) and ignores_case(folder):
        name = unicodedata.normalize("NFC", name).casefold()
    return identity(folder), name


def _folders_above(path: StrPath) -> Iterable[str]:
    """Every folder that a path lies in, the nearest first."""
    here = os.path.realpath(path)
    while (folder := os.path.dirname(here)) != here:
        yield folder
        here = folder
