"""Text that grows line by line while the work goes on, so that it can be watched, and stays when the work breaks off.

This is for accounts of the work, not for its results. Until the first line nothing is touched; with it the file takes
its place, and an earlier account goes.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from symbolic_embed.files.beside import errors_named, synced
from symbolic_embed.files.identity import NOTHING_IN_USE, InUse, StrPath
from symbolic_embed.files.targets import require_free, target
from symbolic_embed.files.writer import place


class GrowingFile:
    """Lines in a file, UTF-8. Raises OutputExistsError where one is there and `force` is not given, and OutputError
    where none can be, both before the first line."""

    def __init__(self, path: StrPath, *, force: bool = False, in_use: InUse = NOTHING_IN_USE) -> None:
        require_free(path, force=force, in_use=in_use)
        self.path, self.force, self.in_use = os.fspath(path), force, in_use
        self._file: BinaryIO | None = None

    def write(self, line: str) -> None:
        """One more line, which whoever reads the file sees at once."""
        content = (line + "\n").encode("utf-8", "surrogateescape")
        with errors_named(self.path):
            if self._file is None:
                goal = target(self.path, force=self.force, in_use=self.in_use)
                place(content, self.path, force=self.force, in_use=self.in_use)
                self._file = open(goal.path, "ab")  # noqa: SIM115 (it stays open from line to line)
            else:
                self._file.write(content)
                self._file.flush()

    def close(self) -> None:
        """The last line is on the disk when this returns."""
        if self._file is not None:
            with errors_named(self.path), self._file as file:
                synced(file)
