"""What an ensemble knows before it writes: nothing but silence, or a piece that its parts have played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, bar_windows
from symbolic_embed.composing.context import ROLL, HeardPiece, heard_piece, silence
from symbolic_embed.composing.memory import REMEMBERED, Memory, PlayedWindow
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings.patterns import PLACES
from symbolic_embed.encodings.patterns.past import NOWHERE
from symbolic_embed.networks.composer import ComposerState, Context


class Hearing(NamedTuple):
    """Which windows of a piece are heard, by their numbers in the order in which they are, int64 (windows,), and the
    number of the one that comes then."""

    windows: NDArray[np.int64]
    coming: int

    @classmethod
    def of_end(cls, barred: BarredScore) -> Hearing:
        """The last windows of a piece, as many as are remembered, but for the silence before them."""
        total = len(bar_windows(barred))
        return cls(np.arange(max(total - REMEMBERED + 1, 0), total), total)


def heard_by_parts(
    trained: TrainedComposer,
    barred: BarredScore,
    *,
    order: Sequence[int],
    hearing: Hearing,
    writers: int | None = None,
) -> tuple[Memory, ComposerState]:
    """The memory of windows of a piece whose parts, the first `writers` of `order` (all, where nothing is said), go on
    after them, in one variation; and the composer's state of these parts."""
    writers = len(order) if writers is None else writers
    heard = heard_piece(trained.embedder, barred, order=order, windows=hearing.windows, writers=writers)
    roles = np.array([ROLES.index(barred.roles[part]) for part in order])
    memory = Memory(trained, roles, writers=writers, variations=1)
    places = _places(hearing)
    for window, number in enumerate(heard.numbers.tolist()):
        memory.remember(_played(heard, window, writers=writers), number=number, next_place=int(places[window + 1]))
    state = trained.composer.initial_state(writers)
    if len(hearing.windows):
        _, state = trained.composer.advance(_context(heard, memory, roles=roles[:writers], places=places[1:-1]), state)
    return memory, state


def silent_window(memory: Memory) -> PlayedWindow:
    """The silence before a piece."""
    variations, writers = memory.variations, memory.writers
    silent = torch.from_numpy(silence(memory.trained.embedder))
    nothing = np.zeros((variations, len(memory.roles), *ROLL), np.uint8)
    vectors = (silent.repeat(variations, 1), silent.repeat(writers, variations, 1))
    return PlayedWindow(nothing, WINDOW_STEPS, np.zeros(variations, np.int64), *vectors)


def _places(hearing: Hearing) -> NDArray[np.int64]:
    """The place of the silence, of each window that was heard, and of the one that comes next: its number in the piece,
    that of the silence the one before; int64 (windows + 2,)."""
    places = np.append(hearing.windows, hearing.coming)
    return np.append(places[0] - 1, places)


def _played(heard: HeardPiece, window: int, *, writers: int) -> PlayedWindow:
    """A window of a piece that was heard, as the memory of one variation keeps it."""
    return PlayedWindow(
        heard.cells[None, :, window],
        int(heard.steps[window]),
        heard.chords[[window]],
        torch.from_numpy(heard.of_bars[[window]]),
        torch.from_numpy(heard.of_cells[:writers, [window]]),
    )


def _context(heard: HeardPiece, memory: Memory, *, roles: NDArray[np.int64], places: NDArray[np.int64]) -> Context:
    """What the composer is conditioned on in every window of a piece that was heard, but the silence before it, in the
    parts of `roles`."""
    parts, windows = len(roles), len(heard.steps)
    of_cells, written = heard.of_cells[:parts], heard.written
    sources = memory.past.sources[0, 1:windows]
    nowhere = (sources == NOWHERE)[:, None]
    at_source, bar_at_source = (np.where(nowhere, 0.0, rows[..., sources, :]) for rows in (of_cells, heard.of_bars))
    bars = np.stack([heard.of_bars[:-1], bar_at_source.astype(np.float32)])[:, None].repeat(parts, axis=1)
    numbers = np.stack([heard.chords[1:], places % PLACES])[:, None].repeat(parts, axis=1)
    vectors = (of_cells[:, :-1], bars[0], written[:, 1:], at_source.astype(np.float32), bars[1])
    return Context(*(torch.from_numpy(np.ascontiguousarray(rows)) for rows in (*vectors, *numbers, roles)))
