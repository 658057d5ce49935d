"""Libraries of plain files and folders in the user's cache: what has been embedded once is not embedded again.

Each is of one checkpoint and one way of reading, under the files' whole paths, and holds what the first question to it
needed, so that this is not answered later than without; another question that needs no more uses it too. Together they
take no more than they may: then what was not used for longest is forgotten. They are a convenience and never in the
way: where none can be made, read or written, or somebody else writes into it, or there are so few files that it would
cost more than it saves, the files are read as if there were none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.errors import LibraryError, LibraryInUseError, OutputError, printable
from symbolic_embed.files import user_cache
from symbolic_embed.files.folders import Found
from symbolic_embed.library.adding import Addition
from symbolic_embed.library.features import Needs
from symbolic_embed.library.indexing import Outcome
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.opening import new_library, open_library
from symbolic_embed.library.stores.restricted import Restricted
from symbolic_embed.library.usage import bytes_in, make_room, used
from symbolic_embed.requests import BuildLibraryRequest
from symbolic_embed.score import MAX_BYTES

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder

LEAST = 16  # files
MARKED = 12  # letters of a hash in a name
SIZE = 2_000_000_000
Told = Callable[[Outcome], object]
Said = Callable[[str], object]


@dataclass(frozen=True)
class Cache:
    """Libraries of plain files. size: bytes that they may take together. join_channels, max_bytes: how files are read;
    jobs: by how many processes."""

    folder: Path = field(default_factory=lambda: user_cache() / "libraries")
    size: int = SIZE
    join_channels: bool = False
    max_bytes: int = MAX_BYTES
    jobs: int = 1

    @contextmanager
    def pieces(
        self, found: Sequence[Found], embedder: Embedder, needs: Needs, *, told: Told, said: Said
    ) -> Iterator[Library | None]:
        """Inside the block, a library of these files alone, in their order, with what is needed of them; None where it
        does without, and nothing was told. `told` hears what became of each file, `said` a line where there is
        something to say."""
        if len(found) < LEAST or needs.silence:
            yield None
            return
        place: Path | None = None
        outcomes: dict[str, Outcome] = {}
        names = {one.path: os.path.abspath(one.path) for one in found}
        with ExitStack() as ends:
            try:
                place, library = self._opened(embedder, needs)
                ends.enter_context(closing(library))
                whole = {names[one.path]: replace(one, path=names[one.path]) for one in found}
                for outcome in self._brought_up_to_date(library, list(whole.values()), embedder, needs):
                    outcomes[outcome.path] = outcome
                chosen = Restricted(library, names)
            except (LibraryError, OutputError, OSError, sqlite3.Error) as error:
                said(f"without the cache: {error}")
                if place and isinstance(error, LibraryError) and not isinstance(error, LibraryInUseError):
                    shutil.rmtree(place, ignore_errors=True)  # damaged: the next time it is made again
                yield None
                return
            for name, path in names.items():
                told(replace(outcomes[path], path=name))
            try:
                yield chosen
            except LibraryError:  # damaged where it was read: the next time it is made again
                shutil.rmtree(place, ignore_errors=True)
                raise
            with suppress(LibraryError, OutputError, OSError, sqlite3.Error):
                used(place, sorted({file.piece for file in chosen.files() if file.piece is not None}))
                if any(outcome.state == "embedded" for outcome in outcomes.values()):
                    self._tidy(place, library, said)

    def _opened(self, embedder: Embedder, needs: Needs) -> tuple[Path, Library]:
        """A library that holds what is needed, and where it lies: one that is there, or a new one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        options = {"join_channels": "yes" if self.join_channels else "no"}
        is_enough = needs.together or "passages" not in needs.kinds
        for together in ("no", "yes") if is_enough else ("no",):
            for place in sorted(self.folder.glob(f"{embedder.embedding_hash[:MARKED]}-*")):
                library = _at(place)
                if library is None:
                    continue
                if library.kinds >= needs.kinds and library.options == {**options, "together": together}:
                    return place, library
                library.close()
        options["together"] = "yes" if needs.together else "no"
        asked = json.dumps([sorted(needs.kinds), options], sort_keys=True).encode()
        place = self.folder / f"{embedder.embedding_hash[:MARKED]}-{hashlib.sha256(asked).hexdigest()[:MARKED]}"
        make = partial(new_library, str(place), checkpoint=embedder.embedding_hash, kinds=needs.kinds, options=options)
        try:
            return place, make()
        except LibraryInUseError:
            raise
        except LibraryError:  # damaged, or of another version: it can be made again
            shutil.rmtree(place, ignore_errors=True)
            return place, make()

    def _brought_up_to_date(
        self, library: Library, found: Sequence[Found], embedder: Embedder, needs: Needs
    ) -> list[Outcome]:
        """Adds what is new, and returns what became of each file."""
        outcomes: list[Outcome] = []
        Addition(
            library,
            BuildLibraryRequest.model_validate({"join_channels": self.join_channels}),
            lambda: embedder,
            jobs=self.jobs,
            max_bytes=self.max_bytes,
            together=library.options["together"] == "yes",
        ).add(found, outcomes.append)
        return outcomes

    def _tidy(self, place: Path, library: Library, said: Said) -> None:
        """Keeps to the size, and says what is kept."""
        given_up = make_room(self.folder, place, library, size=self.size)
        held = f"{bytes_in(self.folder) / 1e9:.2f} of at most {self.size / 1e9:g} GB"
        forgotten = f"; {given_up:,} files not used for longest were given up" if given_up else ""
        said(f"kept for the next time: {held} in {printable(str(self.folder))}{forgotten}; `cache` leaves it alone")


def _at(place: Path) -> Library | None:
    """The library at a place; None where it is damaged, or none."""
    if not place.is_dir():
        return None
    try:
        return open_library(str(place))
    except LibraryError:
        return None
