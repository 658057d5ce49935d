"""Taking a place, step by step, so that each step can be taken back.

A step is done, perhaps undone, and cleared in the end: then nothing of it lies beside its place. An interrupt may come
between an act and the next line, so what has happened is read off the disk: whether an earlier file was put aside, and
whether the file in the place is the one that was written.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from typing import Protocol

from symbolic_embed.errors import OutputError, printable
from symbolic_embed.files.beside import errors_named, name_beside, new_file
from symbolic_embed.files.identity import InUse, identity, identity_of
from symbolic_embed.files.targets import Target, target

NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}


class Step(Protocol):
    """One of the acts by which a set of files takes its places."""

    @property
    def folder(self) -> str: ...
    @property
    def named(self) -> str: ...
    def do(self) -> None: ...
    def undo(self) -> None: ...
    def clear(self) -> None: ...


class Part:
    """A whole file beside its place takes it; a file that is there is put aside."""

    def __init__(self, goal: Target, *, force: bool, in_use: InUse) -> None:
        self.target, self.force, self.in_use = goal, force, in_use
        self.beside, self.aside = name_beside(goal.path), _Aside(goal.path, named=goal.named)
        self.identity: tuple[int, int] | None = None
        self._is_claimed = False

    @property
    def folder(self) -> str:
        return self.target.folder

    @property
    def named(self) -> str:
        return self.target.named

    def do(self) -> None:
        with errors_named(self.named):
            if not self._goal().exists:
                try:
                    self._take_free_place()
                    return
                except FileExistsError:  # it has come into being meanwhile
                    self._goal()
            with suppress(OSError):  # who may read the earlier file may read this one
                shutil.copymode(self.target.path, self.beside)
            self.aside.put_linked()
            os.replace(self.beside, self.target.path)

    def undo(self) -> None:
        if not self.aside.put_back() and self._is_in_place():
            os.unlink(self.target.path)

    def clear(self) -> None:
        with suppress(OSError):
            os.unlink(self.beside)
        self.aside.clear()

    def _goal(self) -> Target:
        """The target as it is now. Raises where it must not be written any more, or leads elsewhere."""
        now = target(self.named, force=self.force, in_use=self.in_use)
        if now.path != self.target.path:
            raise OutputError(f"{printable(self.named)}: leads elsewhere since the work began; nothing was written")
        return now

    def _take_free_place(self) -> None:
        """Raises FileExistsError where the place is not free."""
        try:
            os.link(self.beside, self.target.path)
        except OSError as refusal:
            if refusal.errno not in NO_LINKS:
                raise
            self._claim()
            os.replace(self.beside, self.target.path)

    def _claim(self) -> None:
        """An empty file in the place, where there was none. Raises FileExistsError."""
        self._is_claimed = True
        try:
            new_file(self.target.path).close()
        except FileExistsError:
            self._is_claimed = False
            raise

    def _is_in_place(self) -> bool:
        """Whether what lies in the place was put there by this step."""
        try:
            there = os.lstat(self.target.path)
        except OSError:
            return False
        return identity_of(there) == self.identity or (self._is_claimed and not there.st_size)


class Earlier:
    """A file of an earlier result goes."""

    def __init__(self, path: str) -> None:
        self.named, self.aside = path, _Aside(path, named=path)

    @property
    def folder(self) -> str:
        return os.path.dirname(self.named)

    def do(self) -> None:
        with errors_named(self.named):
            self.aside.put()

    def undo(self) -> None:
        self.aside.put_back()

    def clear(self) -> None:
        self.aside.clear()


class _Aside:
    """A file that has to make room, and what it is called until all is done."""

    def __init__(self, path: str, *, named: str) -> None:
        self.path, self.named, self.kept = path, named, name_beside(path)

    def put(self) -> None:
        """Moves it away, if it is there."""
        with suppress(FileNotFoundError):
            os.replace(self.path, self.kept)

    def put_linked(self) -> None:
        """Gives it a second name, so that its own can be taken at once; where there are no links, moves it away."""
        try:
            os.link(self.path, self.kept)
        except FileNotFoundError:
            return
        except OSError as refusal:
            if refusal.errno not in NO_LINKS:
                raise
            self.put()

    def put_back(self) -> bool:
        """Whether it was put aside; then it is where it was. Raises OutputError where that cannot be, and keeps it."""
        if not os.path.lexists(self.kept):
            return False
        try:
            if identity(self.kept) != identity(self.path):
                os.replace(self.kept, self.path)
        except OSError as refusal:
            kept, self.kept = self.kept, name_beside(self.path)
            raise OutputError(
                f"{printable(self.named)}: cannot be put back ({refusal.strerror}); it is kept as {printable(kept)}"
            ) from None
        return True

    def clear(self) -> None:
        with suppress(OSError):
            os.unlink(self.kept)
