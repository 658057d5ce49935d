"""What the composer is conditioned on: a piece window by window, the parts in the order in which they are written.

The chords come first, then the bass, the melody, and the drums; each part is conditioned on what the parts before it
have written in the same window. Time goes in windows: a bar of up to 4/4 is one, a longer bar several.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, bar_windows, cell_windows, ranges
from symbolic_embed.bars.merging import merge
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.networks.composer import Context

WRITING_ORDER = ("chords", "bass", "melody", "drums")
Rows = NDArray[np.int64]  # notes of one window, (notes, 4): onset, pitch, length, flags


class PieceContext(NamedTuple):
    """A whole piece as the composer is given it, (parts, windows, dim) each, and what the window after it is
    conditioned on: the embeddings of each part's last cell, float32 (parts, dim), and of the last bar, (dim,)."""

    context: Context
    last_cells: NDArray[np.float32]
    last_bar: NDArray[np.float32]


def writing_order(roles: Sequence[str]) -> list[int]:
    """The numbers of the parts in the order in which they are written."""
    return sorted(range(len(roles)), key=lambda part: (WRITING_ORDER.index(roles[part]), part))


def piece_context(embedder: Embedder, barred: BarredScore, *, order: Sequence[int]) -> PieceContext:
    """The context of every window of a piece, parts in `order`."""
    bars = bar_windows(barred)
    cells = _every_cell(barred, bars, order=order)
    total = len(bars)
    silent = silence(embedder)
    bar_vectors = embedder.embed_windows(bars)
    cell_vectors = embedder.embed_windows(cells).reshape(len(order), total, -1)
    written = np.zeros_like(cell_vectors)
    for turn in range(1, len(order)):
        earlier = cells.where(np.arange(turn * total))
        union = merge(earlier, groups=np.tile(np.arange(total), turn), steps=bars.steps)
        written[turn] = embedder.embed_windows(union)
    roles = torch.tensor([ROLES.index(barred.roles[part]) for part in order])
    context = Context(
        torch.from_numpy(_one_later(cell_vectors, silent)),
        torch.from_numpy(np.repeat(_one_later(bar_vectors[None], silent), len(order), axis=0)),
        torch.from_numpy(written),
        roles,
    )
    return PieceContext(context, cell_vectors[:, -1], bar_vectors[-1])


def silence(embedder: Embedder) -> NDArray[np.float32]:
    """The embedding of a whole window of silence, which is the context before a piece begins; (dim,)."""
    silent = windows_of([np.zeros((0, 4), np.int64)], steps=np.array([WINDOW_STEPS]))
    vector: NDArray[np.float32] = embedder.embed_windows(silent)[0]
    return vector


def windows_of(rows: Sequence[Rows], *, steps: NDArray[np.int64]) -> Windows:
    """Windows of lengths `steps` with the given notes, in any order within each."""
    onset, pitch, length, flags = np.concatenate([np.zeros((0, 4), np.int64), *rows]).T
    window = ranges.owners(np.array([len(of_window) for of_window in rows], np.int64))
    return Windows.of_notes(np.stack([window, onset, flags, pitch, length], axis=1), steps=steps, track=-1)


def without_doubles(rows: Rows) -> Rows:
    """Rows of a window in which no pitch begins twice at one step; the longest stays."""
    order = np.lexsort((-rows[:, 2], rows[:, 1], rows[:, 3], rows[:, 0]))
    rows = rows[order]
    is_double = (rows[1:, [0, 1, 3]] == rows[:-1, [0, 1, 3]]).all(axis=1)
    distinct: Rows = rows[np.append(True, ~is_double)[: len(rows)]]
    return distinct


def _every_cell(barred: BarredScore, bars: Windows, *, order: Sequence[int]) -> Windows:
    """The cell windows of every part at every window of the piece, silent ones too, parts in `order`."""
    cells = cell_windows(barred)
    first_window = np.flatnonzero(bars.part_of_bar == 0)
    turn = np.argsort(np.array(order))[cells.track]
    row = turn * len(bars) + first_window[cells.bar] + cells.part_of_bar
    return merge(cells, groups=row, steps=np.tile(bars.steps, len(order)))


def _one_later(vectors: NDArray[np.float32], first: NDArray[np.float32]) -> NDArray[np.float32]:
    """(parts, windows, dim) moved one window later, `first` at the beginning."""
    start = np.broadcast_to(first, (len(vectors), 1, len(first)))
    return np.concatenate([start, vectors[:, :-1]], axis=1)
