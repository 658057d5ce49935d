"""Features of pieces that are made up, all different and quickly made, and libraries in folders of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from symbolic_embed.embedding.passages import TOGETHER, Passages
from symbolic_embed.library.features import Bars, Features, Kind, known
from symbolic_embed.library.stores.folder import FolderLibrary, Header
from symbolic_embed.library.stores.library import File

KINDS: frozenset[Kind] = frozenset({"content", "bars", "passages"})
CHECKPOINT = "c" * 64
DIM = 24
ROWS = 12


@cache
def features_of(piece: int, *, rows: int = ROWS) -> Features:
    """A piece; vectors of passages that halves hold exactly."""
    random = np.random.default_rng(piece)
    vectors = random.standard_normal((rows, DIM))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
    number = np.arange(rows)
    bars = Bars(number, np.ones(rows, bool), random.standard_normal((1, rows, 8)).astype(np.float32))
    turning = random.standard_normal((rows, 12, 2)).astype(np.float32)
    passages = Passages(np.full(rows, TOGETHER), number, np.full(rows, 4), turning, vectors)
    return Features("", content=f"{piece:064}", bars=bars, passages=passages)


def with_path(piece: int) -> Features:
    """As it comes back from a library."""
    return replace(features_of(piece), path=str(piece))


def vectors_of(piece: int, **options: int) -> np.ndarray:
    return known(features_of(piece, **options).passages).blind


def add(library: FolderLibrary, pieces: Iterable[int], **options: int) -> None:
    """Adds pieces, each of one file of its number."""
    with library.writing() as writer:
        for piece in pieces:
            put(writer, piece, **options)


def put(writer, piece: int, **options: int) -> int:
    number = writer.add_piece(f"{piece:064}", features_of(piece, **options), {"number": [piece]})
    writer.put_file(File(str(piece), size=1, changed_ns=1, sha256=f"{piece:064}", piece=number))
    return number


def made(folder: Path, pieces: Iterable[int] = (), **options: int) -> FolderLibrary:
    """A library of some pieces."""
    library = FolderLibrary.made(str(folder), Header(CHECKPOINT, KINDS))
    add(library, pieces, **options)
    return library


def there(library: FolderLibrary) -> set[int]:
    return {int(file.path) for file in library.files()}


def data_file(library: FolderLibrary, ending: str) -> Path:
    """The data file of an ending, of features or of passages."""
    (path,) = Path(library.folder).glob(f"[fp]*.{ending}")
    return path
