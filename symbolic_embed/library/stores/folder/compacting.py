"""Data files without what is dead. The live pieces are copied into files of the next generation; the catalogue's commit
makes these count, and only then the earlier ones go. Readers that have them open read on to their end; a kill leaves
one generation that counts, and files that who writes next takes away.
"""

from __future__ import annotations

import os
from contextlib import suppress

from symbolic_embed.library.stores.folder.catalogue import Catalogue
from symbolic_embed.library.stores.folder.damage import of_piece
from symbolic_embed.library.stores.folder.data import FEATURES, ROWS, Appended, Data, generation_of, name_of
from symbolic_embed.library.stores.folder.records import Mapped, record
from symbolic_embed.library.stores.folder.tables import Placed, State, placed_of, text_of

DEAD = 1 / 3  # of a data file, at most


def is_worth_it(catalogue: Catalogue, state: State) -> bool:
    """Whether more than DEAD of a data file is dead."""
    dead: dict[str, int] = {}
    for what, _, count in catalogue.counted("dead"):
        dead[what] = dead.get(what, 0) + count
    whole = {FEATURES[0]: state.features, **state.rows}
    return any(count > DEAD * whole.get(what, 0) for what, count in dead.items())


def compact(folder: str, catalogue: Catalogue) -> State:
    """Copies all live pieces, and commits; who holds the library calls it between commits. Raises DamagedError where
    a piece is not as it was written, and then has changed nothing."""
    state = catalogue.state()
    copying = _Copying(folder, state)
    try:
        pieces = sorted(catalogue.counted("pieces"), key=lambda row: placed_of(row[2]).first)
        for number, sha256, place in pieces:
            with of_piece(number):
                copied = copying.copied(placed_of(place))
            catalogue.remove("pieces", "WHERE number = ?", (number,))
            catalogue.add("pieces", (number, sha256, text_of(copied)))
        later = copying.finished()
        catalogue.remove("dead", "", ())
        catalogue.put_state(later)
        catalogue.commit()
    finally:
        copying.close()
    catalogue.begin()
    take_away_strays(folder, later)
    return later


def take_away_strays(folder: str, state: State) -> None:
    """Removes data files of other generations than the one that counts; what a reader holds open on Windows, the next
    time."""
    for name in os.listdir(folder):
        if generation_of(name) not in (None, state.generation):
            with suppress(OSError):
                os.remove(os.path.join(folder, name))


class _Copying:
    """The data files of two generations."""

    def __init__(self, folder: str, state: State) -> None:
        self.folder, self.state, self.generation = folder, state, state.generation + 1
        self._from = Data(self._path(*FEATURES, state.generation))
        self._to = Appended(self._path(*FEATURES, self.generation), end=0)
        self._rows_from: dict[str, Mapped] = {}
        self._rows_to: dict[str, Appended] = {}
        for channel, count in state.rows.items():
            mapped = Mapped(self._path(channel, ROWS, state.generation), count=count, dim=state.dims[channel])
            self._rows_from[channel] = mapped
            self._rows_to[channel] = Appended(self._path(channel, ROWS, self.generation), end=0)

    def copied(self, placed: Placed) -> Placed:
        """Where a piece lies among the new files."""
        sections = self._from.sections(placed.first, placed.sections, tuple(placed.sections))
        first = self._to.append(b"".join(sections.values()))
        rows: dict[str, tuple[int, int]] = {}
        for channel, (begin, count) in placed.rows.items():
            records = self._rows_from[channel].stretch(begin, count)
            place = self._rows_to[channel].append(records.tobytes())
            rows[channel] = (place // records.dtype.itemsize, count)
        return Placed(first, placed.sections, rows)

    def finished(self) -> State:
        """How far the new files are filled; all of it is on the disk."""
        rows = {}
        for channel, file in self._rows_to.items():
            file.sync()
            rows[channel] = file.end // record(self.state.dims[channel]).itemsize
        self._to.sync()
        return State(self.generation, self._to.end, rows, self.state.dims, self.state.header)

    def close(self) -> None:
        for file in (self._to, *self._rows_to.values()):
            file.close()

    def _path(self, what: str, ending: str, generation: int) -> str:
        return os.path.join(self.folder, name_of(what, generation, ending))
