"""The one way onto the disk: whole or not at all, and over nothing that anybody needs.

A file is written beside its place (`beside`), pushed to the disk, and only then takes its place, if it may (`targets`).
Files that belong together, a piece and its record and its picture, all wait until the last of them is whole; then they
take their places one by one, and if one cannot, those that have are taken back and what was there is put there again.
So after any failure, a full disk or Ctrl-C too, every file is the old one or there is none, and nothing lies beside.

Without force a file takes its place by a hard link, which the file system refuses where something is there already: of
two programs one wins, and the other is told so. With force the earlier file is kept under a name in the making until
all is done. Where a file system has no hard links the place is claimed by an empty file, and the earlier one is moved
away; then a power cut in that moment can leave the place empty.

What a power cut leaves behind is whole files, old or new, and perhaps one named `.symbolic_embed-....part`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import BinaryIO, Self

from symbolic_embed.errors import OutputError, printable
from symbolic_embed.files.beside import each, errors_named, made_folder, new_file, sync_folder, synced
from symbolic_embed.files.identity import NOTHING_IN_USE, InUse, StrPath, identity, identity_of
from symbolic_embed.files.steps import Earlier, Part, Step
from symbolic_embed.files.targets import require_free, target


def place(data: bytes, path: StrPath, *, force: bool = False, in_use: InUse = NOTHING_IN_USE) -> None:
    """Puts `data` at `path`. Raises OutputExistsError where a file is there and `force` is not given, OutputError where
    it cannot be written or must not be (`targets`); after an error all is as it was."""
    with placing(path, force=force, in_use=in_use) as file:
        file.write(data)


@contextmanager
def placing(path: StrPath, *, force: bool = False, in_use: InUse = NOTHING_IN_USE) -> Iterator[BinaryIO]:
    """A file to be filled inside the block, which is at `path` when the block ends well. Raises as `place` does."""
    require_free(path, force=force, in_use=in_use)
    with FileSet(force=force, in_use=in_use) as files, files.open(path) as file:
        yield file


def write_durably(path: StrPath, content: bytes) -> None:
    """`content` at `path`, over what this program wrote there before; its folder is made. Raises OutputError."""
    with FileSet(force=True) as files:
        files.add(path, content)


class FileSet:
    """Files that take their places together when the block ends well, or not at all. Their folders are made; those
    that nothing has come into go again."""

    def __init__(self, *, force: bool = False, in_use: InUse = NOTHING_IN_USE) -> None:
        self.force, self.in_use = force, in_use
        self._parts: list[Part] = []
        self._earlier: list[Earlier] = []
        self._folders = ExitStack()

    def add(self, path: StrPath, data: bytes) -> None:
        """A file of the set. Raises as `place` does."""
        with self.open(path) as file:
            file.write(data)

    @contextmanager
    def open(self, path: StrPath) -> Iterator[BinaryIO]:
        """A file of the set, to be filled inside the block. Raises as `place` does."""
        goal = target(path, force=self.force, in_use=self.in_use)
        if any(identity(goal.path) == identity(part.target.path) for part in self._parts):
            raise OutputError(f"{printable(goal.named)}: two files of one name would be written; name another")
        self._folders.enter_context(made_folder(goal.folder))
        part = Part(goal, force=self.force, in_use=self.in_use)
        self._parts.append(part)
        try:
            with errors_named(goal.named), new_file(part.beside) as file:
                part.identity = identity_of(os.fstat(file.fileno()))
                yield file
                synced(file)
        except BaseException:
            self._parts.remove(part)
            part.clear()
            raise

    def take_away(self, path: StrPath) -> None:
        """Has an earlier file go, once all of the set has its place."""
        self._earlier.append(Earlier(os.fspath(path)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        steps: list[Step] = [*self._parts, *self._earlier]
        try:
            if error is None:
                self._put(steps)
        finally:
            each([*(step.clear for step in steps), self._folders.close])

    def _put(self, steps: list[Step]) -> None:
        try:
            for step in steps:
                step.do()
            for folder, named in {step.folder: step.named for step in steps}.items():
                with errors_named(named):
                    sync_folder(folder)
        except BaseException:
            each([step.undo for step in reversed(steps)])
            raise
