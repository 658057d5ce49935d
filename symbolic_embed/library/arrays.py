"""The embeddings of many pieces as arrays, to be worked with elsewhere. In every archive:

    paths            str (pieces,)
    piece_embedding  float32 (pieces, dim): the mean of the piece's bars in which something sounds
    bar_embedding    float32 (bars, dim): every bar of every piece, the empty ones too
    bar_piece        int64 (bars,): which piece, from 0
    bar_number       int64 (bars,): which of its bars, from 1; a pick-up is bar 1
    precision        str (): float32 or bfloat16, of the matrix products that made the embeddings; or float16: made in
                     float32, and everything that is float32 on this page is kept in half precision
    checkpoint       str (): the hash of the checkpoint that made them; of two checkpoints they cannot be compared
    format           int64 (): 2. An archive without it is from before embeddings of bars longer than 4/4 lay on the
                     sphere of radius sqrt(dim) as all others do: those, and their cells', are shorter there. Scaled to
                     that length they are what they would be now, but for the last digits; not the means of pieces

At level cell also what one part does in one bar, where something begins:

    cell_embedding   float32 (cells, dim), ordered by piece, part, bar
    cell_piece       int64 (cells,)
    cell_track       int64 (cells,): which part, from 0 among those with notes
    cell_bar         int64 (cells,), from 1

And at level passage all that pieces and fragments are compared by: what the passage encoder makes of two, four and
eight bars, of each part and of all together (`embedding.passages`), passages of pitch classes (`similarity.harmony`),
and the melody (`similarity.melody`):

    passage_vector   float32 (passages, 12 * out), of length one, the same in every key; by piece, size, part, bar
    passage_turning  float32 (passages, 12 * out), of length one: 12 pitch classes, `out` numbers for each. Music that
                     is so many semitones higher has them moved on by as many pitch classes
    passage_piece    int64 (passages,)
    passage_track    int64 (passages,): which part; -1: all together
    passage_bar      int64 (passages,): the first of its bars, from 1
    passage_bars     int64 (passages,): how many they are, 2, 4 or 8
    harmony          float32 (harmonies, 16 * 12): how long each of 12 pitch classes sounds in each half of eight bars
    harmony_piece    int64 (harmonies,)
    harmony_bar      int64 (harmonies,): the first of the eight, from 1
    melody_pitch     int64 (notes,): MIDI pitches, a row a note, in their order
    melody_weight    int64 (notes,): what each counts, 6 for a quarter, growing as the square root of its length
    melody_piece     int64 (notes,)

Rows of numbers wait in files (`files.archives.Rows`), so that memory does not grow with the number of pieces.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.precision import chosen_precision
from symbolic_embed.files.archives import Npz, Rows
from symbolic_embed.library.building import featured
from symbolic_embed.library.features import Bars, Features, Kind, Needs, known
from symbolic_embed.similarity import harmony

FORMAT = 2  # 1: said nothing of it, nor of the checkpoint
Level = Literal["bar", "cell", "passage"]
Precision = Literal["float32", "bfloat16", "float16"]
KINDS: Mapping[Level, tuple[Kind, ...]] = {
    "bar": ("bars",),
    "cell": ("bars", "cells"),
    "passage": ("bars", "cells", "passages", "harmony", "melody"),
}
OF_ARCHIVES = ("paths", "precision", "checkpoint", "format")
OF_BARS = ("piece_embedding", "bar_embedding", "bar_piece", "bar_number")
OF_CELLS = ("cell_embedding", "cell_piece", "cell_track", "cell_bar")
OF_PASSAGES = ("passage_vector", "passage_turning", "passage_piece", "passage_track", "passage_bar", "passage_bars")
OF_HARMONY = ("harmony", "harmony_piece", "harmony_bar")
OF_MELODY = ("melody_pitch", "melody_weight", "melody_piece")
NAMES: Mapping[Level, tuple[str, ...]] = {
    "bar": OF_BARS,
    "cell": (*OF_BARS, *OF_CELLS),
    "passage": (*OF_BARS, *OF_CELLS, *OF_PASSAGES, *OF_HARMONY, *OF_MELODY),
}

Arrays = dict[str, NDArray[Any] | Rows]


@contextmanager
def embedded(
    pieces: Iterable[tuple[str, BarredScore]],
    *,
    embedder: Embedder,
    level: Level = "bar",
    precision: Precision | Literal["auto"] = "float32",
    folder: str | PathLike[str] | None = None,
    earlier: str | PathLike[str] | None = None,
) -> Iterator[Arrays]:
    """The arrays of `pieces`, (path, score), by name; after those of an `earlier` archive, which must be alike
    (`library.appending`). They are there inside the `with` block only: vectors are Rows that wait in `folder`, which
    `numpy.array` brings into memory. Raises CheckpointError where passages are asked of a model without them,
    InputError where the earlier archive is damaged."""
    said: Precision = chosen_precision("auto") if precision == "auto" else precision
    embedder = embedder.with_precision("float32" if said == "float16" else said)
    harmony_bars: deque[int] = deque()  # of the pieces on their way

    def noticed() -> Iterator[tuple[str, BarredScore]]:
        for path, barred in pieces:
            harmony_bars.append(harmony.first_bar(barred) if level == "passage" else 0)
            yield path, barred

    with ExitStack() as files:
        kept = np.float16 if said == "float16" else np.float32
        rows = {
            name: files.enter_context(Rows(dim, dtype=kept, folder=folder))
            for name, dim in _dims(embedder, level).items()
        }
        columns: dict[str, list[NDArray[Any]]] = {name: [] for name in NAMES[level] if name not in rows}
        paths: list[str] = []
        if earlier is not None:
            with Npz(earlier) as archive:
                paths = archive.array("paths").tolist()
                _take_over(archive, rows, columns)
        for piece in featured(noticed(), embedder, Needs.of(*KINDS[level], silence=True)):
            for name, values in _of_piece(piece, level, harmony_bar=harmony_bars.popleft()).items():
                if name in rows:
                    rows[name].append(values)
                else:
                    columns[name].append(values + len(paths) if name.endswith("_piece") else values)
            paths.append(piece.path)
        whole = {name: np.concatenate([np.zeros(0, np.int64), *parts]) for name, parts in columns.items()}
        of_pieces = {name: rows[name] if name in rows else whole[name] for name in NAMES[level]}
        yield {
            "paths": np.array(paths, np.str_),
            **{name: of_pieces.pop(name) for name in OF_BARS},
            "precision": np.array(said),
            "checkpoint": np.array(embedder.hash),
            "format": np.array(FORMAT),
            **of_pieces,
        }


def _take_over(archive: Npz, rows: Mapping[str, Rows], columns: Mapping[str, list[NDArray[Any]]]) -> None:
    for name, table in rows.items():
        for block in archive.rows(name, dim=table.dim):
            table.append(block)
    for name, parts in columns.items():
        parts.append(archive.array(name))


def _dims(embedder: Embedder, level: Level) -> dict[str, int]:
    """The arrays that have several numbers a row, and how many."""
    dims = {name: embedder.dim for name in NAMES[level] if name.endswith("_embedding")}
    if level == "passage":
        size = embedder.passage_model.encoder.size
        dims |= dict.fromkeys(("passage_vector", "passage_turning"), size.places * size.out)
        dims |= {"harmony": harmony.PASSAGE_BARS * harmony.PARTS_OF_BAR * 12}
    return dims


def _of_piece(piece: Features, level: Level, *, harmony_bar: int) -> dict[str, NDArray[Any]]:
    """The rows of a piece in each array, as if it were the first."""
    bars = known(piece.bars)
    found: dict[str, NDArray[Any]] = {"piece_embedding": _mean_of_sounding(bars)[None], "bar_embedding": bars.vectors}
    found |= {"bar_piece": np.zeros(len(bars.number), np.int64), "bar_number": bars.number + 1}
    if "cells" in KINDS[level]:
        cells = known(piece.cells)
        found |= {"cell_embedding": cells.vectors, "cell_piece": np.zeros_like(cells.bar)}
        found |= {"cell_track": cells.track, "cell_bar": cells.bar + 1}
    if level == "passage":
        passages, chords, line = known(piece.passages), known(piece.harmony), known(piece.melody)
        found |= {"passage_vector": passages.blind, "passage_turning": _flat(passages.turning)}
        found |= {"passage_piece": np.zeros_like(passages.bar), "passage_track": passages.track}
        found |= {"passage_bar": passages.bar + 1, "passage_bars": passages.bars}
        found |= {"harmony": _flat(chords), "harmony_piece": np.zeros(len(chords), np.int64)}
        found |= {"harmony_bar": np.arange(len(chords)) + harmony_bar + 1}
        found |= {"melody_pitch": line.pitch, "melody_weight": line.weight, "melody_piece": np.zeros_like(line.pitch)}
    return found


def _flat(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, a, b) as (n, a * b), also where n is 0."""
    return rows.reshape(len(rows), rows.shape[1] * rows.shape[2])


def _mean_of_sounding(bars: Bars) -> NDArray[np.float32]:
    """The mean of the bars in which something sounds; float32 (dim,)."""
    mean: NDArray[np.float64] = bars.vectors[bars.is_sounding].mean(axis=0, dtype=np.float64)
    return mean.astype(np.float32)
