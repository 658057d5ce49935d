"""A library of plain files and folders in the user's cache: what has been embedded once is not embedded again.

There is one for each checkpoint and way of reading, under the files' whole paths. It holds no more than it may: when it
has grown beyond that, what was not used for longest is forgotten. It is a convenience and never in the way: where it
cannot be made, read or written, or somebody else writes into it, or there are so few files that it would cost more than
it saves, the files are read as if there were none.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.errors import LibraryError, OutputError
from symbolic_embed.files import user_cache
from symbolic_embed.files.folders import Found
from symbolic_embed.library.adding import Addition, opened_or_new
from symbolic_embed.library.indexing import Outcome, is_unchanged
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.restricted import Restricted
from symbolic_embed.library.usage import bytes_in, make_room, used
from symbolic_embed.requests import BuildLibraryRequest, ReadingRequest
from symbolic_embed.score import MAX_BYTES

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder

LEAST = 16  # files
SIZE = 2_000_000_000
Told = Callable[[Outcome], object]
Said = Callable[[str], object]


@dataclass(frozen=True)
class Cache:
    """Libraries of plain files. size: bytes that they may take together. jobs, max_bytes: as in `Addition`."""

    folder: Path = field(default_factory=lambda: user_cache() / "libraries")
    size: int = SIZE
    jobs: int = 1
    max_bytes: int = MAX_BYTES

    @contextmanager
    def pieces(
        self, found: Sequence[Found], embedder: Embedder, request: ReadingRequest, *, told: Told, said: Said
    ) -> Iterator[Library | None]:
        """Inside the block, a library of these files alone, in their order; None where it does without, and nothing was
        told. `told` hears what became of each file, `said` a line where there is something to say."""
        if len(found) < LEAST:
            yield None
            return
        outcomes: list[Outcome] = []
        try:
            place, library = self._opened(embedder, request)
        except (LibraryError, OutputError, OSError) as error:
            said(f"without the cache: {error}")
            yield None
            return
        with closing(library):
            names = {one.path: os.path.abspath(one.path) for one in found}
            whole = {names[one.path]: replace(one, path=names[one.path]) for one in found}
            try:
                self._bring_up_to_date(library, list(whole.values()), embedder, request, outcomes.append)
            except (LibraryError, OutputError, OSError) as error:
                said(f"without the cache: {error}")
                yield None
                return
            became = {outcome.path: outcome for outcome in outcomes}
            for name, path in names.items():
                told(replace(became[path], path=name))
            chosen = Restricted(library, names)
            yield chosen
            with suppress(LibraryError, OutputError, OSError, sqlite3.Error):
                used(place, sorted({file.piece for file in chosen.files() if file.piece is not None}))
                if any(outcome.state == "embedded" for outcome in outcomes):
                    self._tidy(place, library, said)

    def _opened(self, embedder: Embedder, request: ReadingRequest) -> tuple[Path, Library]:
        """The library of a checkpoint and way of reading, and where it lies; made anew where it is damaged."""
        place = self.folder / f"{embedder.hash[:16]}{'-joined' if request.join_channels else ''}"
        self.folder.mkdir(parents=True, exist_ok=True)
        building = BuildLibraryRequest(join_channels=request.join_channels)
        return place, opened_or_new(str(place), building, checkpoint=embedder.hash, has_passages=embedder.has_passages)

    def _bring_up_to_date(
        self, library: Library, found: Sequence[Found], embedder: Embedder, request: ReadingRequest, told: Told
    ) -> None:
        """Adds what is new; holds the library only where something is."""
        known = {file.path: file for file in library.files()}
        if all(not one.problem and one.path in known and is_unchanged(known[one.path]) for one in found):
            for one in found:
                problem = known[one.path].problem
                told(Outcome(one.path, "rejected" if problem else "unchanged", problem))
            return
        building = BuildLibraryRequest(join_channels=request.join_channels)
        addition = Addition(library, building, lambda: embedder, jobs=self.jobs, max_bytes=self.max_bytes)
        addition.add(found, told)

    def _tidy(self, place: Path, library: Library, said: Said) -> None:
        """Keeps to the size, and says what is kept."""
        given_up = make_room(self.folder, place, library, size=self.size)
        held = f"{bytes_in(self.folder) / 1e9:.2f} of at most {self.size / 1e9:g} GB"
        forgotten = f"; {given_up:,} files not used for longest were given up" if given_up else ""
        said(f"kept for the next time: {held} in {self.folder}{forgotten} (`cache`, `cache_size`)")
