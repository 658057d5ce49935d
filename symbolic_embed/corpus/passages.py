"""Passages, drawn for training the composer: some parts of a piece over some windows in a row.

Pieces are drawn by set (the square root of its windows counts, times how many parts sound in them; no set for more than
a quarter, a synthetic one for no more than a tenth), then by length. Parts come in random order, since each must be
able to answer what any others have written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, ranges
from symbolic_embed.corpus.pairs import capped_shares
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.errors import CorpusError

MOST_COUNTED = 4  # parts: what a set of bands counts for, beside one of tunes


@dataclass(frozen=True, eq=False)
class Passages:
    """Parts over `steps` windows in a row, and the window before them.

    piece: int64 (parts,), numbered within the batch; parts of one piece are neighbours, in the order they are written.
    role: int64 (parts,). cells: int64 (parts, steps + 1) window numbers, -1 where the part rests. bars: int64 (pieces,
    steps + 1), likewise of the whole bars, -1 before the piece begins. length: int64 (pieces, steps + 1), in steps.
    """

    piece: NDArray[np.int64]
    role: NDArray[np.int64]
    cells: NDArray[np.int64]
    bars: NDArray[np.int64]
    length: NDArray[np.int64]


class PassageSampler:
    """Draws passages from the pieces of one split of a prepared corpus."""

    def __init__(self, corpus: PreparedCorpus, *, split: str) -> None:
        self.cells, self.bars = corpus.cells, corpus.bars
        pieces = corpus.pieces_of(split)
        windows = np.bincount(self.bars.piece, minlength=len(corpus.pieces))
        self.first_bar = ranges.offsets(windows)[:-1]
        self.windows = windows
        self.first_cell = np.searchsorted(self.cells.piece, np.arange(len(corpus.pieces) + 1))
        self.pieces = pieces[windows[pieces] >= 2]
        if len(self.pieces) == 0:
            raise CorpusError(f"no piece of two bars or more in the {split} split; longer pieces are needed")
        names = sorted({corpus.pieces[piece].set_name for piece in self.pieces})
        self.sets = np.array([names.index(corpus.pieces[piece].set_name) for piece in self.pieces])
        of_set = np.bincount(self.sets, windows[self.pieces])
        synthetic = np.isin(names, sorted(corpus.synthetic_sets))
        cells_of_piece = np.diff(self.first_cell)[self.pieces]
        sounding = np.bincount(self.sets, cells_of_piece) / of_set  # parts in a window, on average
        weights = np.sqrt(of_set) * np.minimum(sounding, MOST_COUNTED)
        shares = capped_shares(weights / weights.sum(), synthetic=synthetic)
        self.piece_shares = shares[self.sets] * windows[self.pieces] / of_set[self.sets]

    def draw(self, *, pieces: int, parts: int, steps: int, random: np.random.Generator) -> Passages:
        """Passages of `steps` windows from `pieces` pieces, at most `parts` parts each; shorter pieces end in rests."""
        chosen = self.pieces[random.choice(len(self.pieces), pieces, p=self.piece_shares / self.piece_shares.sum())]
        rows = []
        bars = np.full((pieces, steps + 1), -1)
        for number, piece in enumerate(chosen):
            latest = max(int(self.windows[piece]) - steps, 0)
            start = int(random.integers(0, latest + 1))
            ordinals = start - 1 + np.arange(steps + 1)
            inside = (ordinals >= 0) & (ordinals < self.windows[piece])
            bars[number, inside] = self.first_bar[piece] + ordinals[inside]
            cells = self._cells_of(piece, ordinals)
            order = random.permutation(len(cells))[:parts]
            rows += [(number, *cells[track]) for track in order]
        return Passages(
            piece=np.array([row[0] for row in rows]),
            role=np.array([row[1] for row in rows]),
            cells=np.stack([row[2] for row in rows]),
            bars=bars,
            length=np.where(bars >= 0, self.bars.steps[bars], WINDOW_STEPS).astype(np.int64),
        )

    def _cells_of(self, piece: int, ordinals: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
        """The role of each part that plays somewhere in these windows, and its windows."""
        rows = np.arange(self.first_cell[piece], self.first_cell[piece + 1])
        step = self.cells.ordinal[rows] - ordinals[0]
        rows = rows[(step >= 0) & (step < len(ordinals))]
        of_parts = []
        for track in np.unique(self.cells.track[rows]):
            of_track = rows[self.cells.track[rows] == track]
            windows = np.full(len(ordinals), -1)
            windows[self.cells.ordinal[of_track] - ordinals[0]] = of_track
            of_parts.append((int(self.cells.role[of_track[0]]), windows))
        return of_parts or [(ROLES.index("chords"), np.full(len(ordinals), -1))]
