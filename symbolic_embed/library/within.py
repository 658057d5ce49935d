"""The pieces of a library that are meant, each once, with all its files; what was found of pieces, said of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces, completed, featured
from symbolic_embed.library.features import Features, Needs
from symbolic_embed.library.stores.library import Facts, Library
from symbolic_embed.library.stores.store import require_checkpoint, require_kinds
from symbolic_embed.requests.where import Where

AT_A_TIME = 1_000  # pieces whose facts are in memory

Found = TypeVar("Found", bound=Any)  # has a `path`


@dataclass(frozen=True, eq=False)
class Within:
    """Files of a library. paths: of each piece, by its number, sorted; `order`: the numbers, sorted by their first
    path. left_out: how many files were not meant."""

    library: Library
    paths: Mapping[int, Sequence[str]]
    left_out: int = 0

    @classmethod
    def of(cls, library: Library, where: Where | None = None, *, checkpoint: str) -> Within:
        """All files that have a piece; with `where` those of which it holds, by what the library knows of them. Raises
        CheckpointError where the library is of another checkpoint."""
        require_checkpoint(library, checkpoint)
        paths: dict[int, list[str]] = {}
        for file in library.files():
            if file.piece is not None:
                paths.setdefault(file.piece, []).append(file.path)
        if where is None:
            return cls(library, paths)
        meant: dict[int, list[str]] = {}
        for number, facts in _facts(library, list(paths)):
            some = [path for path in paths[number] if where.holds(_counted(facts, path))]
            if some:
                meant[number] = some
        count = sum(map(len, paths.values()))
        return cls(library, meant, left_out=count - sum(map(len, meant.values())))

    def __len__(self) -> int:
        """How many pieces there are."""
        return len(self.paths)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the pieces, sorted."""
        return np.sort(np.fromiter(self.paths, np.int64, len(self.paths)))

    @cached_property
    def numbers_by_path(self) -> Mapping[str, int]:
        """The number of each piece, by the first of its paths."""
        return {paths[0]: number for number, paths in self.paths.items()}

    def features(self, needs: Needs, *, numbers: Sequence[int] | None = None) -> Iterator[Features]:
        """What is known of the pieces, or of some of them, in their order, each under its first path."""
        require_kinds(self.library, needs.kinds)
        chosen = list(self.paths) if numbers is None else list(numbers)
        pieces = self.library.read(chosen, needs.kinds, together=needs.together)
        for number, piece in zip(chosen, pieces, strict=True):
            yield replace(piece, path=self.paths[number][0])

    def of_files(self, found: Iterable[Found]) -> Iterator[Found]:
        """What was found of pieces, said of each of their files."""
        all_of = {paths[0]: paths for paths in self.paths.values()}
        for one in found:
            for path in all_of[one.path]:
                yield replace(one, path=path)


def meant(pieces: Pieces, where: Where | None, embedder: Embedder) -> Pieces | Within:
    """The files of a library of which a condition holds; other pieces as they are."""
    return Within.of(pieces, where, checkpoint=embedder.embedding_hash) if isinstance(pieces, Library) else pieces


def features_of(pieces: Pieces | Within, embedder: Embedder, needs: Needs) -> Iterator[Features]:
    """As `building.featured`, also of some files of a library, each piece of them once."""
    if isinstance(pieces, Within):
        return completed(pieces.features(needs), embedder, needs)
    return featured(pieces, embedder, needs)


def files_of(path: str, pieces: Pieces | Within) -> Sequence[str]:
    """The files of the piece that has this as its path, or as the first of them."""
    return pieces.paths[pieces.numbers_by_path[path]] if isinstance(pieces, Within) else (path,)


def _facts(library: Library, numbers: Collection[int]) -> Iterator[tuple[int, Facts]]:
    remaining = sorted(numbers)
    for first in range(0, len(remaining), AT_A_TIME):
        some = remaining[first : first + AT_A_TIME]
        yield from zip(some, library.facts(some), strict=True)


def _counted(facts: Facts, path: str) -> Mapping[str, Any]:
    """Facts as conditions ask for them."""
    return {"path": lambda: [path], **{field: partial(_same, values) for field, values in facts.items()}}


def _same(values: Sequence[Any]) -> Sequence[Any]:
    return values
