"""What was played before the queries of `next_bar`, in the same part, in all parts and in the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.tables import WindowTable


@dataclass(frozen=True, eq=False)
class Places:
    """Where each window of a table is: its number from piece, track and ordinal."""

    table: WindowTable

    @cached_property
    def _spans(self) -> tuple[int, int]:
        return int(self.table.track.max(initial=0)) + 2, int(self.table.ordinal.max(initial=0)) + 2

    def _keys(
        self, piece: NDArray[np.integer], track: NDArray[np.integer], ordinal: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        tracks, ordinals = self._spans
        keys: NDArray[np.int64] = (piece.astype(np.int64) * tracks + track + 1) * ordinals + ordinal
        return keys

    @cached_property
    def _all(self) -> NDArray[np.int64]:
        """The key of every window; rising."""
        return self._keys(self.table.piece, self.table.track, self.table.ordinal)

    def at(
        self, piece: NDArray[np.integer], track: NDArray[np.integer], ordinal: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        """The numbers of windows, arrays of any one shape; -1 where there is none in which a note begins."""
        table = self.table
        wanted = self._keys(piece, track, ordinal)
        number = np.minimum(np.searchsorted(self._all, wanted), len(table) - 1)
        inside = (ordinal >= 0) & (ordinal < self._spans[1]) & (track < self._spans[0] - 1)
        return np.where(inside & (self._all[number] == wanted) & (table.onsets[number] > 0), number, -1)


@dataclass(frozen=True, eq=False)
class Before:
    """Windows before and at each query, oldest first, as window numbers of their tables, -1 where none is or no note
    begins in it.

    own: int64 (queries, steps), of the query's part; whole: likewise, of the whole bars; others: int64 (queries, steps
    + 1, tracks), of the other parts, up to the step that is asked for. length: int64 (queries,), how many steps count.
    """

    own: NDArray[np.int64]
    whole: NDArray[np.int64]
    others: NDArray[np.int64]
    length: NDArray[np.int64]


def before(corpus: PreparedCorpus, table: WindowTable, queries: NDArray[np.int64], *, steps: int) -> Before:
    """The `steps` windows that end with each query (a window number of `table`); fewer where its piece begins."""
    piece, track, last = (column[queries].astype(np.int64) for column in (table.piece, table.track, table.ordinal))
    first = np.maximum(last - steps + 1, 0)
    ordinal = first[:, None] + np.arange(steps + 1)
    past, ahead = ordinal <= last[:, None], ordinal <= last[:, None] + 1
    pieces, tracks = (np.repeat(column[:, None], steps + 1, axis=1) for column in (piece, track))
    own = np.where(past, Places(table).at(pieces, tracks, ordinal), -1)[:, :-1]
    whole = np.where(past, Places(corpus.bars).at(pieces, np.full_like(tracks, -1), ordinal), -1)[:, :-1]
    cells, others = Places(corpus.cells), []
    for other in range(int(corpus.cells.track.max(initial=0)) + 1):
        there = cells.at(pieces, np.full_like(tracks, other), ordinal)
        others.append(np.where(ahead & (tracks != other), there, -1))
    stacked = np.stack(others, axis=2)
    most = int((stacked >= 0).sum(axis=2).max(initial=0))
    return Before(own, whole, -np.sort(-stacked, axis=2)[:, :, :most], last - first + 1)
