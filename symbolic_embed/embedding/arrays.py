"""The embeddings of many pieces as arrays, to be worked with elsewhere.

    paths            str (pieces,)
    piece_embedding  float32 (pieces, dim): the mean of the piece's bars in which something sounds
    bar_embedding    float32 (bars, dim): every bar of every piece, the empty ones too
    bar_piece        int64 (bars,): which piece, from 0
    bar_number       int64 (bars,): which of its bars, from 1; a pick-up is bar 1
    precision        str (): float32 or bfloat16, of the matrix products that made the embeddings

and of cells (what one part does in one bar), where asked for and something begins:

    cell_embedding   float32 (cells, dim), ordered by piece, part, bar
    cell_piece       int64 (cells,)
    cell_track       int64 (cells,): which part, from 0 among those with notes
    cell_bar         int64 (cells,), from 1

Rows of embeddings wait in files (`files.archives.Rows`), so that memory does not grow with the number of pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows, bar_windows, cell_windows
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder, bar_means
from symbolic_embed.files.archives import Rows

Level = Literal["bar", "cell"]


@contextmanager
def embedded(
    pieces: Iterable[tuple[str, BarredScore]],
    *,
    embedder: Embedder,
    level: Level = "bar",
    folder: str | PathLike[str] | None = None,
) -> Iterator[dict[str, NDArray[Any] | Rows]]:
    """The arrays of `pieces` (path, score), by name. They are there inside the `with` block only: those of bars and of
    cells are Rows that wait in `folder`, which `numpy.array` brings into memory."""
    with ExitStack() as files:
        rows = {name: files.enter_context(Rows(embedder.dim, folder=folder)) for name in ("bar", "cell")}
        columns: dict[str, list[NDArray[np.int64]]] = {}
        paths: list[str] = []
        means: list[NDArray[np.float32]] = []
        for (path, windows, kind), vectors in embed_each(embedder, _windows(pieces, level)):
            first = np.flatnonzero(windows.part_of_bar == 0)
            vectors = bar_means(vectors, first)
            rows[kind].append(vectors)
            if kind == "bar":
                paths.append(path)
                means.append(_mean_of_sounding(vectors, windows))
            found = {
                "piece": np.full(len(first), len(paths) - 1),
                "track": windows.track[first],
                "bar": windows.bar[first] + 1,
            }
            for name, values in found.items():
                columns.setdefault(f"{kind}_{name}", []).append(values)
        arrays: dict[str, NDArray[Any] | Rows] = {
            "paths": np.array(paths, np.str_),
            "piece_embedding": np.stack(means) if means else np.zeros((0, embedder.dim), np.float32),
            "bar_embedding": rows["bar"],
            "bar_piece": _joined(columns, "bar_piece"),
            "bar_number": _joined(columns, "bar_bar"),
            "precision": np.array(embedder.precision),
        }
        if level == "cell":
            arrays["cell_embedding"] = rows["cell"]
            arrays |= {name: _joined(columns, name) for name in ("cell_piece", "cell_track", "cell_bar")}
        yield arrays


def _windows(
    pieces: Iterable[tuple[str, BarredScore]], level: Level
) -> Iterator[tuple[tuple[str, Windows, str], Windows]]:
    """All windows to be embedded, each piece's bars first."""
    for path, barred in pieces:
        windows = bar_windows(barred)
        yield (path, windows, "bar"), windows
        if level == "cell":
            windows = cell_windows(barred)
            yield (path, windows, "cell"), windows


def _mean_of_sounding(vectors: NDArray[np.float32], windows: Windows) -> NDArray[np.float32]:
    """The mean of the bars (bars, dim) in which something sounds; of all, where nothing does; float32 (dim,)."""
    sounding = np.bincount(windows.bar, np.diff(windows.offsets), minlength=len(vectors)) > 0
    mean: NDArray[np.float64] = vectors[sounding if sounding.any() else slice(None)].mean(axis=0, dtype=np.float64)
    return mean.astype(np.float32)


def _joined(columns: dict[str, list[NDArray[np.int64]]], name: str) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *columns.get(name, [])])
