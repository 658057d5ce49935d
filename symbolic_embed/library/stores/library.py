"""What a library can do: a store that is kept, grows, and is searched.

A library knows *files* and *pieces*. A file is a path, with what it had when it was read: size, time of its last
change, hash of its bytes; and either a problem, for which it was rejected, or a piece. A piece is the music of all
files of the same bytes, embedded once: its features, its facts, and its rows in every channel (`channels`). It has a
number, which is its own for as long as it is there and is never given to another.

What comes back of a piece is what was given, to the last bit; but its rows, and what turns with the key of passages of
single parts, which are kept in half precision (`packing`).

Whoever writes holds the library alone (`writing`); whoever reads sees what was committed last, while others write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.channels import Channel
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.store import Store
from symbolic_embed.requests.where import Fact

Facts = Mapping[str, Sequence[Fact]]  # as `facts.facts_of` has them, counted; without `path`, which is the file's


@dataclass(frozen=True)
class File:
    """A file of a library. path: as it was walked. size: bytes; changed_ns: time of its last change, since 1970;
    sha256: of its bytes. problem: why it was rejected. piece: the number of its piece, None for a rejected one."""

    path: str
    size: int
    changed_ns: int
    sha256: str
    problem: str | None = None
    piece: int | None = None


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The rows nearest to some questions, the nearest first; (questions, count) each. similarity: float32, the inner
    product; piece: int64, its number, and -1 where there are fewer rows; track, bar, bars: int64, as `channels.Rows`
    has them."""

    similarity: NDArray[np.float32]
    piece: NDArray[np.int64]
    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    bars: NDArray[np.int64]


@dataclass(frozen=True)
class Kept:
    """How much a library keeps. rows: of each channel; bytes: of the sections of features, of rows, of the rest."""

    rows: Mapping[str, int]
    bytes: Mapping[str, int]


class Writer(Protocol):
    """Who holds a library to write into it. What it is told is there for readers after `commit`, all of it, or, where
    the program ends before, none of it since the last."""

    def piece_of(self, sha256: str) -> int | None:
        """The number of the piece of these bytes, if it is there."""

    def add_piece(self, sha256: str, piece: Features, facts: Facts) -> int:
        """Keeps a piece (its path says nothing) and returns its number."""

    def put_file(self, file: File) -> None:
        """Keeps a file, in place of an earlier one of the same path."""

    def remove_files(self, paths: Sequence[str]) -> int:
        """Forgets files, and pieces that no file is left of; returns how many files there were."""

    def commit(self) -> None:
        """Makes all of it last."""


@runtime_checkable
class Library(Store, Protocol):
    """A store of files. `get` and iteration give a piece once for each of its files, with the path; rejected files are
    none of it. `len`: the files that have a piece."""

    @property
    def options(self) -> Mapping[str, str]:
        """How its files were read, and what else must be alike to add to it."""

    @property
    def folder(self) -> str | None:
        """Where it lies, and what is made of it may lie beside it; None where that is no folder."""

    def files(self) -> Sequence[File]:
        """All files, sorted by path (as bytes)."""

    def facts(self, pieces: Sequence[int]) -> Sequence[Facts]:
        """What can be said of some pieces."""

    def read(self, pieces: Sequence[int], kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        """Some kinds of some pieces, in their order, each with an empty path. With `together` their passages are those
        of all parts together alone, without what is blind to key: all that `rank` compares, and much faster read.
        Raises LibraryError where a piece is no longer there."""

    def each(self, kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        """As iteration does, but some kinds only."""

    def nearest(
        self, channel: Channel, questions: NDArray[np.float32], *, count: int, among: NDArray[np.int64] | None = None
    ) -> Neighbours:
        """The rows of a channel that are nearest to each of some questions, float32 (questions, dim), of length one;
        with `among` only rows of these pieces (numbers, sorted)."""

    def writing(self) -> AbstractContextManager[Writer]:
        """Holds the library; commits when the block ends well. Raises LibraryInUseError where somebody else does."""

    def kept(self) -> Kept:
        """How much it keeps."""

    def close(self) -> None:
        """Gives files and connections back."""
