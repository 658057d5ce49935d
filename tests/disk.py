"""A disk that fails at the n-th act of writing: the n-th write, sync, link, rename or new folder."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from symbolic_embed.files import beside, caches, steps, writer

FULL = OSError(28, "No space left on device")
ACTS = ("fsync", "link", "replace", "rename", "mkdir")


class Disk:
    """Counts acts, and fails once: at the act `number` (from 1), or before it has happened, or `after`."""

    def __init__(self, number: int, error: BaseException = FULL, *, after: bool = False, links: bool = True) -> None:
        self.number, self.error, self.after, self.links = number, error, after, links
        self.count = 0

    @property
    def has_failed(self) -> bool:
        return self.count >= self.number

    def counted(self, really: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            is_now = self.count == self.number
            if is_now and not self.after:
                raise self.error
            result = really(*arguments, **options)
            if is_now:
                raise self.error
            return result

        return act

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The disk that everything is written to, inside the block."""
        disk = self

        class File(io.BufferedWriter):
            def write(self, data: Any) -> int:
                return disk.counted(super().write)(data)

        def new_file(path: str) -> File:
            return File(io.FileIO(path, "xb"))

        def no_link(*_: Any) -> None:
            raise OSError(1, "Operation not permitted")

        acts = {name: self.counted(getattr(os, name)) for name in ACTS}
        if not self.links:
            acts["link"] = no_link
        with patch.multiple(os, **acts):
            for module in (writer, steps, caches, beside):
                patched = patch.object(module, "new_file", new_file)
                patched.start()
            try:
                yield
            finally:
                patch.stopall()


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder: the bytes of files by path, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }
