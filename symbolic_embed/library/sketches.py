"""Sketches: of all pieces of a library what is quickly compared, side by side in memory.

Reading a piece out of a library costs more than measuring it. So of each a sketch is kept: its passages of harmony, its
learnt passages and its bars, each as so many numbers (AXES) along the principal axes of the library's own, with what
lies beside these axes as one number more; its melody as it is; and means over the piece. What is estimated by them
(`estimating`) says which pieces are worth measuring, no more.

The axes are those of the first pieces that are sketched, and stay: of pieces that come later only their own sketches
are made. A piece never changes, and its number is never another's, so a sketch that is there is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.library.channels import harmony_mean, learnt_mean, of_length_one
from symbolic_embed.library.features import Features, Kind, known
from symbolic_embed.library.stores.library import Library
from symbolic_embed.similarity.learnt_passages import together
from symbolic_embed.similarity.melody import Melody

KINDS: frozenset[Kind] = frozenset({"bars", "harmony", "melody", "passages"})
SIZES = (8, 4, 2)  # bars of learnt passages
AXES: Mapping[str, int] = {"harmony": 64, "passages": 96, "bars": 48}
SORTS = ("harmony", "bars", *(f"passages {size}" for size in SIZES))
SAMPLED = 400  # pieces whose axes are taken
AT_A_TIME = 500  # pieces in memory


def axes_of(sort: str) -> str:
    """The name of the axes along which rows of a sort are kept."""
    return sort.split()[0]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one sort, piece by piece. vectors: float16 (rows, axes); beside: the square of what lies beside the axes,
    float16 (rows,); counts: int64 (pieces,)."""

    vectors: NDArray[np.float16]
    beside: NDArray[np.float16]
    counts: NDArray[np.int64]

    @cached_property
    def begins(self) -> NDArray[np.int64]:
        """The first row of each piece; int64 (pieces,)."""
        return ranges.offsets(self.counts)[:-1]

    @classmethod
    def joined(cls, several: Sequence[Rows]) -> Rows:
        """Those of some pieces after those of others."""
        return cls(
            np.concatenate([rows.vectors for rows in several]),
            np.concatenate([rows.beside for rows in several]),
            np.concatenate([rows.counts for rows in several]),
        )


@dataclass(frozen=True, eq=False)
class Sketches:
    """Of some pieces, by their numbers, int64 (pieces,): rows of each of SORTS, along axes, float32 (d, axes); lines:
    pitch and weight of the notes of their melodies, uint8 (2, notes), notes: how many, int64 (pieces,); harmony: what
    follows what in the mean, float32 (pieces, 144), of length one; learnt: the mean of what is learnt, float32
    (pieces, d); profiles: how the time of the melody is shared among pitches, float32 (pieces, 128); each 0 where there
    is none."""

    numbers: NDArray[np.int64]
    axes: Mapping[str, NDArray[np.float32]]
    rows: Mapping[str, Rows]
    lines: NDArray[np.uint8]
    notes: NDArray[np.int64]
    harmony: NDArray[np.float32]
    learnt: NDArray[np.float32]
    profiles: NDArray[np.float32]

    def notes_at(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Those of the melodies of some pieces, by their places, end to end; (2, notes)."""
        return self.lines[:, ranges.rows(ranges.offsets(self.notes)[places], self.notes[places])]

    def melodies(self, places: NDArray[np.int64]) -> list[Melody]:
        """The melodies of some pieces, by their places."""
        begins = ranges.offsets(self.notes)
        return [Melody(*self.lines[:, begins[place] : begins[place + 1]].astype(np.int64)) for place in places.tolist()]

    @classmethod
    def joined(cls, several: Sequence[Sketches]) -> Sketches:
        """Those of some pieces after those of others, along the same axes."""
        return cls(
            np.concatenate([some.numbers for some in several]),
            several[0].axes,
            {sort: Rows.joined([some.rows[sort] for some in several]) for sort in SORTS},
            np.concatenate([some.lines for some in several], axis=1),
            np.concatenate([some.notes for some in several]),
            np.concatenate([some.harmony for some in several]),
            np.concatenate([some.learnt for some in several]),
            np.concatenate([some.profiles for some in several]),
        )


def sketched(library: Library, numbers: Sequence[int], earlier: Sketches | None = None) -> Sketches:
    """Of pieces of a library, which are read, after `earlier` ones, whose axes are kept."""
    axes = earlier.axes if earlier else _axes(library, numbers)
    several = [earlier] if earlier else []
    for first in range(0, len(numbers), AT_A_TIME):
        some = numbers[first : first + AT_A_TIME]
        several.append(_of_pieces(some, list(library.read(some, KINDS)), axes))
    return Sketches.joined(several)


def points_of(piece: Features) -> dict[str, NDArray[np.float32]]:
    """The rows of a piece, sort by sort, of those that it has; float32 (rows, d)."""
    passages = together(known(piece.passages))
    points = {
        "harmony": known(piece.harmony),
        "bars": known(piece.bars).vectors,
        **{f"passages {size}": rows for size, rows in passages.items()},
    }
    return {sort: rows.reshape(len(rows), -1) for sort, rows in points.items() if sort in SORTS and len(rows)}


def along(points: NDArray[np.float32], axes: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points (..., d) along axes (d, axes), and the square of what lies beside them (...); of axes (0, axes), which
    nothing was known of when they were chosen, all lies beside."""
    vectors = points @ axes if len(axes) else np.zeros((*points.shape[:-1], axes.shape[1]), np.float32)
    return vectors, np.maximum((points * points).sum(axis=-1) - (vectors * vectors).sum(axis=-1), 0)


def _axes(library: Library, numbers: Sequence[int]) -> dict[str, NDArray[np.float32]]:
    """The principal axes of some pieces, of what turns with the key in all keys."""
    chosen = np.unique(np.linspace(0, len(numbers) - 1, SAMPLED).astype(int)).tolist() if numbers else []
    products: dict[str, NDArray[np.float64]] = {}
    for piece in library.read([numbers[place] for place in chosen], KINDS, together=True):
        for sort, points in points_of(piece).items():
            product = (points.T @ points).astype(np.float64)
            products[axes_of(sort)] = products.get(axes_of(sort), np.zeros_like(product)) + product
    axes = {name: _principal(products[name], AXES[name], turns=name != "bars") for name in products}
    return {name: axes.get(name, np.zeros((0, AXES[name]), np.float32)) for name in AXES}


def _principal(product: NDArray[np.float64], count: int, *, turns: bool) -> NDArray[np.float32]:
    if turns:  # (places, 12) twice: the mean over all keys
        parted = product.reshape(-1, 12, len(product) // 12, 12)
        product = np.mean([np.roll(parted, (key, key), axis=(1, 3)) for key in range(12)], axis=0).reshape(
            product.shape
        )
    _, vectors = np.linalg.eigh(product)
    return np.ascontiguousarray(vectors[:, ::-1][:, :count], np.float32)


def _of_pieces(numbers: Sequence[int], pieces: Sequence[Features], axes: Mapping[str, NDArray[np.float32]]) -> Sketches:
    points = [points_of(piece) for piece in pieces]
    lines = [known(piece.melody) for piece in pieces]
    return Sketches(
        np.array(numbers, np.int64),
        axes,
        {sort: _rows([of.get(sort) for of in points], axes[axes_of(sort)]) for sort in SORTS},
        np.concatenate([np.stack([line.pitch, line.weight]) for line in lines], axis=1).astype(np.uint8),
        np.array([len(line.pitch) for line in lines], np.int64),
        _one_each([of_length_one(harmony_mean(known(piece.harmony))) for piece in pieces]),
        _one_each([_with_rest(learnt_mean(known(piece.passages))) for piece in pieces]),
        np.stack([line.profile for line in lines]).astype(np.float32),
    )


def _rows(points: Sequence[NDArray[np.float32] | None], axes: NDArray[np.float32]) -> Rows:
    counts = np.array([0 if some is None else len(some) for some in points], np.int64)
    there = [some for some in points if some is not None]
    vectors, beside = along(np.concatenate(there or [np.zeros((0, len(axes)), np.float32)]), axes)
    return Rows(vectors.astype(np.float16), beside.astype(np.float16), counts)


def _with_rest(mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """A mean of vectors of length one, and what it is short of that."""
    return np.concatenate([mean, np.sqrt(np.maximum(1 - (mean * mean).sum(axis=1, keepdims=True), 0))], axis=1)


def _one_each(rows: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """A row for each piece, zeros where it has none."""
    table = np.zeros((len(rows), max(row.shape[1] for row in rows)), np.float32)
    for place, row in zip(table, rows, strict=True):
        if len(row):
            place[:] = row[0]
    return table
