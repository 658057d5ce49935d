"""A library that is a folder, open."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import LibraryError
from symbolic_embed.files.beside import is_unfinished
from symbolic_embed.library.channels import Channel
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.folder.catalogue import Catalogue
from symbolic_embed.library.stores.folder.compacting import take_away_strays
from symbolic_embed.library.stores.folder.damage import DamagedError, note, refusals_named
from symbolic_embed.library.stores.folder.header import Header, read_header, write_header
from symbolic_embed.library.stores.folder.lock import NAME as LOCK
from symbolic_embed.library.stores.folder.lock import held
from symbolic_embed.library.stores.folder.mending import is_sound, mended
from symbolic_embed.library.stores.folder.reader import Reader, Wanted
from symbolic_embed.library.stores.folder.tables import NAME, State, file_of
from symbolic_embed.library.stores.folder.tidying import tidy
from symbolic_embed.library.stores.folder.writer import FolderWriter
from symbolic_embed.library.stores.library import Facts, File, Kept, Neighbours
from symbolic_embed.library.stores.packing import packed

AT_A_TIME = 64  # pieces in memory

Known = TypeVar("Known")


class FolderLibrary:
    """A library in a folder, as `stores.library.Library` says. Raises LibraryError where there is none."""

    def __init__(self, folder: str) -> None:
        self.folder, self._header = folder, read_header(folder)
        self._catalogue = Catalogue(folder)
        self._reader = Reader(folder, self._catalogue)
        self._commit: tuple[int, ...] = ()
        self._files: list[File] = []  # kept until somebody commits

    @classmethod
    def made(cls, folder: str, header: Header) -> Self:
        """A new one, empty. Raises LibraryError where something else is there."""
        if os.path.lexists(folder) and not os.path.isdir(folder):
            raise LibraryError(f"{folder}: is a file, a library is a folder; name another")
        if os.path.isdir(folder) and not all(map(_is_half_made, os.listdir(folder))):
            raise LibraryError(f"{folder}: is a folder with other things in it; name a new or an empty one")
        with refusals_named(folder):
            os.makedirs(folder, exist_ok=True)
        with held(folder):
            catalogue = Catalogue(folder, make=True)
            catalogue.begin()
            catalogue.put_state(State(header=header.check_sum))
            catalogue.commit()
            catalogue.close()
            write_header(folder, header)
        return cls(folder)

    @classmethod
    def with_head_again(cls, folder: str, header: Header) -> Self:
        """The library of a folder whose head is damaged. Raises LibraryError where it was another."""
        with held(folder):
            catalogue = Catalogue(folder)
            with catalogue.reading():
                state = catalogue.state()
            catalogue.close()
            if state.header != header.check_sum:
                raise LibraryError(
                    f"{folder}: its head is damaged, and was another; give the checkpoint and options of before"
                )
            write_header(folder, header)
        return cls(folder)

    def mend(self) -> None:
        """Takes away what is damaged, so that it is found absent; where nothing is, does nothing. Raises
        LibraryInUseError where that is needed and somebody writes."""
        if not is_sound(self.folder):
            with self.writing():
                pass

    @property
    def checkpoint(self) -> str:
        return self._header.checkpoint

    @property
    def kinds(self) -> frozenset[Kind]:
        return self._header.kinds

    @property
    def options(self) -> Mapping[str, str]:
        return self._header.options

    def files(self) -> Sequence[File]:
        with self._catalogue.reading():
            commit = self._catalogue.commit_seen()
            if self._commit != commit:
                files = map(file_of, self._catalogue.counted("files"))
                self._files = sorted(files, key=lambda file: os.fsencode(file.path))
                self._commit = commit
            return list(self._files)

    def facts(self, pieces: Sequence[int]) -> Sequence[Facts]:
        return [_there(number, facts) for number, facts in zip(pieces, self._reader.facts(pieces), strict=True)]

    def read(self, pieces: Sequence[int], kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        for begin in range(0, len(pieces), AT_A_TIME):
            some = pieces[begin : begin + AT_A_TIME]
            for number, piece in zip(some, self._pieces(some, Wanted(kinds, together)), strict=True):
                yield _there(number, piece)

    def each(self, kinds: frozenset[Kind], *, together: bool = False) -> Iterator[Features]:
        of_files = self._reader.of_files()
        for begin in range(0, len(of_files), AT_A_TIME):
            some = of_files[begin : begin + AT_A_TIME]
            for (path, _), piece in zip(some, self._pieces([n for _, n in some], Wanted(kinds, together)), strict=True):
                if piece is not None:  # nobody removed it meanwhile
                    yield replace(piece, path=path)

    def nearest(
        self, channel: Channel, questions: NDArray[np.float32], *, count: int, among: NDArray[np.int64] | None = None
    ) -> Neighbours:
        with self._noting():
            return self._reader.nearest(channel, questions, count=count, among=among)

    @contextmanager
    def writing(self) -> Iterator[FolderWriter]:
        with held(self.folder):
            catalogue = mended(self.folder)
            try:
                writer = FolderWriter(self.folder, self._header, catalogue)
                take_away_strays(self.folder, catalogue.state())
                try:
                    yield writer
                    writer.commit()
                finally:
                    writer.close()
                tidy(self.folder, catalogue)
            finally:
                catalogue.close()

    def add(self, piece: Features) -> None:
        """Keeps a piece without a file of its own: what stands for the bytes of the file is all that is kept of it."""
        kept = piece.only(self.kinds)
        with self.writing() as writer:
            sha256 = hashlib.sha256(b"".join(packed(kept).values())).hexdigest()
            number = writer.add_piece(sha256, piece, {})
            writer.put_file(File(piece.path, size=0, changed_ns=0, sha256=sha256, piece=number))

    def get(self, path: str) -> Features:
        number = self._reader.piece_at(path)
        (piece,) = self._pieces([number], Wanted(self.kinds)) if number is not None else [None]
        if piece is None:
            raise LookupError(f"{path}: is not in {self.folder}")
        return replace(piece, path=path)

    def __iter__(self) -> Iterator[Features]:
        return self.each(self.kinds)

    def __len__(self) -> int:
        with self._catalogue.reading():
            return self._catalogue.number("SELECT count(*) FROM files WHERE piece IS NOT NULL")

    def kept(self) -> Kept:
        kept = self._reader.kept()
        with refusals_named(self.folder):
            lengths = [os.lstat(os.path.join(self.folder, name)).st_size for name in os.listdir(self.folder)]
        rest = max(0, sum(lengths) - sum(kept.bytes.values()))  # the catalogue, indices, what is dead
        return Kept(kept.rows, {**kept.bytes, "rest": rest})

    def close(self) -> None:
        self._reader.close()
        self._catalogue.close()

    def _pieces(self, numbers: Sequence[int], wanted: Wanted) -> list[Features | None]:
        with self._noting():
            return self._reader.pieces(numbers, wanted)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """What is damaged is told to who writes next."""
        try:
            yield
        except DamagedError as error:
            note(self.folder, error)
            raise


def _there(number: int, known: Known | None) -> Known:
    if known is None:
        raise LibraryError(f"piece {number} is no longer in the library: it was removed meanwhile; ask again")
    return known


def _is_half_made(name: str) -> bool:
    """Whether a file is what making a library leaves behind when it is cut off."""
    return name == LOCK or name.startswith(NAME) or is_unfinished(name)
