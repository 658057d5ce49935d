"""Pieces laid end to end, bar after bar, as passages are compared that recur: how the harmony of each bar goes, and
what is learnt of the passage that begins with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.embedding.passage_arrays import TOGETHER
from symbolic_embed.library.features import Bars, Features, known
from symbolic_embed.similarity.harmony import PARTS_OF_BAR, bars_of

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Pieces end to end. begins: int64 (pieces + 1,), the first bar of each, and the last one's end. harmony: float16
    (bars, parts of a bar, 12), nothing where nothing pitched sounds. passage: int64 (bars,), which of the passages
    begins with each bar, NOWHERE for none; owner, bar: int64 (passages,), the piece of each, and its first bar, from 0
    on in all; vectors: float16 (passages, places, out), what is learnt of them."""

    begins: NDArray[np.int64]
    harmony: NDArray[np.float16]
    passage: NDArray[np.int64]
    owner: NDArray[np.int64]
    bar: NDArray[np.int64]
    vectors: NDArray[np.float16]

    @classmethod
    def of(cls, pieces: Iterable[Features], *, size: int) -> LaidOut:
        """Of pieces whose bars, harmony and passages are known; passages of so many bars."""
        harmony, bars, vectors = [], [], []
        for piece in pieces:
            passages = known(piece.passages)
            chosen = passages.where((passages.track == TOGETHER) & (passages.bars == size))
            of_bars = harmony_of_bars(known(piece.bars), known(piece.harmony))
            inside = chosen.bar + size <= len(of_bars)
            harmony.append(of_bars)
            bars.append(chosen.bar[inside])
            vectors.append(chosen.turning[inside].astype(np.float16))
        begins, counts = (np.array([len(part) for part in parts], np.int64) for parts in (harmony, bars))
        begins = ranges.offsets(begins)
        bar = np.concatenate([np.zeros(0, np.int64), *bars]) + np.repeat(begins[:-1], counts)
        passage = np.full(int(begins[-1]), NOWHERE, np.int64)
        passage[bar] = np.arange(len(bar))
        return cls(
            begins,
            np.concatenate([np.zeros((0, PARTS_OF_BAR, 12), np.float16), *harmony]),
            passage,
            ranges.owners(counts),
            bar,
            np.concatenate(vectors) if vectors else np.zeros((0, 12, 1), np.float16),
        )

    def piece(self, number: int) -> slice:
        """Where the bars of a piece lie."""
        return slice(int(self.begins[number]), int(self.begins[number + 1]))


def harmony_of_bars(bars: Bars, passages: NDArray[np.float32]) -> NDArray[np.float16]:
    """How the harmony goes in each bar of a piece, up to its last that sounds; float16 (bars, parts of a bar, 12).

    Passages of harmony begin with the first bar in which something pitched sounds, and do not say which that is. Where
    there are more bars that sound, drums alone before or behind, it is where most equal bars have equal harmony.
    """
    number = bars.number
    span = int(number[-1]) - int(number[0]) + 1
    pitched = bars_of(passages, most=span)[:span]
    laid = np.zeros((int(number[-1]) + 1, *pitched.shape[1:]), np.float16)
    first = int(number[0]) + _lead(bars, pitched, spare=span - len(pitched)) if len(pitched) else 0
    laid[first : first + len(pitched)] = pitched
    return laid


def _lead(bars: Bars, pitched: NDArray[np.float32], *, spare: int) -> int:
    """How many of `spare` bars lie before those that are pitched."""
    if not spare:
        return 0
    _, kind = np.unique(bars.vectors, axis=0, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    again = kind[order[1:]] == kind[order[:-1]]
    place = bars.number - bars.number[0]
    one, other = place[order[:-1][again]], place[order[1:][again]]
    agree = []
    for lead in range(spare + 1):
        inside = (one >= lead) & (other < lead + len(pitched))
        same = np.abs(pitched[one[inside] - lead] - pitched[other[inside] - lead]).max(axis=(1, 2), initial=0) < 1e-3
        agree.append(2 * int(np.count_nonzero(same)) - len(same))
    return int(np.argmax(agree))
