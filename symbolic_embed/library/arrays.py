"""The embeddings of many pieces as arrays, to be worked with elsewhere.

    paths            str (pieces,)
    piece_embedding  float32 (pieces, dim): the mean of the piece's bars in which something sounds
    bar_embedding    float32 (bars, dim): every bar of every piece, the empty ones too
    bar_piece        int64 (bars,): which piece, from 0
    bar_number       int64 (bars,): which of its bars, from 1; a pick-up is bar 1
    precision        str (): float32 or bfloat16, of the matrix products that made the embeddings
    checkpoint       str (): the hash of the checkpoint that made them; of two checkpoints they cannot be compared
    format           int64 (): 2. An archive without it is from before embeddings of bars longer than 4/4 lay on the
                     sphere of radius sqrt(dim) as all others do: those, and their cells', are shorter there. Scaled to
                     that length they are what they would be now, but for the last digits; not the means of pieces

and of cells (what one part does in one bar), where asked for and something begins:

    cell_embedding   float32 (cells, dim), ordered by piece, part, bar
    cell_piece       int64 (cells,)
    cell_track       int64 (cells,): which part, from 0 among those with notes
    cell_bar         int64 (cells,), from 1

Rows of embeddings wait in files (`files.archives.Rows`), so that memory does not grow with the number of pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.files.archives import Rows
from symbolic_embed.library.building import Pieces, featured
from symbolic_embed.library.features import Bars, Needs, known

FORMAT = 2  # 1: said nothing of it, nor of the checkpoint
Level = Literal["bar", "cell"]


@contextmanager
def embedded(
    pieces: Pieces,
    *,
    embedder: Embedder,
    level: Level = "bar",
    folder: str | PathLike[str] | None = None,
) -> Iterator[dict[str, NDArray[Any] | Rows]]:
    """The arrays of `pieces`, (path, score), by name. They are there inside the `with` block only: those of bars and of
    cells are Rows that wait in `folder`, which `numpy.array` brings into memory."""
    needs = Needs.of("bars", "cells", silence=True) if level == "cell" else Needs.of("bars", silence=True)
    with ExitStack() as files:
        bar_rows, cell_rows = (files.enter_context(Rows(embedder.dim, folder=folder)) for _ in range(2))
        columns: dict[str, list[NDArray[np.int64]]] = {}
        paths: list[str] = []
        means: list[NDArray[np.float32]] = []

        def add(**values: NDArray[np.int64]) -> None:
            for name, column in values.items():
                columns.setdefault(name, []).append(column)

        for number, piece in enumerate(featured(pieces, embedder, needs)):
            bars = known(piece.bars)
            paths.append(piece.path)
            means.append(_mean_of_sounding(bars))
            bar_rows.append(bars.vectors)
            add(bar_piece=np.full(len(bars.number), number), bar_number=bars.number + 1)
            if level == "cell":
                cells = known(piece.cells)
                cell_rows.append(cells.vectors)
                add(cell_piece=np.full(len(cells.bar), number), cell_track=cells.track, cell_bar=cells.bar + 1)
        arrays: dict[str, NDArray[Any] | Rows] = {
            "paths": np.array(paths, np.str_),
            "piece_embedding": np.stack(means) if means else np.zeros((0, embedder.dim), np.float32),
            "bar_embedding": bar_rows,
            "bar_piece": _joined(columns, "bar_piece"),
            "bar_number": _joined(columns, "bar_number"),
            "precision": np.array(embedder.precision),
            "checkpoint": np.array(embedder.hash),
            "format": np.array(FORMAT),
        }
        if level == "cell":
            arrays["cell_embedding"] = cell_rows
            arrays |= {name: _joined(columns, name) for name in ("cell_piece", "cell_track", "cell_bar")}
        yield arrays


def _mean_of_sounding(bars: Bars) -> NDArray[np.float32]:
    """The mean of the bars in which something sounds; float32 (dim,)."""
    mean: NDArray[np.float64] = bars.vectors[bars.is_sounding].mean(axis=0, dtype=np.float64)
    return mean.astype(np.float32)


def _joined(columns: dict[str, list[NDArray[np.int64]]], name: str) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *columns.get(name, [])])
