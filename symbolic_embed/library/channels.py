"""Channels: the vectors by which music is looked for among more pieces than can be compared one by one.

    passages   what is learnt of two, four and eight bars, the same in every key (`embedding.passages`): of all parts
               together, and of each part
    learnt     the mean of what is learnt of the longest passages of all parts together: a row a piece
    harmony    which pitch classes follow which, half a bar later, in the mean over a piece: a row a piece, asked for in
               twelve keys
    melody     which steps and leaps follow each other in thirty-two notes of the melody; the same in every key

A library keeps the rows of every channel and answers which are nearest to a question (`stores.library`). What is found
so is a candidate, no more: `rank` and `find` measure it as they measure files.

A new channel is a name, a row of DIMS, and a line in `rows_of`. All vectors are of length one, so that the nearest has
the largest inner product; a mean is shorter, which says how much a piece differs within itself, and is brought to
length one by a number more, which is 0 in questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.hashing import mixed
from symbolic_embed.embedding.passage_arrays import TOGETHER, Passages
from symbolic_embed.library.features import Features, Kind
from symbolic_embed.similarity.melody import Melody

Channel = Literal["passages", "learnt", "harmony", "melody"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
DIMS: Mapping[Channel, int] = {"passages": 192, "learnt": 193, "harmony": 145, "melody": 256}
KINDS_SEARCHED: frozenset[Kind] = frozenset({"passages", "harmony", "melody"})  # what `rows_of` is made of

NOTES, APART = 32, 16  # of a stretch of melody, and from one to the next
IN_A_ROW = (2, 3, 4)  # intervals that are looked at together
WIDEST = 12  # interval that is told from wider ones


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a piece in one channel. track: `embedding.passages.TOGETHER` or a number from 0; bar, bars: the
    first, from 0, and how many (0 and 1 of a whole piece; of a melody its stretch, and 1); int64 (rows,). vectors:
    float32 (rows, dim), of length one."""

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
        rows["learnt"] = _of_whole(learnt_mean(passages))
    if piece.harmony is not None:
        rows["harmony"] = _of_whole(harmony_mean(piece.harmony))
    if piece.melody is not None:
        rows["melody"] = _rows(melody_vectors(piece.melody))
    return rows


def learnt_mean(passages: Passages) -> NDArray[np.float32]:
    """The mean of the vectors, blind to key, of the longest passages of all parts together; float32 (1, d), or (0, d)
    where there are none."""
    whole = passages.track == TOGETHER
    longest = passages.blind[whole & (passages.bars == passages.bars[whole].max(initial=0))]
    return _mean(longest)


def harmony_mean(passages: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of passages of harmony (passages, parts of bars, 12), the mean of the products of each pitch class with each
    others half a bar later; float32 (1, 144), or (0, 144) where there are none. Rolling both transposes it."""
    now, then = passages[:, :-1].reshape(-1, 12), passages[:, 1:].reshape(-1, 12)
    products = (now.T @ then / np.float32(max(len(now), 1))).reshape(1, 144)
    return products if products.any() else products[:0]


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
    return of_length_one(np.sqrt(counts))


def _hashed(sequences: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each of some sequences (n, length), as if drawn at random."""
    hashes = np.full(len(sequences), sequences.shape[1], np.uint64)
    for column in sequences.T:
        hashes = mixed(hashes ^ column)
    return hashes


def _mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors.mean(axis=0, keepdims=True) if len(vectors) else vectors


def _of_whole(mean: NDArray[np.float32]) -> Rows:
    """A mean as the row of a piece, or none."""
    short = np.sqrt(np.maximum(1 - (mean * mean).sum(axis=1, keepdims=True), 0))
    return _rows(np.concatenate([mean, short], axis=1))


def _rows(vectors: NDArray[np.float32]) -> Rows:
    """Vectors of all parts together, each that comes again once."""
    _, first = np.unique(vectors, axis=0, return_index=True)
    bar = np.sort(first).astype(np.int64)
    return Rows(np.full(len(bar), TOGETHER), bar, np.ones(len(bar), np.int64), vectors[bar])


def of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors (n, d) divided by their lengths."""
    scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled
