"""The libraries that a server keeps: by name, never by a path that somebody sends.

A file of a library may be asked for, by the path that its results bear, so that it can be seen and heard; what no
library holds is not there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symbolic_embed.errors import LibraryError, printable
from symbolic_embed.files.names import file_stem
from symbolic_embed.library.stores.milvus import is_address
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.score import MAX_BYTES, file_bytes


@dataclass(frozen=True)
class Libraries:
    """Libraries by name: their places, in full, since jobs run elsewhere."""

    places: dict[str, str]

    @classmethod
    def of(cls, named: Sequence[str]) -> Libraries:
        """Those that were named, each called by the last part of its place. Raises LibraryError where one is none."""
        places: dict[str, str] = {}
        for place in named:
            with closing(open_library(place)):
                pass
            stem = file_stem(Path(place.rstrip("/")).name)
            name = next(one for one in (stem, *(f"{stem}_{n}" for n in range(2, len(named) + 2))) if one not in places)
            places[name] = place if is_address(place) else os.path.abspath(place)
        return cls(places)

    def told(self) -> list[dict[str, Any]]:
        """What there is, as JSON. One that cannot be opened now is named with the reason."""
        return [{"name": name, **self._size(place)} for name, place in self.places.items()]

    def file(self, name: str, path: str) -> bytes | None:
        """The bytes of a file of a library, as they are now; None where the library has no such file. Raises
        LibraryError, and InputError for a file that cannot be read."""
        if name not in self.places:
            return None
        with closing(open_library(self.places[name])) as library:
            if not any(file.path == path and file.piece is not None for file in library.files()):
                return None
        return file_bytes(path, max_bytes=MAX_BYTES)

    @staticmethod
    def _size(place: str) -> dict[str, Any]:
        try:
            with closing(open_library(place)) as library:
                return {"files": len(library)}
        except LibraryError as fault:
            return {"files": 0, "error": printable(str(fault))}
