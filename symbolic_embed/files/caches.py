"""What took long to make, kept to be used again: where it lies, and a folder that is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from symbolic_embed.errors import OutputError
from symbolic_embed.files.beside import errors_named, made_folder, name_beside, new_file, sync_folder, synced
from symbolic_embed.files.identity import StrPath


def user_cache() -> Path:
    """Where things are kept that can be made again, and deleted at any time: in SYMBOLIC_EMBED_CACHE, or where this
    system keeps such things (XDG_CACHE_HOME, LOCALAPPDATA, ~/.cache). Raises OutputError where it has no place."""
    named = ("SYMBOLIC_EMBED_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA")
    home = next((os.environ[name] for name in named if os.environ.get(name)), None)
    try:
        return Path(home or Path.home() / ".cache") / "symbolic_embed"
    except RuntimeError:
        reason = "you have no home directory; SYMBOLIC_EMBED_CACHE=FOLDER names a place for the cache"
        raise OutputError(reason) from None


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
