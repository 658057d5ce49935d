"""A catalogue that can be written to: the one that is there, if it is as it was written; otherwise all of it that is.

Pieces that are damaged count as absent, and so do their files: `library build` finds them new. What is kept is written
into a new catalogue, which then takes the place of the old one; until that moment the old one is all there is.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace

from symbolic_embed.library.stores.folder.catalogue import Catalogue
from symbolic_embed.library.stores.folder.damage import DamagedError, marked, refusals_named, unmark
from symbolic_embed.library.stores.folder.data import FEATURES, INDEX, ROWS, SKETCHES, Data, generation_of, name_of
from symbolic_embed.library.stores.folder.flat import Stretches
from symbolic_embed.library.stores.folder.records import Mapped, record
from symbolic_embed.library.stores.folder.tables import NAME, TABLES, Placed, Row, State, placed_of

Tables = dict[str, list[Row]]


def mended(folder: str) -> Catalogue:
    """The catalogue of a library, by who holds its lock; mended where something is damaged."""
    if not is_sound(folder):
        _replace(folder, _kept(folder))
        for name in os.listdir(folder):
            if (name.endswith(f".{INDEX}") and generation_of(name) is not None) or name == SKETCHES:  # made again
                with suppress(OSError):
                    os.remove(os.path.join(folder, name))
        for name in marked(folder):
            unmark(folder, name)
    return Catalogue(folder, make=True)


def is_sound(folder: str) -> bool:
    """Whether nothing was noted as damaged, and the catalogue is as it was written."""
    if marked(folder):
        return False
    catalogue = Catalogue(folder)
    try:
        with catalogue.reading():
            catalogue.require_sound()
            for table in TABLES:
                catalogue.counted(table)
            return all(not size or _size(path) >= size for path, size in _sizes(folder, catalogue.state()).items())
    except DamagedError:
        return False
    finally:
        catalogue.close()


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.exists(path) else 0


def _sizes(folder: str, state: State) -> dict[str, int]:
    """How many bytes of each data file count."""
    sizes = {os.path.join(folder, name_of(FEATURES[0], state.generation, FEATURES[1])): state.features}
    for channel, count in state.rows.items():
        path = os.path.join(folder, name_of(channel, state.generation, ROWS))
        sizes[path] = count * record(state.dims[channel]).itemsize
    return sizes


def _kept(folder: str) -> Tables:
    """All that is as it was written: rows of the catalogue, of pieces whose data are so too."""
    tables: Tables = {table: [] for table in TABLES}
    last: dict[str, int] = {}
    catalogue = Catalogue(folder)
    with suppress(DamagedError), catalogue.reading():
        tables = {table: catalogue.salvaged(table) for table in TABLES}
        last = {table: catalogue.last_number(table) for table in ("files", "pieces")}
    catalogue.close()
    try:
        state = State.of(tables["state"])
    except DamagedError:
        generations = [generation_of(name) or 0 for name in os.listdir(folder)]
        state, tables["pieces"] = State(generation=max(generations) + 1), []
    said = {row[0]: row for row in tables["facts"]}
    contents = _Contents(folder, state)
    pieces = {row[0]: row for row in tables["pieces"] if row[0] in said and contents.are_sound(placed_of(row[2]))}
    state = _as_far_as(state, [placed_of(row[2]) for row in pieces.values()])
    return {
        "state": [(state.text,)],
        "files": [row for row in tables["files"] if row[-1] is None or row[-1] in pieces],
        "pieces": list(pieces.values()),
        "facts": [said[number] for number in pieces],
        "dead": _dead(state, [placed_of(row[2]) for row in pieces.values()]),
        "last": list(last.items()),
    }


class _Contents:
    """The data files, as far as they are there."""

    def __init__(self, folder: str, state: State) -> None:
        self._features: Data | None = None
        self._rows: dict[str, Mapped] = {}
        with suppress(FileNotFoundError):
            self._features = Data(os.path.join(folder, name_of(FEATURES[0], state.generation, FEATURES[1])))
        for channel, count in state.rows.items():
            path = os.path.join(folder, name_of(channel, state.generation, ROWS))
            with suppress(FileNotFoundError):
                whole = os.path.getsize(path) // record(state.dims[channel]).itemsize
                self._rows[channel] = Mapped(path, count=min(count, whole), dim=state.dims[channel])

    def are_sound(self, placed: Placed) -> bool:
        """Whether all of a piece is as it was written."""
        try:
            if self._features is None:
                return False
            self._features.sections(placed.first, placed.sections, tuple(placed.sections))
            for channel, (first, count) in placed.rows.items():
                if channel not in self._rows or first + count > self._rows[channel].count:
                    return False
                self._rows[channel].stretch(first, count)
        except DamagedError:
            return False
        return True


def _as_far_as(state: State, placed: list[Placed]) -> State:
    """A state with data files that end where the last piece does."""
    ends = {channel: max((sum(one.rows.get(channel, (0, 0))) for one in placed), default=0) for channel in state.rows}
    return replace(state, features=max((one.first + one.length for one in placed), default=0), rows=ends)


def _dead(state: State, placed: list[Placed]) -> list[Row]:
    """All that lies in no piece."""
    dead: list[Row] = []
    for what, total in {FEATURES[0]: state.features, **state.rows}.items():
        live = [(one.first, one.length) if what == FEATURES[0] else one.rows.get(what, (0, 0)) for one in placed]
        rest = Stretches.of(live).without(total)
        dead += [(what, *pair) for pair in zip(rest.first.tolist(), rest.count.tolist(), strict=True)]
    return dead


def _replace(folder: str, tables: Tables) -> None:
    """Puts a new catalogue in the place of the old one. The log of the old one goes first: SQLite would take it for the
    new one's."""
    path = os.path.join(folder, NAME)
    new = os.path.join(folder, f"new-{NAME}")
    with refusals_named(path):
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.remove(new + ending)
        catalogue = Catalogue(folder, name=os.path.basename(new), make=True)
        catalogue.begin()
        for table in TABLES:
            for row in tables[table]:
                catalogue.add(table, row)
        for table, number in tables["last"]:
            catalogue.put_last_number(table, number)
        catalogue.commit()
        catalogue.close()
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.remove(path + ending)
        os.replace(new, path)
