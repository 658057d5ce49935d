"""What an ensemble knows before it writes: nothing but silence, or a piece that its parts have played."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore
from symbolic_embed.composing.context import ROLL, HeardPiece, heard_piece, silence
from symbolic_embed.composing.memory import REMEMBERED, Memory, PlayedWindow
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings.patterns import PLACES
from symbolic_embed.encodings.patterns.past import NOWHERE
from symbolic_embed.networks.composer import ComposerState, Context


def heard_by_parts(
    trained: TrainedComposer, barred: BarredScore, *, order: Sequence[int]
) -> tuple[Memory, ComposerState]:
    """The memory of a piece whose parts, in `order`, go on after it, in one variation, and the composer's state of all
    of them."""
    heard = heard_piece(trained.embedder, barred, order=order, most=REMEMBERED - 1)
    roles = np.array([ROLES.index(barred.roles[part]) for part in order])
    memory = Memory(trained, roles, writers=len(order), variations=1)
    memory.heard = heard.first - 1
    for window in range(len(heard.steps)):
        memory.remember(_played(heard, window))
    _, state = trained.composer.advance(_context(heard, memory, roles), trained.composer.initial_state(len(order)))
    return memory, state


def silent_window(memory: Memory) -> PlayedWindow:
    """The silence before a piece."""
    variations, writers = memory.variations, memory.writers
    silent = torch.from_numpy(silence(memory.trained.embedder))
    nothing = np.zeros((variations, len(memory.roles), *ROLL), np.uint8)
    vectors = (silent.repeat(variations, 1), silent.repeat(writers, variations, 1))
    return PlayedWindow(nothing, WINDOW_STEPS, np.zeros(variations, np.int64), *vectors)


def _played(heard: HeardPiece, window: int) -> PlayedWindow:
    """A window of a piece that was heard, as the memory of one variation keeps it."""
    return PlayedWindow(
        heard.cells[None, :, window],
        int(heard.steps[window]),
        heard.chords[[window]],
        torch.from_numpy(heard.of_bars[[window]]),
        torch.from_numpy(heard.of_cells[:, [window]]),
    )


def _context(heard: HeardPiece, memory: Memory, roles: NDArray[np.int64]) -> Context:
    """What the composer is conditioned on in every window of a piece that was heard, but the silence before it."""
    parts, windows = heard.of_cells.shape[:2]
    sources = memory.past.sources[0, 1:windows]
    nowhere = (sources == NOWHERE)[:, None]
    of_cells, of_bars = (np.where(nowhere, 0.0, rows[..., sources, :]) for rows in (heard.of_cells, heard.of_bars))
    bars = np.stack([heard.of_bars[:-1], of_bars.astype(np.float32)])[:, None].repeat(parts, axis=1)
    places = (heard.first + np.arange(windows - 1)) % PLACES
    numbers = np.stack([heard.chords[1:], places])[:, None].repeat(
        parts, axis=1
    )
    vectors = (heard.of_cells[:, :-1], bars[0], heard.written[:, 1:], of_cells.astype(np.float32), bars[1])
    return Context(*(torch.from_numpy(np.ascontiguousarray(rows)) for rows in (*vectors, *numbers, roles)))


def state_of_part(state: ComposerState, part: int, *, copies: int) -> ComposerState:
    """The state of one part, as often as there are variations."""
    assert state.lstm is not None, "a piece has a window at least"
    hidden, cell = (of_all[:, part : part + 1].repeat(1, copies, 1) for of_all in state.lstm)
    keys, values = (of_all[part].repeat(copies, 1, 1) for of_all in (state.keys, state.values))
    return ComposerState((hidden, cell), keys, values)
