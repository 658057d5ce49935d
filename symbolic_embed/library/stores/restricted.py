"""A library of which only some files count, under the names by which they are known here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.channels import Channel
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.library import Facts, File, Kept, Library, Neighbours, Writer


class Restricted:
    """Some files of a library, in their order. names: what each is called here, and its path in the library; those that
    the library does not have are left out. It is not written into."""

    def __init__(self, library: Library, names: Mapping[str, str]) -> None:
        self.library = library
        there = {file.path: file for file in library.files()}
        self._files = [replace(there[path], path=name) for name, path in names.items() if path in there]
        self._numbers = np.unique([file.piece for file in self._files if file.piece is not None]).astype(np.int64)

    @property
    def checkpoint(self) -> str:
        return self.library.checkpoint

    @property
    def kinds(self) -> frozenset[Kind]:
        return self.library.kinds

    @property
    def options(self) -> Mapping[str, str]:
        return self.library.options

    @property
    def folder(self) -> str | None:
        return self.library.folder

    def files(self) -> Sequence[File]:
        return self._files

    def facts(self, pieces: Sequence[int]) -> Sequence[Facts]:
        return self.library.facts(pieces)

    def read(self, pieces: Sequence[int], kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        return self.library.read(pieces, kinds, together=together)

    def each(self, kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        files = [(file.path, file.piece) for file in self._files if file.piece is not None]
        pieces = self.library.read([number for _, number in files], kinds, together=together)
        for (path, _), piece in zip(files, pieces, strict=True):
            yield replace(piece, path=path)

    def nearest(
        self, channel: Channel, questions: NDArray[np.float32], *, count: int, among: NDArray[np.int64] | None = None
    ) -> Neighbours:
        meant = self._numbers if among is None else np.intersect1d(self._numbers, among)
        return self.library.nearest(channel, questions, count=count, among=meant)

    def get(self, path: str) -> Features:
        number = next((file.piece for file in self._files if file.path == path), None)
        if number is None:
            raise LookupError(f"{path}: is not among these files")
        (piece,) = self.library.read([number], self.kinds)
        return replace(piece, path=path)

    def __iter__(self) -> Iterator[Features]:
        return self.each(self.kinds)

    def __len__(self) -> int:
        return sum(file.piece is not None for file in self._files)

    def add(self, piece: Features) -> None:
        raise LibraryError(f"{piece.path}: is not added to some files of a library; add it to the library")

    def writing(self) -> AbstractContextManager[Writer]:
        raise LibraryError("some files of a library are not written into; write into the library")

    def kept(self) -> Kept:
        """Of the whole library."""
        return self.library.kept()

    def close(self) -> None:
        self.library.close()
