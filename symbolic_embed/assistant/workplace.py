"""What all tools share: the folder, its clips, the libraries, and the model, which is loaded when first needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.assistant.clips import Clip, Clips
from symbolic_embed.assistant.folder import WorkFolder
from symbolic_embed.errors import SymbolicEmbedError, UsageError, printable
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests.roles import RolesRequest

if TYPE_CHECKING:
    from symbolic_embed.api.collecting import Collection
    from symbolic_embed.api.session import Session
    from symbolic_embed.library.stores.library import Library

FOLDER = "folder"  # the library that is made of the clips of the folder


@dataclass
class Workplace:
    """What all tools share. `libraries`: their places by the names that an assistant calls them by; `open_session`:
    what loads the model, once. Tools that need the model come one at a time (`serving`)."""

    folder: WorkFolder
    libraries: Mapping[str, str]
    open_session: Callable[[], Session]
    clips: Clips = field(init=False)

    def __post_init__(self) -> None:
        self.clips = Clips(self.folder)

    @cached_property
    def session(self) -> Session:
        """The model. Raises CheckpointError."""
        return self.open_session()

    @cached_property
    def _collection(self) -> Collection:
        from symbolic_embed.api.collecting import Collection

        return Collection(self.folder.path)

    def close(self) -> None:
        """Forgets what was kept of the folder."""
        if "_collection" in self.__dict__:
            self._collection.close()

    def seed(self, said: str, request: RolesRequest, *, field: str = "clip", is_first: bool = True) -> Seed:
        """The clip that an assistant names, to write from, read as asked for; the roles of a request are those of the
        first. Raises InputError, and UsageError for a clip or a track that is not there."""
        clip = self.clips.named(said, field=field)
        seed = Seed.from_bytes(clip.read(), path=clip.name, join_channels=request.join_channels)
        return seed.as_said(request) if is_first else seed

    def clip_at(self, path: str) -> Clip:
        """The clip of a file that a library named, the folder's own perhaps."""
        return self.clips.of_file(os.path.normpath(path) if self.folder.holds(path) else path)

    def called(self, clip: Clip) -> str:
        """What an assistant calls a clip: a file of the folder by its name in it."""
        return self.folder.name_of(clip.path) if clip.path and self.folder.holds(clip.path) else clip.name

    @contextmanager
    def searched(self, name: str | None) -> Iterator[Library]:
        """The library of a name, open; without one the first, and where there is none, the clips of the folder. Raises
        UsageError for one that is not there, SymbolicEmbedError for one without music."""
        name = name or next(iter(self.libraries), FOLDER)
        if name not in (*self.libraries, FOLDER):
            known = ", ".join([*self.libraries, FOLDER])
            raise UsageError(
                f"`library` {printable(name)}: there is no such library; there are {known}", field="library"
            )
        with closing(self._opened(name)) as library:
            if not len(library):
                raise SymbolicEmbedError(f"{name}: no music in it (0 files, 1 needed)")
            yield library

    def _opened(self, name: str) -> Library:
        from symbolic_embed.library.stores.opening import open_library

        if name == FOLDER:
            return self._collection.opened(self.session)
        return open_library(self.libraries[name], checkpoint=self.session.embedder.embedding_hash)


def library_names(places: Sequence[str]) -> dict[str, str]:
    """Libraries by short names: the last part of each place, the whole of it where two would be called the same, or as
    the folder of clips is."""
    short = [Path(place).name or place for place in places]
    return {
        name if short.count(name) == 1 and name != FOLDER else place: place
        for name, place in zip(short, places, strict=True)
    }
