"""Batches for training an anchor: cuts of embedded stretches, and who is no fair negative of whom.

Each batch takes from some stretches `longest` + 1 windows in a row, and every window but the last may be asked what
follows it: it is, where it and the next one sound and differ. So a batch asks with one window to go by as often as with
eight. Half of a batch is of one set and metre, so that negatives are not told apart by style. What is known besides a
part's own cells is drawn for each sequence, with the whole bars or without, with the other parts or without, so that
one network answers in every case.
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


class Conditions(NamedTuple):
    """What sequences are conditioned on: roles, (sequences,); whether whole bars and whether the other parts are known,
    bool (sequences,)."""

    roles: Tensor
    whole_known: Tensor
    company_known: Tensor


class Asked(NamedTuple):
    """Sequences, and which of their steps are asked of.

    own: (sequences, steps + 1, dim), the last step only as what follows. sounds: bool (sequences, steps + 1). at: bool
    (sequences, steps), where a question is. ignored: bool (questions, questions), questions of one piece or with one
    answer, which must not be each other's negatives.
    """

    own: Tensor
    sounds: Tensor
    at: Tensor
    ignored: Tensor
    conditions: Conditions


class AnchorBatch(NamedTuple):
    """What a batch asks of cells and of whole bars, and all parts of its cuts as company.

    cells: Asked, of the parts `asked_parts` (sequences,). bars: Asked, a sequence for each piece. members: (parts,
    steps + 1, dim); plays: bool (parts, steps + 1); piece, roles: (parts,).
    """

    cells: Asked
    bars: Asked
    asked_parts: Tensor
    members: Tensor
    plays: Tensor
    piece: Tensor
    roles: Tensor


class AnchorBatches(Batches[AnchorBatch]):
    """The batches of an anchor's run."""

    def __init__(self, stretches: Stretches, *, settings: AnchorTraining, first: int = 0) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.stretches, self.settings = stretches, settings
        self.steps = min(settings.anchor.longest + 1, stretches.bars.shape[1])
        self.first_part = ranges.offsets(np.bincount(stretches.stretch, minlength=len(stretches)))
        _, style, counts = np.unique(stretches.style, return_inverse=True, return_counts=True)
        of_style = np.split(np.argsort(style, kind="stable"), np.cumsum(counts)[:-1])
        self.styles = [members for members in of_style if len(members) >= LEAST_OF_A_STYLE]
        weights = np.sqrt([len(members) for members in self.styles])
        self.style_shares = weights / weights.sum()

    def drawn(self, random: np.random.Generator) -> AnchorBatch:
        given = self.stretches
        chosen = self._chosen(random)
        begin = random.integers(0, given.bars.shape[1] - self.steps + 1, len(chosen))
        columns = begin[:, None] + np.arange(self.steps)
        counts = self.first_part[chosen + 1] - self.first_part[chosen]
        parts = ranges.rows(self.first_part[chosen], counts)
        piece = np.repeat(np.arange(len(chosen)), counts)
        asked = _some_of_each(piece, most=self.settings.parts, random=random)
        cells = np.take_along_axis(given.cells[parts], columns[piece], axis=1)
        bars = np.take_along_axis(given.bars[chosen], columns, axis=1)
        begins = np.take_along_axis(given.begins[chosen], columns, axis=1)
        roles, cluster = torch.from_numpy(given.role[parts]), given.cluster[chosen]
        nothing = torch.zeros(len(chosen), dtype=torch.bool)
        of_parts = Conditions(roles[asked], *(self._known(len(asked), random)))
        of_all = Conditions(torch.full((len(chosen),), len(ROLES)), nothing, nothing)
        own = _vectors(given.cell_vectors, cells)
        return AnchorBatch(
            cells=_asked(own[asked], cells[asked], cells[asked] >= 0, cluster[piece[asked]], of_parts),
            bars=_asked(_vectors(given.bar_vectors, bars), bars, begins, cluster, of_all),
            asked_parts=torch.from_numpy(asked),
            members=own,
            plays=torch.from_numpy(cells >= 0),
            piece=torch.from_numpy(piece),
            roles=roles,
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

    def _known(self, count: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Whether whole bars are known to each of `count` sequences, and whether the other parts are."""
        shares = (self.settings.whole_known, self.settings.company_known)
        whole, company = (torch.from_numpy(random.random(count) < share) for share in shares)
        return whole, company


def _some_of_each(piece: NDArray[np.int64], *, most: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Numbers of at most `most` parts of each piece, rising; piece (parts,), parts of one piece being neighbours."""
    order = np.lexsort((random.random(len(piece)), piece))
    first = np.searchsorted(piece, piece)
    return np.sort(order[np.arange(len(piece)) - first < most])


def _asked(
    own: Tensor,
    rows: NDArray[np.int64],
    sounds: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    conditions: Conditions,
) -> Asked:
    """Sequences whose vectors are `rows` (sequences, steps + 1), each from a piece of a `cluster` (sequences,)."""
    at = sounds[:, :-1] & sounds[:, 1:] & (rows[:, :-1] != rows[:, 1:])
    of_question, answer = np.broadcast_to(cluster[:, None], at.shape)[at], rows[:, 1:][at]
    ignored = (of_question[:, None] == of_question) | (answer[:, None] == answer)
    return Asked(
        own=own,
        sounds=torch.from_numpy(sounds),
        at=torch.from_numpy(at),
        ignored=torch.from_numpy(ignored),
        conditions=conditions,
    )


def _vectors(vectors: NDArray[np.float16], rows: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(vectors[rows].astype(np.float32))
