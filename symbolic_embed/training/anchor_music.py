"""What an anchor learns from: stretches of pieces, every window of which is embedded once and for all.

The embedder is finished, so a window has one embedding for the whole run, and training needs no encoder. A *stretch* is
some parts of a piece and its whole bars over some windows in a row. Pieces are drawn as for the composer
(`corpus.passages`); half of the stretches are transposed, each by an interval of its own. Windows that hold the same
notes share one row of the embeddings, which lie in half precision: a million take half a gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.passages import Passages, PassageSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.tables import WindowTable
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.units import BATCH
from symbolic_embed.training.augmenting import TRANSPOSITIONS

PIECES_AT_ONCE = 200
WINDOWS_AT_ONCE = 32 * BATCH
MOST_PARTS = 8  # of one stretch; of an orchestra some are drawn
TRANSPOSED = 0.5

Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True, eq=False)
class Stretches:
    """Embedded stretches of equally many windows, `steps`.

    cell_vectors, bar_vectors: float16 (distinct windows + 1, dim); the last row is 0 and stands for nothing.
    cells: int64 (parts, steps), rows of cell_vectors, -1 (which is the last row) where the part rests. role, stretch:
    int64 (parts,); parts of one stretch are neighbours. bars: int64 (stretches, steps), rows of bar_vectors, -1 where
    the piece has not begun or is over; begins: bool (stretches, steps), whether a note begins in that bar. cluster:
    int64 (stretches,), equal for a piece and its near-duplicates; style: int64 (stretches,), equal for stretches of one
    set and metre.
    """

    cell_vectors: NDArray[np.float16]
    bar_vectors: NDArray[np.float16]
    cells: NDArray[np.int64]
    role: NDArray[np.int64]
    stretch: NDArray[np.int64]
    bars: NDArray[np.int64]
    begins: NDArray[np.bool_]
    cluster: NDArray[np.int64]
    style: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bars)


def embedded_stretches(
    corpus: PreparedCorpus,
    embedder: Embedder,
    *,
    count: int,
    steps: int,
    random: np.random.Generator,
    progress: Progress = lambda work, *_: work,
) -> Stretches:
    """`count` stretches of `steps` windows of the train split. `progress` wraps an iteration whose length and name it
    is given. Raises CorpusError where no piece has two bars."""
    drawn = _drawn(PassageSampler(corpus, split="train"), count=count, steps=steps, random=random)
    cells = np.where(corpus.cells.onsets[drawn.cells] > 0, drawn.cells, -1)
    cells[drawn.cells < 0] = -1
    semitones = np.where(random.random(count) < TRANSPOSED, random.choice(TRANSPOSITIONS, count), 0)

    def embedded(table: WindowTable, windows: NDArray[np.int64], shift: NDArray[np.int64]) -> _Embedded:
        return _embedded(embedder, table, windows, np.repeat(shift, steps).reshape(windows.shape), progress)

    cell_vectors, cell_rows = embedded(corpus.cells, cells, semitones[drawn.piece])
    bar_vectors, bar_rows = embedded(corpus.bars, drawn.bars, semitones)
    of_stretch = corpus.bars.piece[drawn.bars.max(axis=1)]
    sets = np.unique([piece.set_name for piece in corpus.pieces], return_inverse=True)[1]
    clusters = np.unique([piece.cluster for piece in corpus.pieces], return_inverse=True)[1]
    return Stretches(
        cell_vectors=cell_vectors,
        bar_vectors=bar_vectors,
        cells=cell_rows,
        role=drawn.role,
        stretch=drawn.piece,
        bars=bar_rows,
        begins=(drawn.bars >= 0) & (corpus.bars.onsets[drawn.bars] > 0),
        cluster=clusters[of_stretch],
        style=sets[of_stretch] * 256 + drawn.length[:, steps // 2],
    )


def _drawn(sampler: PassageSampler, *, count: int, steps: int, random: np.random.Generator) -> Passages:
    """`count` passages of `steps` windows, counted through."""
    sizes = [min(PIECES_AT_ONCE, count - start) for start in range(0, count, PIECES_AT_ONCE)]
    blocks = [sampler.draw(pieces=size, parts=MOST_PARTS, steps=steps - 1, random=random) for size in sizes]
    return Passages(
        piece=np.concatenate([block.piece + PIECES_AT_ONCE * number for number, block in enumerate(blocks)]),
        role=np.concatenate([block.role for block in blocks]),
        cells=np.concatenate([block.cells for block in blocks]),
        bars=np.concatenate([block.bars for block in blocks]),
        length=np.concatenate([block.length for block in blocks]),
    )


_Embedded = tuple[NDArray[np.float16], NDArray[np.int64]]


def _embedded(
    embedder: Embedder,
    table: WindowTable,
    windows: NDArray[np.int64],
    semitones: NDArray[np.int64],
    progress: Progress,
) -> _Embedded:
    """The embeddings of the distinct ones of `windows` (rows, steps), each transposed by its `semitones`, a row of 0
    after them, and for each window its row, -1 where there is none (-1)."""
    there = windows >= 0
    numbers, shift = windows[there], semitones[there]
    blocks = [slice(start, start + WINDOWS_AT_ONCE) for start in range(0, len(numbers), WINDOWS_AT_ONCE)]
    read = (table.windows(numbers[block]).transposed(shift[block]).content_hashes() for block in blocks)
    hashes = np.concatenate([np.zeros(0, np.uint64), *read])
    _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    vectors = np.zeros((len(first) + 1, embedder.dim), np.float16)
    starts = range(0, len(first), WINDOWS_AT_ONCE)
    for start in progress(starts, len(starts), "embedding"):
        some = first[start : start + WINDOWS_AT_ONCE]
        distinct = table.windows(numbers[some]).transposed(shift[some])
        vectors[start : start + len(some)] = embedder.embed_windows(distinct)
    rows = np.full(windows.shape, -1)
    rows[there] = inverse
    return vectors, rows
