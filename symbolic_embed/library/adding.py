"""A library opened or made, and files added to it as a request asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symbolic_embed.files.folders import Found
from symbolic_embed.library.contents import gone
from symbolic_embed.library.engines import embedding_here, reading_here
from symbolic_embed.library.features import Kind, Needs
from symbolic_embed.library.indexing import Engine, Finish, Outcome, index
from symbolic_embed.library.reading import Manner
from symbolic_embed.library.stores.library import Library
from symbolic_embed.requests import BuildLibraryRequest
from symbolic_embed.score import MAX_BYTES

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder


KEPT: frozenset[Kind] = frozenset(
    {"content", "outline", "precedence", "bars", "bar_notes", "cells", "harmony", "melody", "rhythm", "tunes"}
)  # with passages, all that `rank`, in any key, `find` and `next` need


def opened_or_new(place: str, request: BuildLibraryRequest, *, checkpoint: str, has_passages: bool) -> Library:
    """The library at a place, made where there is none, with the passages of a model that has them. Raises LibraryError
    where something else is there or it reads files in another way, CheckpointError where it is another checkpoint's."""
    from symbolic_embed.library.stores.opening import new_library

    passages: frozenset[Kind] = frozenset({"passages"})
    kinds = KEPT | passages if has_passages else KEPT
    options = {"join_channels": "yes" if request.join_channels else "no"}
    return new_library(place, checkpoint=checkpoint, kinds=kinds, options=options)


@dataclass(frozen=True)
class Addition:
    """Files that are added to a library. load: gives the model, which is asked for when something is to be embedded.
    jobs: processes that read; with Ray workers of the cluster, None: one a core of it. max_bytes: larger files are
    rejected. together: of passages only those of all parts together."""

    library: Library
    request: BuildLibraryRequest
    load: Callable[[], Embedder]
    jobs: int | None = None
    max_bytes: int = MAX_BYTES
    together: bool = False

    def meant(self, found: Iterable[Found], *, place: str) -> list[Found]:
        """Those of some files that are meant: of the share that is asked for, and not of the library itself, which may
        lie among them."""
        share, own = self.request.share, os.path.join(os.path.abspath(place), "")
        return [
            one
            for one in found
            if not os.path.abspath(one.path).startswith(own) and (share is None or share.holds(one.path))
        ]

    def add(self, found: Sequence[Found], told: Callable[[Outcome], object]) -> None:
        """Adds files, and tells what became of each. Raises LibraryInUseError."""
        with self._at_work() as (engine, finish):
            index(self.library, found, engine, finish, told)

    def gone(self, named: Iterable[str], found: Iterable[Found]) -> list[str]:
        """The files of the library that are gone from what is named, and forgotten now where that is asked for."""
        share = self.request.share
        lost = [path for path in gone(self.library.files(), named, found) if share is None or share.holds(path)]
        if lost and self.request.prune:
            with self.library.writing() as writer:
                writer.remove_files(lost)
        return lost

    @contextmanager
    def _at_work(self) -> Iterator[tuple[Engine, Finish]]:
        """Who reads, and who embeds."""
        kinds = self.library.kinds
        manner = Manner(kinds, join_channels=self.request.join_channels, max_bytes=self.max_bytes)
        if self.request.engine == "ray":
            from symbolic_embed.library.on_ray import on_ray

            with on_ray(manner, self.load().folder, jobs=self.jobs) as engine:
                yield engine, iter
        else:
            with reading_here(manner, jobs=self.jobs or 1) as engine:
                yield engine, embedding_here(self.load, Needs(kinds, together=self.together))
