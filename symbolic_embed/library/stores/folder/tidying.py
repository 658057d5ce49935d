"""What is done when all that was to be written is committed: dead pieces are compacted away, and indices made. None of
it is needed for what was written to last; what cannot be done now is done by who writes next.
"""

from __future__ import annotations

import os

from symbolic_embed.library.stores.folder.catalogue import Catalogue
from symbolic_embed.library.stores.folder.compacting import compact, is_worth_it
from symbolic_embed.library.stores.folder.damage import DamagedError, note
from symbolic_embed.library.stores.folder.data import INDEX, ROWS, name_of
from symbolic_embed.library.stores.folder.flat import Stretches
from symbolic_embed.library.stores.folder.indexing import improve_index
from symbolic_embed.library.stores.folder.records import Mapped
from symbolic_embed.library.stores.folder.tables import State


def tidy(folder: str, catalogue: Catalogue) -> None:
    """Compacts a library where that is worth it, and makes its indices; by who holds it, between commits."""
    try:
        if is_worth_it(catalogue, catalogue.state()):
            compact(folder, catalogue)
        state = catalogue.state()
        for channel in (channel for channel, count in state.rows.items() if count):
            _improve(folder, channel, state, live_rows(catalogue, channel, state))
    except DamagedError as error:
        catalogue.roll_back()
        note(folder, error)


def live_rows(catalogue: Catalogue, channel: str, state: State) -> Stretches:
    """The rows of a channel that are not dead."""
    dead = [(first, count) for what, first, count in catalogue.counted("dead") if what == channel]
    return Stretches.of(dead).without(state.rows.get(channel, 0))


def _improve(folder: str, channel: str, state: State, live: Stretches) -> None:
    rows, index = (os.path.join(folder, name_of(channel, state.generation, ending)) for ending in (ROWS, INDEX))
    improve_index(index, Mapped(rows, count=state.rows[channel], dim=state.dims[channel]), live)
