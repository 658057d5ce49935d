"""What the composer is conditioned on: a piece window by window, the parts in the order in which they are written.

The chords come first, then the bass, the melody, and the drums; each part is conditioned on what the parts before it
have written in the same window. Time goes in windows: a bar of up to 4/4 is one, a longer bar several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, bar_windows, cell_windows, ranges
from symbolic_embed.bars.chords import NO_CHORD, chord_numbers
from symbolic_embed.bars.merging import merge
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.encodings.cell_rolls import PITCHES, Rolls, cell_rolls

WRITING_ORDER = ("chords", "bass", "melody", "drums")
ROLL = (WINDOW_STEPS, PITCHES)
Rows = NDArray[np.int64]  # notes of one window, (notes, 4): onset, pitch, length, flags


@dataclass(frozen=True, eq=False)
class HeardPiece:
    """Some windows of a piece, and one of silence before them, parts in the order in which they are written.

    cells: their notes, uint8 (parts, windows, 48, 128); steps, chords: int64 (windows,), the length of each and its
    chord; of_cells: float32 (parts, windows, dim), the embeddings of the cells; written: (writers, windows, dim), those
    of what the others have played before each writer does; of_bars: (windows, dim). numbers: int64 (windows,), which
    windows of the piece they are, -1 for the silence.
    """

    cells: Rolls
    steps: NDArray[np.int64]
    chords: NDArray[np.int64]
    of_cells: NDArray[np.float32]
    written: NDArray[np.float32]
    of_bars: NDArray[np.float32]
    numbers: NDArray[np.int64]


def writing_order(roles: Sequence[str]) -> list[int]:
    """The numbers of the parts in the order in which they are written."""
    return sorted(range(len(roles)), key=lambda part: (WRITING_ORDER.index(roles[part]), part))


def heard_piece(
    embedder: Embedder,
    barred: BarredScore,
    *,
    order: Sequence[int],
    windows: NDArray[np.int64],
    writers: int | None = None,
) -> HeardPiece:
    """Windows of a piece, by their numbers, in the order in which they are heard; parts in `order`, of which the first
    `writers` (None: all) write, after all the others, which are given."""
    writers = len(order) if writers is None else writers
    bars = bar_windows(barred)
    cells = _every_cell(barred, bars, order=order)
    cells = cells.where((np.arange(len(order))[:, None] * len(bars) + windows).ravel())
    bars = bars.where(windows)
    total = len(windows)
    of_cells = embedder.embed_windows(cells).reshape(len(order), total, embedder.settings.dim)
    written = np.zeros_like(of_cells[:writers])
    for turn in range(writers):
        others = [*range(turn), *range(writers, len(order))]
        if others:
            rows = (np.array(others)[:, None] * total + np.arange(total)).ravel()
            union = merge(cells.where(rows), groups=np.tile(np.arange(total), len(others)), steps=bars.steps)
            written[turn] = embedder.embed_windows(union)
    silent = silence(embedder)
    rolls = cell_rolls(cells).reshape(len(order), total, *ROLL)
    return HeardPiece(
        cells=np.concatenate([np.zeros((len(order), 1, *ROLL), np.uint8), rolls], axis=1),
        steps=np.append(WINDOW_STEPS, bars.steps),
        chords=np.append(NO_CHORD, chord_numbers(bars)),
        of_cells=_after(silent, of_cells),
        written=_after(np.zeros_like(silent), written),
        of_bars=_after(silent, embedder.embed_windows(bars)[None])[0],
        numbers=np.append(-1, windows),
    )


def cells_of_parts(barred: BarredScore, *, order: Sequence[int]) -> Rolls:
    """What each part of a piece plays in every window, parts in `order`; uint8 (parts, windows, 48, 128)."""
    bars = bar_windows(barred)
    return cell_rolls(_every_cell(barred, bars, order=order)).reshape(len(order), len(bars), *ROLL)


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
    if len(rows) < 2:
        return rows
    order = np.lexsort((-rows[:, 2], rows[:, 1], rows[:, 3], rows[:, 0]))
    rows = rows[order]
    is_double = (rows[1:, [0, 1, 3]] == rows[:-1, [0, 1, 3]]).all(axis=1)
    distinct: Rows = rows[np.append(True, ~is_double)]
    return distinct


def _every_cell(barred: BarredScore, bars: Windows, *, order: Sequence[int]) -> Windows:
    """The cell windows of parts at every window of the piece, silent ones too, parts in `order`."""
    cells = cell_windows(barred)
    cells = cells.where(np.isin(cells.track, order))
    first_window = np.flatnonzero(bars.part_of_bar == 0)
    turn_of = np.zeros(len(barred.roles), np.int64)
    turn_of[list(order)] = np.arange(len(order))
    turn = turn_of[cells.track]
    row = turn * len(bars) + first_window[cells.bar] + cells.part_of_bar
    return merge(cells, groups=row, steps=np.tile(bars.steps, len(order)))


def _after(first: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(parts, windows, dim) with a vector before all windows of each part."""
    start = np.broadcast_to(first, (len(vectors), 1, len(first)))
    return np.concatenate([start, vectors], axis=1)
