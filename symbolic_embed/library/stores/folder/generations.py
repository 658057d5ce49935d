"""The data files of a library as they are open: those of one generation, and, once there is a later one, of that."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from symbolic_embed.library.channels import Channel
from symbolic_embed.library.stores.folder.damage import DamagedError, mark
from symbolic_embed.library.stores.folder.data import FEATURES, INDEX, ROWS, Data, name_of
from symbolic_embed.library.stores.folder.engine import Engine
from symbolic_embed.library.stores.folder.lists import ListsFile
from symbolic_embed.library.stores.folder.records import Mapped
from symbolic_embed.library.stores.folder.tables import State

Stamp = tuple[int, ...]


@dataclass
class _Opened:
    """rows: of each channel, as many as were there when they were last asked; engines: of each channel, with the stamp
    of the file, None where it is damaged."""

    generation: int = -1
    features: Data | None = None
    rows: dict[str, Mapped] = field(default_factory=dict)
    engines: dict[str, tuple[Stamp, Engine | None]] = field(default_factory=dict)


class DataFiles:
    """The data files of a library, opened when they are needed. Raises FileNotFoundError where one is not there."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._opened = _Opened()

    def close(self) -> None:
        """Lets go of them; whoever still reads from one does so to its end."""
        self._opened = _Opened()

    def features(self, state: State) -> Data:
        """Those of a state."""
        opened = self._of_generation(state)
        if opened.features is None:
            opened.features = Data(self._path(*FEATURES, state))
        return opened.features

    def rows(self, channel: Channel, state: State) -> Mapped | None:
        """The committed rows of a channel; None where there are none yet."""
        opened, count = self._of_generation(state), state.rows.get(channel, 0)
        if not count:
            return None
        if channel not in opened.rows or opened.rows[channel].count != count:
            opened.rows[channel] = Mapped(self._path(channel, ROWS, state), count=count, dim=state.dims[channel])
        return opened.rows[channel]

    def engine(self, channel: Channel, state: State) -> Engine | None:
        """The index of a channel, the newest; None where there is none that can be used."""
        engines, path = self._of_generation(state).engines, self._path(channel, INDEX, state)
        try:
            stamp = _stamp(path)
            if channel not in engines or engines[channel][0] != stamp:
                engines[channel] = stamp, _opened_engine(path)
        except FileNotFoundError:
            return None
        engine = engines[channel][1]
        if engine is None or engine.lists.foot.count > state.rows[channel]:
            return None
        return engine

    def forget(self, channel: Channel, engine: Engine) -> None:
        """Asks an index no more that was found damaged."""
        stamp, _ = self._opened.engines[channel]
        self._opened.engines[channel] = stamp, None
        mark(self.folder, os.path.basename(engine.lists.path))

    def _path(self, what: str, ending: str, state: State) -> str:
        return os.path.join(self.folder, name_of(what, state.generation, ending))

    def _of_generation(self, state: State) -> _Opened:
        if self._opened.generation != state.generation:
            self._opened = _Opened(state.generation)
        return self._opened


def _opened_engine(path: str) -> Engine | None:
    try:
        return Engine(ListsFile(path))
    except DamagedError:
        mark(os.path.dirname(path), os.path.basename(path))
        return None


def _stamp(path: str) -> Stamp:
    """What tells one file from the next of its name."""
    status = os.stat(path)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
