"""A folder that is there whole or not at all: what took long to make, kept to be used again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from symbolic_embed.files.beside import errors_named, made_folder, name_beside, new_file, sync_folder, synced
from symbolic_embed.files.identity import StrPath


class NewFolder:
    """A folder in the making."""

    def __init__(self, path: StrPath) -> None:
        self.path, self.beside = os.fspath(path), name_beside(path)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file of the folder, to be filled inside the block; it may lie deeper, as "bars/notes.npy"."""
        inside = os.path.join(self.beside, *name.split("/"))
        with errors_named(os.path.join(self.path, *name.split("/"))):
            os.makedirs(os.path.dirname(inside), exist_ok=True)
            with new_file(inside) as file:
                yield file
                synced(file)


@contextmanager
def placing_folder(path: StrPath) -> Iterator[NewFolder]:
    """A folder to be filled inside the block, which is at `path` when the block ends well; where somebody else has put
    one there meanwhile, that one stays. Raises OutputError."""
    folder = NewFolder(path)
    with made_folder(os.path.dirname(folder.path)):
        try:
            with errors_named(folder.path):
                os.mkdir(folder.beside)
            yield folder
            with errors_named(folder.path):
                _put(folder)
        finally:
            shutil.rmtree(folder.beside, ignore_errors=True)


def _put(folder: NewFolder) -> None:
    sync_folder(folder.beside)
    try:
        os.rename(folder.beside, folder.path)
    except OSError:
        if not os.path.isdir(folder.path):
            raise
    sync_folder(os.path.dirname(folder.path))
