"""Writing into a library: data first, then the catalogue.

Features and rows are appended to the data files and pushed to the disk; then the catalogue's commit makes them count.
Before that they are a tail behind the committed end that nobody reads, and who writes next cuts off: whenever the
program is killed, the library is as after the last commit.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.channels import Rows, rows_of
from symbolic_embed.library.features import Features
from symbolic_embed.library.stores.folder.catalogue import Catalogue
from symbolic_embed.library.stores.folder.data import FEATURES, ROWS, Appended, name_of
from symbolic_embed.library.stores.folder.header import Header
from symbolic_embed.library.stores.folder.records import record, records_of
from symbolic_embed.library.stores.folder.tables import Placed, placed_of, row_of, text_of
from symbolic_embed.library.stores.library import Facts, File
from symbolic_embed.library.stores.packing import packed


class FolderWriter:
    """Who writes into a library that is a folder, as `stores.library.Writer` says; made by who holds its lock."""

    def __init__(self, folder: str, header: Header, catalogue: Catalogue) -> None:
        self.folder, self.header, self.catalogue = folder, header, catalogue
        catalogue.begin()
        self._state = catalogue.state()
        self._features = Appended(self._path(*FEATURES), end=self._state.features)
        self._rows = {channel: self._opened(channel, dim) for channel, dim in self._state.dims.items()}
        self._perhaps_alone: set[int] = set()  # pieces that files were taken from

    def piece_of(self, sha256: str) -> int | None:
        return next((number for number, _, _ in self.catalogue.rows("pieces", "WHERE sha256 = ?", (sha256,))), None)

    def add_piece(self, sha256: str, piece: Features, facts: Facts) -> int:
        known = self.piece_of(sha256)
        if known is not None:
            return known
        missing = self.header.kinds - piece.kinds
        if missing:
            raise LookupError(f"{piece.path}: without {', '.join(sorted(missing))}, which this library holds of each")
        piece = piece.only(self.header.kinds)
        number = self.catalogue.last_number("pieces") + 1
        sections = packed(piece)
        placed = Placed(
            first=self._features.append(b"".join(sections.values())),
            sections={name: (len(content), zlib.crc32(content)) for name, content in sections.items()},
            rows=self._added_rows(number, rows_of(piece)),
        )
        self.catalogue.add("pieces", (number, sha256, text_of(placed)))
        self.catalogue.add("facts", (number, json.dumps({name: list(said) for name, said in facts.items()})))
        return number

    def put_file(self, file: File) -> None:
        if file.piece is not None and not list(self.catalogue.rows("pieces", "WHERE number = ?", (file.piece,))):
            raise LookupError(f"{file.path}: belongs to piece {file.piece}, which is not there")
        earlier = self._taken([file.path])
        number = earlier[0] if earlier else self.catalogue.last_number("files") + 1
        self.catalogue.add("files", row_of(number, file))

    def remove_files(self, paths: Sequence[str]) -> int:
        return len(self._taken(paths))

    def commit(self) -> None:
        self._drop_orphans()
        self._features.sync()
        for rows in self._rows.values():
            rows.sync()
        self._state = replace(self._state, features=self._features.end, rows=self._state.rows | self._ends())
        self.catalogue.put_state(self._state)
        self.catalogue.commit()
        self.catalogue.begin()

    def close(self) -> None:
        """Gives the data files back. What was not committed stays behind their ends and counts for nothing."""
        for file in (self._features, *self._rows.values()):
            file.close()

    def _taken(self, paths: Sequence[str]) -> list[int]:
        """Removes files by path; returns their numbers."""
        numbers = []
        for path in paths:
            for number, *_, piece in list(self.catalogue.rows("files", "WHERE path = ?", (os.fsencode(path),))):
                self.catalogue.remove("files", "WHERE number = ?", (number,))
                numbers.append(number)
                if piece is not None:
                    self._perhaps_alone.add(piece)
        return numbers

    def _drop_orphans(self) -> None:
        """Pieces that no file is left of are gone; their rows are dead until they are compacted away."""
        for piece in sorted(self._perhaps_alone):
            if self.catalogue.number("SELECT count(*) FROM files WHERE piece = ?", (piece,)) == 0:
                for _, _, place in list(self.catalogue.rows("pieces", "WHERE number = ?", (piece,))):
                    placed = placed_of(place)
                    for what, (first, count) in {FEATURES[0]: (placed.first, placed.length), **placed.rows}.items():
                        self.catalogue.add("dead", (what, first, count))
                self.catalogue.remove("pieces", "WHERE number = ?", (piece,))
                self.catalogue.remove("facts", "WHERE piece = ?", (piece,))
        self._perhaps_alone.clear()

    def _added_rows(self, piece: int, channels: Mapping[Any, Rows]) -> dict[str, tuple[int, int]]:
        """Where the rows of a piece come to lie in each channel."""
        places = {}
        for channel, rows in channels.items():
            dim = self._dim(channel, rows)
            size = record(dim).itemsize
            if channel not in self._rows:
                self._rows[channel] = self._opened(channel, dim)
            begin = self._rows[channel].append(records_of(piece, rows).tobytes())
            places[channel] = (begin // size, len(rows))
        return places

    def _opened(self, channel: str, dim: int) -> Appended:
        """The rows of a channel, to be added to."""
        end = self._state.rows.get(channel, 0) * record(dim).itemsize
        return Appended(self._path(channel, ROWS), end=end)

    def _dim(self, channel: str, rows: Rows) -> int:
        """How long the vectors of a channel are: as long as the first that came. Raises LibraryError for others."""
        dim = int(rows.vectors.shape[1])
        kept = self._state.dims.setdefault(channel, dim)
        if dim != kept:
            raise LibraryError(f"{self.folder}: rows of {dim} numbers, those of {channel} here have {kept}")
        return dim

    def _ends(self) -> dict[str, int]:
        return {channel: file.end // record(self._state.dims[channel]).itemsize for channel, file in self._rows.items()}

    def _path(self, what: str, ending: str) -> str:
        return os.path.join(self.folder, name_of(what, self._state.generation, ending))
