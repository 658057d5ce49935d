"""Batches for training an anchor: pieces of embedded stretches, and what may be whose negative.

Each batch takes from some stretches `longest` + 1 windows in a row; every window but the last asks what follows it. A
window is asked of where it and the next one sound and differ. Half of a batch is of one set and metre, so that
negatives are not told apart by style. What is known besides a part's own cells is drawn for each sequence: with the
whole bars or without, with the other parts or without, so that one network answers in every case.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import ROLES, ranges
from symbolic_embed.training.anchor_music import Stretches
from symbolic_embed.training.batches import Batches
from symbolic_embed.training.settings import AnchorTraining

LEAST_OF_A_STYLE = 16  # stretches; a style with fewer makes no half of a batch


class Asked(NamedTuple):
    """Sequences, and which of their steps are asked of.

    own: (sequences, steps + 1, dim), the last only as what follows. sounds: bool (sequences, steps + 1). piece:
    (sequences,), the number of its cut in the batch. roles: (sequences,). at: bool (sequences, steps), where a question
    is; ignored: bool (questions, questions), who is no fair negative of whom. whole_known, company_known: bool
    (sequences,).
    """

    own: Tensor
    sounds: Tensor
    piece: Tensor
    roles: Tensor
    at: Tensor
    ignored: Tensor
    whole_known: Tensor
    company_known: Tensor


class AnchorBatch(NamedTuple):
    """cells: of some parts, the sequences that are asked of; bars: of all parts together. members: every part of the
    cuts as company, (parts, steps + 1, dim); plays: bool (parts, steps + 1), piece, roles: (parts,). asked_parts:
    (sequences,), which of them the cells' sequences are."""

    cells: Asked
    bars: Asked
    members: Tensor
    plays: Tensor
    piece: Tensor
    roles: Tensor
    asked_parts: Tensor


class AnchorBatches(Batches[AnchorBatch]):
    """The batches of an anchor's run."""

    def __init__(self, stretches: Stretches, *, settings: AnchorTraining, first: int = 0) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.stretches, self.settings = stretches, settings
        self.parts_of = ranges.offsets(np.bincount(stretches.stretch, minlength=len(stretches)))
        _, style, counts = np.unique(stretches.style, return_inverse=True, return_counts=True)
        order = np.argsort(style, kind="stable")
        of_style = np.split(order, np.cumsum(counts)[:-1])
        self.styles = [members for members in of_style if len(members) >= LEAST_OF_A_STYLE]
        weights = np.sqrt([len(members) for members in self.styles])
        self.style_shares = weights / weights.sum()

    def drawn(self, random: np.random.Generator) -> AnchorBatch:
        given, settings = self.stretches, self.settings
        chosen = self._chosen(random)
        steps = min(settings.anchor.longest + 1, given.bars.shape[1])
        begin = random.integers(0, given.bars.shape[1] - steps + 1, len(chosen))
        columns = begin[:, None] + np.arange(steps)
        counts = self.parts_of[chosen + 1] - self.parts_of[chosen]
        parts, piece = ranges.rows(self.parts_of[chosen], counts), np.repeat(np.arange(len(chosen)), counts)
        cells = np.take_along_axis(given.cells[parts], columns[piece], axis=1)
        bars = np.take_along_axis(given.bars[chosen], columns, axis=1)
        begins = np.take_along_axis(given.begins[chosen], columns, axis=1)
        asked = _some_of_each(piece, most=settings.parts, random=random)
        whole = random.random(len(asked)) < settings.whole_known
        company = random.random(len(asked)) < settings.company_known
        clusters = given.cluster[chosen]
        of_cells = _asked(given.cell_vectors, cells[asked], cells[asked] >= 0, piece=piece[asked], clusters=clusters)
        of_bars = _asked(given.bar_vectors, bars, begins, piece=np.arange(len(chosen)), clusters=clusters)
        nothing = torch.zeros(len(chosen), dtype=torch.bool)
        return AnchorBatch(
            cells=of_cells._replace(
                roles=torch.from_numpy(given.role[parts[asked]]),
                whole_known=torch.from_numpy(whole),
                company_known=torch.from_numpy(company),
            ),
            bars=of_bars._replace(
                roles=torch.full((len(chosen),), len(ROLES)), whole_known=nothing, company_known=nothing
            ),
            members=_vectors(given.cell_vectors, cells),
            plays=torch.from_numpy(cells >= 0),
            piece=torch.from_numpy(piece),
            roles=torch.from_numpy(given.role[parts]),
            asked_parts=torch.from_numpy(asked),
        )

    def _chosen(self, random: np.random.Generator) -> NDArray[np.int64]:
        """Numbers of stretches: half of one style, half of all, in that order."""
        count = self.settings.pieces
        half = count // 2 if self.styles else 0
        anywhere = random.integers(0, len(self.stretches), count - half)
        if not half:
            return anywhere
        style = self.styles[random.choice(len(self.styles), p=self.style_shares)]
        return np.concatenate([random.choice(style, half, replace=len(style) < half), anywhere])


def _some_of_each(piece: NDArray[np.int64], *, most: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Numbers of at most `most` parts of each piece, rising; piece (parts,), parts of one piece being neighbours."""
    order = np.lexsort((random.random(len(piece)), piece))
    first = np.searchsorted(piece, piece)
    return np.sort(order[np.arange(len(piece)) - first < most])


def _asked(
    vectors: NDArray[np.float16],
    rows: NDArray[np.int64],
    sounds: NDArray[np.bool_],
    *,
    piece: NDArray[np.int64],
    clusters: NDArray[np.int64],
) -> Asked:
    """Sequences of `rows` (sequences, steps + 1); what is said of them elsewhere is still missing."""
    at = sounds[:, :-1] & sounds[:, 1:] & (rows[:, :-1] != rows[:, 1:])
    cluster = np.repeat(clusters[piece], at.shape[1]).reshape(at.shape)[at]
    follows = rows[:, 1:][at]
    ignored = (cluster[:, None] == cluster) | (follows[:, None] == follows)
    missing = torch.zeros(0)
    return Asked(
        own=_vectors(vectors, rows),
        sounds=torch.from_numpy(sounds),
        piece=torch.from_numpy(piece),
        roles=missing,
        at=torch.from_numpy(at),
        ignored=torch.from_numpy(ignored),
        whole_known=missing,
        company_known=missing,
    )


def _vectors(vectors: NDArray[np.float16], rows: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(vectors[rows].astype(np.float32))
