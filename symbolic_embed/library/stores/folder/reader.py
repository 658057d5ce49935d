"""Reading from a library: places from the catalogue, as of its last commit, and contents from the data files.

Data files are compacted under the eyes of readers: others take their places, and the catalogue says which. A file stays
open for as long as somebody reads from it, so what was begun with the earlier ones ends with them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.channels import Channel
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.folder.candidates import nearest_by_index
from symbolic_embed.library.stores.folder.catalogue import Catalogue
from symbolic_embed.library.stores.folder.damage import DamagedError, of_piece, refusals_named
from symbolic_embed.library.stores.folder.data import Data
from symbolic_embed.library.stores.folder.engine import Engine
from symbolic_embed.library.stores.folder.flat import Found, Stretches, nearest_of_all
from symbolic_embed.library.stores.folder.generations import DataFiles
from symbolic_embed.library.stores.folder.indexing import INDEXED_FROM
from symbolic_embed.library.stores.folder.records import Mapped, record, rows_again
from symbolic_embed.library.stores.folder.tables import Placed, State, file_of, placed_of
from symbolic_embed.library.stores.folder.tidying import live_rows
from symbolic_embed.library.stores.library import Facts, Kept, Neighbours
from symbolic_embed.library.stores.packing import sections_of, unpacked

PASSAGES: Channel = "passages"
NO_ROWS = (0, 0)
AT_A_TIME = 500  # places asked of the catalogue in one question

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Wanted:
    """What is to be read of pieces; together: of passages only what is compared of a whole piece."""

    kinds: frozenset[Kind]
    together: bool = False


class Reader:
    """What is read of the data files of a library."""

    def __init__(self, folder: str, catalogue: Catalogue) -> None:
        self.folder, self.catalogue = folder, catalogue
        self._files = DataFiles(folder)
        self._commit: tuple[int, ...] = ()
        self._of_all: dict[str, NDArray[np.int64]] = {}  # extents, by channel

    def close(self) -> None:
        """Lets go of the data files."""
        self._files.close()

    def pieces(self, numbers: Sequence[int], wanted: Wanted) -> list[Features | None]:
        """Some pieces, in order, with empty paths; None for those that are not there."""
        sections = sections_of(wanted.kinds, together=wanted.together)

        def found(state: State) -> tuple[dict[int, Placed], Data | None, Mapped | None]:
            placed = self._placed(numbers)
            if not placed:
                return placed, None, None
            rows = self._files.rows(PASSAGES, state) if "parts" in sections else None
            return placed, self._files.features(state), rows

        placed, data, mapped = self._of_one_commit(found)
        if data is None:
            return [None] * len(numbers)
        return [_read(number, placed.get(number), sections, data, mapped) for number in numbers]

    def facts(self, numbers: Sequence[int]) -> list[Facts | None]:
        """What is said of some pieces, in order; None for those that are not there."""
        said: dict[int, Facts] = {}
        with self.catalogue.reading():
            for some in _parts(numbers):
                for number, facts in self.catalogue.rows("facts", f"WHERE piece IN ({_marks(some)})", some):
                    said[number] = json.loads(facts)
        return [said.get(number) for number in numbers]

    def kept(self) -> Kept:
        """How many rows and bytes belong to pieces."""
        rows: Counter[str] = Counter()
        lengths: Counter[str] = Counter()
        with self.catalogue.reading():
            dims = self.catalogue.state().dims
            for _, _, place in self.catalogue.counted("pieces"):
                placed = placed_of(place)
                lengths.update({section: length for section, (length, _) in placed.sections.items()})
                rows.update({channel: count for channel, (_, count) in placed.rows.items()})
        of_rows = {f"rows of {name}": count * record(dims[name]).itemsize for name, count in rows.items()}
        return Kept(dict(rows), {**lengths, **of_rows})

    def of_files(self) -> list[tuple[str, int]]:
        """Paths and pieces of all files that have one, in the order in which they first came."""
        with self.catalogue.reading():
            files = map(file_of, sorted(self.catalogue.counted("files")))
            return [(file.path, file.piece) for file in files if file.piece is not None]

    def piece_at(self, path: str) -> int | None:
        """The piece of a file; None where there is none."""
        with self.catalogue.reading():
            for row in self.catalogue.rows("files", "WHERE path = ?", (os.fsencode(path),)):
                return file_of(row).piece
        return dict(self.of_files()).get(path)  # None, or what is damaged is named

    def nearest(
        self, channel: Channel, questions: NDArray[np.float32], *, count: int, among: NDArray[np.int64] | None
    ) -> Neighbours:
        """As `stores.library.Library.nearest` says."""

        def found(state: State) -> tuple[Mapped | None, Stretches, Engine | None]:
            mapped, rows = self._files.rows(channel, state), self._searched(channel, state, among)
            return mapped, rows, self._files.engine(channel, state) if rows.total >= INDEXED_FROM else None

        mapped, rows, engine = self._of_one_commit(found)
        if mapped is None:
            return _neighbours(None, Found.none(len(questions)).best(count))
        if engine is not None:
            try:
                return _neighbours(mapped, nearest_by_index(engine, mapped, questions, rows, count=count))
            except DamagedError as error:
                if error.path != engine.lists.path:
                    raise
                self._files.forget(channel, engine)
        return _neighbours(mapped, nearest_of_all(mapped, questions, rows, count=count))

    def _of_one_commit(self, work: Callable[[State], Answer]) -> Answer:
        """What `work` finds in the last commit. Files that were compacted away before they were opened are no fault:
        then there is a later commit."""
        tried = -1
        while True:
            with refusals_named(self.folder), self.catalogue.reading():
                state = self.catalogue.state()
                try:
                    return work(state)
                except FileNotFoundError as missing:
                    if tried == state.generation:
                        raise DamagedError(missing.filename, "it is missing") from None
                tried = state.generation

    def _searched(self, channel: Channel, state: State, among: NDArray[np.int64] | None) -> Stretches:
        """The rows that may be found."""
        if among is None:
            return live_rows(self.catalogue, channel, state)
        if len(among) <= AT_A_TIME:
            return Stretches.of([placed.rows.get(channel, NO_ROWS) for placed in self._placed(among.tolist()).values()])
        number, first, count = self._extents(channel)
        chosen = np.isin(number, among)
        return Stretches(first[chosen], count[chosen])

    def _extents(self, channel: Channel) -> NDArray[np.int64]:
        """Numbers of pieces that have rows in a channel, the first row of each and how many, as they lie; int64 (3,
        pieces). Kept until somebody commits."""
        commit = self.catalogue.commit_seen()
        if self._commit != commit:
            self._of_all.clear()
            self._commit = commit
        if channel not in self._of_all:
            placed = ((row[0], placed_of(row[2]).rows.get(channel, NO_ROWS)) for row in self.catalogue.rows("pieces"))
            extents = np.array([(number, *rows) for number, rows in placed if rows[1]], np.int64).reshape(-1, 3).T
            self._of_all[channel] = extents[:, np.argsort(extents[1])]
        return self._of_all[channel]

    def _placed(self, numbers: Sequence[int]) -> dict[int, Placed]:
        """Where some pieces lie; without those that are not there."""
        placed = {}
        for some in _parts(numbers):
            for number, _, place in self.catalogue.rows("pieces", f"WHERE number IN ({_marks(some)})", some):
                placed[number] = placed_of(place)
        return placed


def _read(
    number: int, placed: Placed | None, sections: tuple[str, ...], data: Data, mapped: Mapped | None
) -> Features | None:
    if placed is None:
        return None
    with of_piece(number):
        content = data.sections(placed.first, placed.sections, sections)
        rows = None if mapped is None else rows_again(mapped.stretch(*placed.rows[PASSAGES]))
    return unpacked("", content, rows)


def _parts(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for begin in range(0, len(numbers), AT_A_TIME):
        yield tuple(map(int, numbers[begin : begin + AT_A_TIME]))


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" for _ in values)


def _neighbours(mapped: Mapped | None, found: Found) -> Neighbours:
    """What was found, with what the rows say of themselves."""
    columns = {name: np.zeros(found.row.shape, np.int64) for name in ("track", "bar", "bars")}
    piece = np.full(found.row.shape, -1, np.int64)
    there = found.row >= 0
    if mapped is not None:
        records = mapped.at(found.row[there])
        piece[there] = records["piece"]
        for name, column in columns.items():
            column[there] = records[name]
    return Neighbours(similarity=found.similarity, piece=piece, **columns)
