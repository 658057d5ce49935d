"""Which windows are looked at: windows of a split's pieces in which something begins, drawn with a fixed seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.tables import WindowTable


def windows_of(corpus: PreparedCorpus, table: WindowTable, *, split: str) -> NDArray[np.int64]:
    """The numbers of all windows of a split in which something begins; int64, rising."""
    members = np.zeros(len(corpus.pieces), bool)
    members[corpus.pieces_of(split)] = True
    return np.flatnonzero(members[table.piece] & (table.onsets > 0))


def distinct(table: WindowTable, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of `chosen` windows the first with each content."""
    return chosen[np.unique(table.content[chosen], return_index=True)[1]]


def drawn(chosen: NDArray[np.int64], *, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """`count` of `chosen`, each at most once, in random order; all, where there are fewer."""
    return random.choice(chosen, min(count, len(chosen)), replace=False)


def clusters_of(corpus: PreparedCorpus, table: WindowTable, windows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The cluster (a piece and its near-duplicates) of each of `windows`, as a number; int64 (windows,)."""
    return np.unique([piece.cluster for piece in corpus.pieces], return_inverse=True)[1][table.piece[windows]]
