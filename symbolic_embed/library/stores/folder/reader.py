"""Reading from a library: places from the catalogue, as of its last commit, and contents from the data files.

Data files are compacted under the eyes of readers: others take their places, and the catalogue says which. A file stays
open for as long as somebody reads from it, so what was begun with the earlier ones ends with them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.channels import Channel
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.library.stores.folder.candidates import nearest_by_index
from symbolic_embed.library.stores.folder.catalogue import Catalogue, Placed, State, placed_of
from symbolic_embed.library.stores.folder.damage import DamagedError, mark, of_piece, refusals_named
from symbolic_embed.library.stores.folder.data import FEATURES, INDEX, ROWS, Data, name_of
from symbolic_embed.library.stores.folder.engine import Engine
from symbolic_embed.library.stores.folder.flat import Found, Stretches, nearest_of_all
from symbolic_embed.library.stores.folder.indexing import INDEXED_FROM
from symbolic_embed.library.stores.folder.lists import ListsFile
from symbolic_embed.library.stores.folder.records import Mapped, record, rows_again
from symbolic_embed.library.stores.folder.tidying import live_rows
from symbolic_embed.library.stores.folder.writer import file_of
from symbolic_embed.library.stores.library import Facts, Kept, Neighbours
from symbolic_embed.library.stores.packing import sections_of, unpacked

PASSAGES: Channel = "passages"
AT_A_TIME = 500  # places asked of the catalogue in one question

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Wanted:
    """What is to be read of pieces; together: of passages only what is compared of a whole piece."""

    kinds: frozenset[Kind]
    together: bool = False


@dataclass
class _Opened:
    """The data files of one generation, and of each channel as many rows as were there when they were last asked;
    engines: by the stamp of the file of an index, None where it is damaged."""

    generation: int
    features: Data | None = None
    rows: dict[str, Mapped] = field(default_factory=dict)
    engines: dict[tuple[int, ...], Engine | None] = field(default_factory=dict)


class Reader:
    """What is read of the data files of a library."""

    def __init__(self, folder: str, catalogue: Catalogue) -> None:
        self.folder, self.catalogue = folder, catalogue
        self._opened = _Opened(generation=-1)

    def close(self) -> None:
        """Lets go of the data files."""
        self._opened = _Opened(generation=-1)

    def pieces(self, numbers: Sequence[int], wanted: Wanted) -> list[Features | None]:
        """Some pieces, in order, with empty paths; None for those that are not there."""
        sections = sections_of(wanted.kinds, together=wanted.together)

        def found(state: State) -> tuple[dict[int, Placed], Data | None, Mapped | None]:
            placed = self._placed(numbers)
            with_rows = "parts" in sections and placed
            return placed, self._features(state) if placed else None, self._rows(PASSAGES, state) if with_rows else None

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

        def found(state: State) -> tuple[Mapped | None, Stretches, str]:
            index = self._path(channel, INDEX, state)
            return self._rows(channel, state), self._searched(channel, state, among), index

        mapped, rows, index = self._of_one_commit(found)
        if mapped is None:
            return _neighbours(None, Found.none(len(questions)).best(count))
        engine = self._engine(index, mapped) if rows.total >= INDEXED_FROM else None
        if engine is not None:
            try:
                return _neighbours(mapped, nearest_by_index(engine, mapped, questions, rows, count=count))
            except DamagedError as error:
                if error.path != index:
                    raise
                self._forget(engine)
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
        return Stretches.of([placed.rows[channel] for placed in self._placed(among.tolist()).values()])

    def _placed(self, numbers: Sequence[int]) -> dict[int, Placed]:
        """Where some pieces lie; without those that are not there."""
        placed = {}
        for some in _parts(numbers):
            for number, _, place in self.catalogue.rows("pieces", f"WHERE number IN ({_marks(some)})", some):
                placed[number] = placed_of(place)
        return placed

    def _features(self, state: State) -> Data:
        opened = self._of_generation(state)
        if opened.features is None:
            opened.features = Data(self._path(*FEATURES, state))
        return opened.features

    def _rows(self, channel: Channel, state: State) -> Mapped | None:
        """The committed rows of a channel; None where there are none yet."""
        opened, count = self._of_generation(state), state.rows.get(channel, 0)
        if channel not in opened.rows or opened.rows[channel].count != count:
            if not count:
                return None
            opened.rows[channel] = Mapped(self._path(channel, ROWS, state), count=count, dim=state.dims[channel])
        return opened.rows[channel]

    def _engine(self, path: str, mapped: Mapped) -> Engine | None:
        """The index of a channel, the newest; None where there is none that can be used."""
        engines = self._opened.engines
        try:
            stamp = _stamp(path)
            if stamp not in engines:
                engines.clear()
                engines[stamp] = Engine(ListsFile(path))
            engine = engines[stamp]
        except FileNotFoundError:
            return None
        except DamagedError:
            engines[stamp] = None
            mark(self.folder, os.path.basename(path))
            return None
        fits = engine is not None and engine.lists.foot.count <= mapped.count and engine.lists.foot.dim == mapped.dim
        return engine if fits else None

    def _forget(self, engine: Engine) -> None:
        """An index that was found damaged is asked no more."""
        for stamp, one in self._opened.engines.items():
            if one is engine:
                self._opened.engines[stamp] = None
        mark(self.folder, os.path.basename(engine.lists.path))

    def _path(self, what: str, ending: str, state: State) -> str:
        return os.path.join(self.folder, name_of(what, state.generation, ending))

    def _of_generation(self, state: State) -> _Opened:
        if self._opened.generation != state.generation:
            self._opened = _Opened(state.generation)
        return self._opened


def _stamp(path: str) -> tuple[int, ...]:
    """What tells one file from the next of its name."""
    status = os.stat(path)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


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
