"""From pieces to their features, in a stream: what the notes say by themselves at once (`unembedded`), embeddings
several pieces a batch (`embedding.batches`). However many pieces there are, memory holds a few pools of them.

    featured   pieces, or a store, to features: what every question begins with
    build      pieces into a store
    in_keys    windows embedded in some transpositions: the one place where music is embedded for the library
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import PassageCells, Passages
from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.library.features import Bars, Cells, Features, Needs, known
from symbolic_embed.library.stores import Store
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.store import require_checkpoint, require_kinds
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


@runtime_checkable
class Files(Protocol):
    """Files of which some were embedded before, as pieces."""

    def known(self, needs: Needs) -> Iterator[Features]:
        """All pieces, with what is known of them; at least what their notes say."""

    def keep(self, piece: Features) -> None:
        """A piece of these, of which all is known that was needed."""

    def noticing(self, noticed: Callable[[str, BarredScore], object]) -> Files:
        """The same files; somebody hears of each piece as it comes."""


Pieces = Iterable[tuple[str, BarredScore]] | Store | Files
Owner = TypeVar("Owner")
Rows = TypeVar("Rows", Bars | None, Cells | None)

_NONE = np.zeros(0, np.uint8)
NOTHING = Windows(_NONE, _NONE, _NONE, _NONE, np.zeros(1, np.int64), *np.zeros((4, 0), np.int64))


def featured(pieces: Pieces, embedder: Embedder, needs: Needs) -> Iterator[Features]:
    """The features of `pieces`, (path, score) or a store of them, in their order. Raises CheckpointError for a store of
    another checkpoint, SymbolicEmbedError for one that lacks a kind that is needed."""
    if isinstance(pieces, Files):
        return _kept(pieces, completed(pieces.known(needs), embedder, needs))
    if isinstance(pieces, Store):
        _require(pieces, embedder, needs)
        kept = pieces.each(needs.kinds, together=needs.together) if isinstance(pieces, Library) else pieces
        return completed(kept, embedder, needs)
    return completed((unembedded(path, barred, needs) for path, barred in pieces), embedder, needs)


def _kept(files: Files, pieces: Iterable[Features]) -> Iterator[Features]:
    for piece in pieces:
        files.keep(piece)
        yield piece


def count_of(pieces: object) -> int | None:
    """How many pieces there are, where that can be known beforehand."""
    return len(pieces) if isinstance(pieces, Sized) else None


def build(pieces: Pieces, embedder: Embedder, store: Store, *, together: bool = False) -> None:
    """Adds `pieces` to a store, with all that it holds of each; `together`: of passages only those of all parts
    together. Raises CheckpointError where the store belongs to another checkpoint."""
    require_checkpoint(store, embedder.embedding_hash)
    for piece in featured(pieces, embedder, Needs(store.kinds, together=together)):
        store.add(piece)


def completed(pieces: Iterable[Features], embedder: Embedder, needs: Needs) -> Iterator[Features]:
    """Each piece with all versions of its bars and cells that are needed, and without what is not."""

    def music() -> Iterator[tuple[Features, Windows | None, Sequence[int]]]:
        for piece in pieces:
            keys = TRANSPOSITIONS if needs.in_all_keys(piece) else TRANSPOSITIONS[:1]
            of_bars = keys[len(known(piece.bars).versions) :] if "bars" in needs.kinds else ()
            of_cells: Sequence[int] = ()
            if "cells" in needs.kinds:
                of_cells = keys[len(known(piece.cells).versions) :]
            elif "passages" in needs.kinds and piece.passages is None:
                of_cells = TRANSPOSITIONS[:1]
            yield piece, piece.bar_notes, of_bars
            yield piece, piece.cell_notes, of_cells

    versions = in_keys(embedder, music())
    for (piece, bars), (_, cells) in zip(versions, versions, strict=True):
        piece = replace(piece, bars=_more(piece.bars, bars), cells=_more(piece.cells, cells))
        if "passages" in needs.kinds and piece.passages is None:
            piece = replace(piece, passages=passages_of(known(piece.cells), embedder, parts=not needs.together))
        yield piece.only(needs.kinds)


def passages_of(cells: Cells, embedder: Embedder, *, parts: bool = True) -> Passages:
    """The passages of a piece, from its cells in its own key; without `parts` those of all together alone. Raises
    CheckpointError where the embedder's checkpoint has no passage encoder."""
    bars = int(cells.bar.max(initial=-1)) + 1
    played = PassageCells(cells.vectors, cells.track, cells.bar, cells.role, bars)
    return embedder.passage_model.passages(played, parts=parts)


def in_keys(
    embedder: Embedder, music: Iterable[tuple[Owner, Windows | None, Sequence[int]]]
) -> Iterator[tuple[Owner, NDArray[np.float32]]]:
    """For each (owner, windows, intervals) of `music`, in order: the owner, and the windows' rows embedded as they are
    when moved by each of the intervals, in semitones; float32 (intervals, rows, dim). The windows of a long bar are one
    row. Without intervals the windows may be None."""

    def moved() -> Iterator[tuple[tuple[Owner, NDArray[np.int64], int, bool], Windows]]:
        for owner, windows, intervals in music:
            versions = [_moved(known(windows), semitones) for semitones in intervals] or [NOTHING]
            first = np.flatnonzero(versions[0].part_of_bar == 0)
            for number, version in enumerate(versions, start=1):
                yield (owner, first, len(intervals), number == len(versions)), version

    versions: list[NDArray[np.float32]] = []
    for (owner, first, count, is_last), vectors in embed_each(embedder, moved()):
        versions.append(embedder.of_bars(vectors, first))
        if is_last:
            yield owner, np.stack(versions)[:count]
            versions = []


def _moved(windows: Windows, semitones: int) -> Windows:
    return windows.transposed(semitones) if semitones else windows


def _more(rows: Rows, versions: NDArray[np.float32]) -> Rows:
    """Bars or cells with further versions after those that they have."""
    if rows is None or not len(versions):
        return rows
    return replace(rows, versions=np.concatenate([rows.versions, versions]) if len(rows.versions) else versions)


def _require(store: Store, embedder: Embedder, needs: Needs) -> None:
    require_checkpoint(store, embedder.embedding_hash)
    if needs.silence:
        raise SymbolicEmbedError("the library holds no silent bars, which this needs; give the files themselves")
    require_kinds(store, needs.kinds)
