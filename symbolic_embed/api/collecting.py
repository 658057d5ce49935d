"""A folder's music as a library that lasts as long as the program, for who asks it again and again."""

from __future__ import annotations

import os
from collections.abc import Callable
from tempfile import TemporaryDirectory

from symbolic_embed.api.libraries import build_library
from symbolic_embed.api.session import PathLike, Session
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library.contents import remove
from symbolic_embed.library.stores.library import Library


class Collection:
    """The music of a folder. What was embedded once is not embedded again, what came since is added, what is gone is
    forgotten; files that cannot be read are left out, and those for which `apart_from` holds."""

    def __init__(self, folder: PathLike, *, apart_from: Callable[[str], bool] = lambda path: False) -> None:
        self.folder, self._apart_from = os.fspath(folder), apart_from
        self._place = TemporaryDirectory(prefix="symbolic_embed_")

    def close(self) -> None:
        """Forgets it all."""
        self._place.cleanup()

    def opened(self, session: Session) -> Library:
        """The library, as the folder is now; close it. Raises LibraryError, CheckpointError."""
        paths = [one.path for one in find_midi([self.folder]) if one.problem is None and not self._apart_from(one.path)]
        place = os.path.join(self._place.name, "library")
        library = build_library(place, paths, checkpoint=session, rejected=lambda path, reason: None)
        if gone := {file.path for file in library.files()}.difference(paths):
            remove(library, sorted(gone))
        return library
