"""Candidates for a fragment: which pieces of a library are worth laying it along.

Each passage of the fragment, of all its parts together and of each, is looked for among all passages of the library:
a fragment may be all of a piece's parts, or one of them. A piece counts by how near its nearest passage comes to each,
in the mean over the fragment's passages of one part (or of all together) and one size, and by the best of these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.passage_arrays import Passages
from symbolic_embed.library.within import Within

ANSWERS = 200  # rows to each passage
LONGEST = 4  # bars: of longer passages the library has fewer that are the same
MOST = 48  # passages that are asked for


def fragment_candidates(fragment: Passages, within: Within, *, count: int) -> list[int]:
    """The numbers of `count` pieces, or of fewer, the likeliest first."""
    asked = fragment.where(fragment.bars <= LONGEST)
    if len(asked) > MOST:
        chosen = np.zeros(len(asked), bool)
        chosen[np.linspace(0, len(asked) - 1, MOST).astype(int)] = True
        asked = asked.where(chosen)
    among = within.numbers if within.left_out else None
    found = within.library.nearest("passages", asked.blind, count=ANSWERS, among=among)
    there = found.piece >= 0
    pieces, column = np.unique(found.piece[there], return_inverse=True)
    last = np.where(there, found.similarity, np.float32(1)).min(axis=1)
    nearest = np.repeat(last[:, None], len(pieces), axis=1)  # (passages, pieces)
    row = np.broadcast_to(np.arange(len(there))[:, None], there.shape)[there]
    np.maximum.at(nearest, (row, column), found.similarity[there])
    likeliest = pieces[np.argsort(-_best_line(nearest, asked), kind="stable")]
    return [int(number) for number in likeliest if int(number) in within.paths][:count]


def _best_line(nearest: NDArray[np.float32], asked: Passages) -> NDArray[np.float32]:
    """Of each piece the best mean over the passages of one part and size; (pieces,)."""
    _, line = np.unique(np.stack([asked.track, asked.bars]), axis=1, return_inverse=True)
    means = [nearest[line == number].mean(axis=0) for number in range(int(line.max(initial=-1)) + 1)]
    best: NDArray[np.float32] = np.max(means, axis=0)
    return best
