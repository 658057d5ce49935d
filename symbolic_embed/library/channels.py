"""Channels: the vectors by which music is looked for among more pieces than can be compared one by one.

    passages   what is learnt of two, four and eight bars, the same in every key (`embedding.passages`): of all parts
               together, and of each part
    harmony    the pitch classes of eight bars (`similarity.harmony`), two bars at a time; asked for in twelve keys
    melody     which steps and leaps follow each other in thirty-two notes of the melody; the same in every key

A library keeps the rows of every channel and answers which are nearest to a question (`stores.library`). What is found
so is a candidate, no more: `rank` and `find` measure it as they measure files.

A new channel is a name, a row of DIMS, and a line in `rows_of`. All vectors are of length one, so that the nearest has
the largest inner product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.hashing import mixed
from symbolic_embed.embedding.passage_arrays import TOGETHER
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.similarity.harmony import PASSAGE_BARS
from symbolic_embed.similarity.melody import Melody

Channel = Literal["passages", "harmony", "melody"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
DIMS: Mapping[Channel, int] = {"passages": 192, "harmony": 48, "melody": 256}
KINDS_SEARCHED: frozenset[Kind] = frozenset({"passages", "harmony", "melody"})  # what `rows_of` is made of

STRETCHES = 4  # of a passage of harmony
NOTES, APART = 32, 16  # of a stretch of melody, and from one to the next
IN_A_ROW = (2, 3, 4)  # intervals that are looked at together
WIDEST = 12  # interval that is told from wider ones


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a piece in one channel. track: `embedding.passages.TOGETHER` or a number from 0; bar, bars: the
    first, from 0, and how many (of melody: the first stretch, and one); int64 (rows,). vectors: float32 (rows, dim), of
    length one."""

    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    bars: NDArray[np.int64]
    vectors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.track)


def rows_of(piece: Features) -> Mapping[Channel, Rows]:
    """The rows of a piece, channel by channel, of those of KINDS_SEARCHED that are known of it."""
    rows: dict[Channel, Rows] = {}
    if piece.passages is not None:
        passages = piece.passages
        rows["passages"] = Rows(passages.track, passages.bar, passages.bars, passages.blind)
    if piece.harmony is not None:
        rows["harmony"] = _rows(harmony_vectors(piece.harmony), bars=PASSAGE_BARS)
    if piece.melody is not None:
        rows["melody"] = _rows(melody_vectors(piece.melody), bars=1)
    return rows


def harmony_vectors(passages: NDArray[np.float32]) -> NDArray[np.float32]:
    """Passages of harmony (passages, parts of bars, 12), coarsely: float32 (passages, STRETCHES * 12). Rolling the
    twelve pitch classes of each stretch transposes them."""
    coarse = passages.reshape(len(passages), STRETCHES, passages.shape[1] // STRETCHES, 12).sum(axis=2)
    return _of_length_one(coarse.reshape(len(passages), STRETCHES * 12))


def melody_vectors(line: Melody) -> NDArray[np.float32]:
    """A melody as stretches of NOTES notes, of each how often which intervals follow each other, as square roots, at
    places that are drawn by their hash; float32 (stretches, dim)."""
    dim = DIMS["melody"]
    steps = (np.clip(np.diff(line.pitch), -WIDEST, WIDEST) + WIDEST).astype(np.uint64)
    if len(steps) < IN_A_ROW[0]:
        return np.zeros((0, dim), np.float32)
    first = np.arange(0, max(len(steps) - NOTES + APART, 1), APART)
    counts = np.zeros((len(first), dim), np.float32)
    for length in (length for length in IN_A_ROW if length <= len(steps)):
        place = _hashed(np.lib.stride_tricks.sliding_window_view(steps, length)) % np.uint64(dim)
        for stretch, begin in enumerate(first):
            np.add.at(counts[stretch], place[begin : begin + NOTES - length].astype(np.int64), length)
    return _of_length_one(np.sqrt(counts))


def _hashed(sequences: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each of some sequences (n, length), as if drawn at random."""
    hashes = np.full(len(sequences), sequences.shape[1], np.uint64)
    for column in sequences.T:
        hashes = mixed(hashes ^ column)
    return hashes


def _rows(vectors: NDArray[np.float32], *, bars: int) -> Rows:
    """Vectors of all parts together, each that comes again once."""
    _, first = np.unique(vectors, axis=0, return_index=True)
    bar = np.sort(first).astype(np.int64)
    return Rows(np.full(len(bar), TOGETHER), bar, np.full(len(bar), bars), vectors[bar])


def _of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled
