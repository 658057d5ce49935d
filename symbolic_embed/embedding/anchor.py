"""The anchor in use: from what was played to a point near which what follows lies.

Anchors and targets are float32 (positions, out), compared by Euclidean distance; all have the same length, so cosines
give the same order. A target is made of one embedding alone, so the targets of a library can be kept in an index and
asked with any anchor. Everything is computed in batches of one size, filled up where there is less, over as many steps
as the network looks back: a position's numbers do not depend on what else is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES
from symbolic_embed.embedding.checkpoint import Checkpoint, requiring_fit
from symbolic_embed.embedding.model import AnchorSettings, ModelSettings, build_anchor
from symbolic_embed.embedding.units import BATCH, LEAST, CellEmbeddings
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.anchor import AnchorContext, AnchorNetwork

PART = "anchor"  # of a checkpoint
ALL_PARTS = len(ROLES)  # the role of whole bars


@dataclass(frozen=True, eq=False)
class Sequences:
    """What anchors are asked for: sequences of steps, oldest first, the anchor being that of the last one.

    own: int64 (sequences, steps), rows of `vectors` float32 (n, dim), -1 for a rest; length: int64 (sequences,), from
    1, how many of the steps count. roles: int64 (sequences,), as in ROLES, or ALL_PARTS. whole: rows of `whole_vectors`
    in the same way, None where whole bars are not known. company: float32 (sequences, steps + 1, member), the sum over
    the other parts' `Anchor.members` at each step and the next one, 0 where none plays; None where they are not known.
    """

    vectors: NDArray[np.float32]
    own: NDArray[np.int64]
    length: NDArray[np.int64]
    roles: NDArray[np.int64]
    whole_vectors: NDArray[np.float32] | None = None
    whole: NDArray[np.int64] | None = None
    company: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.own)


@dataclass(frozen=True, eq=False)
class Anchor:
    """A trained anchor."""

    settings: AnchorSettings
    network: AnchorNetwork
    dim: int

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Anchor:
        """The anchor of a checkpoint. Raises CheckpointError where it has none, or card and weights do not fit."""
        if not checkpoint.holds(PART):
            raise CheckpointError(
                f"{checkpoint.folder}: no anchor in it; `symbolic-embed train anchor --checkpoint` adds one"
            )
        with requiring_fit(checkpoint):
            settings, dim = AnchorSettings(**checkpoint.card[PART]), ModelSettings.of_card(checkpoint.card).dim
            network = build_anchor(settings, dim=dim)
            network.load_state_dict(checkpoint.weights(PART))
        return cls(settings, network.eval().requires_grad_(False), dim)

    @torch.no_grad()
    def targets(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where embeddings (n, dim) of cells or bars lie among the anchors; float32 (n, out)."""
        made = [self.network.targets(torch.from_numpy(vectors[rows])).numpy() for rows in _batches(len(vectors))]
        return _joined(made, len(vectors), self.settings.out)

    @torch.no_grad()
    def members(self, vectors: NDArray[np.float32], roles: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cells (n, dim) of parts of these roles (n,) as company of other parts; float32 (n, width)."""
        made = [
            self.network.member(torch.from_numpy(vectors[rows]), torch.from_numpy(roles[rows])).numpy()
            for rows in _batches(len(vectors))
        ]
        return _joined(made, len(vectors), self.settings.member)

    def anchors(self, sequences: Sequences) -> NDArray[np.float32]:
        """An anchor for what follows each sequence; float32 (sequences, out)."""
        made = [self._anchors_of(sequences, rows) for rows in _batches(len(sequences))]
        return _joined(made, len(sequences), self.settings.out)

    def of_bars(self, bars: NDArray[np.float32]) -> NDArray[np.float32]:
        """For every bar of a piece (bars, dim) an anchor for the next one; float32 (bars, out)."""
        own, length = self._back_from(np.arange(len(bars)))
        return self.anchors(Sequences(bars, own, length, np.full(len(bars), ALL_PARTS)))

    def of_cells(
        self,
        cells: CellEmbeddings,
        *,
        roles: NDArray[np.int64],
        bars: NDArray[np.float32] | None = None,
        others_known: bool = False,
    ) -> NDArray[np.float32]:
        """For every cell of a piece an anchor for the next one of its part; float32 (cells, out).

        roles: int64 (tracks,). bars: the embeddings of whole bars, float32 (bars, dim), where they are known too.
        others_known: whether the other parts are known, also in the bar that is asked for, as when accompanying.
        """
        steps, length = self._back_from(cells.bar)
        place = np.full((len(roles), int(cells.bar.max(initial=0)) + 2), -1)
        place[cells.track, cells.bar] = np.arange(len(cells.bar))
        company = None
        if others_known:
            beside = self._company(cells, roles[cells.track], place)
            ahead = np.concatenate([steps, steps[:, -1:] + 1], axis=1)
            ahead[np.arange(len(steps)), length] = cells.bar + 1
            company = beside[cells.track[:, None], ahead]
        own = np.where(steps < 0, -1, place[cells.track[:, None], steps])
        return self.anchors(Sequences(cells.vectors, own, length, roles[cells.track], bars, steps, company))

    def _back_from(self, last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The bars that end with `last` (n,), as many as are looked back over: int64 (n, longest), -1 after the last
        one, and how many there are, (n,)."""
        first = np.maximum(last - self.settings.longest + 1, 0)
        steps = first[:, None] + np.arange(self.settings.longest)
        return np.where(steps > last[:, None], -1, steps), last - first + 1

    def _company(
        self, cells: CellEmbeddings, roles: NDArray[np.int64], place: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """For each track and bar the sum over the members of the other tracks there; (tracks, bars + 1, width)."""
        members = np.append(self.members(cells.vectors, roles), np.zeros((1, self.settings.member), np.float32), axis=0)
        playing = members[place]
        others: NDArray[np.float32] = playing.sum(axis=0) - playing
        return others

    @torch.no_grad()
    def _anchors_of(self, sequences: Sequences, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        own, steps = sequences.own[rows], sequences.own.shape[1]
        shape = (len(rows), steps, self.dim)
        whole, known = torch.zeros(shape), torch.zeros(shape[:2], dtype=torch.bool)
        if sequences.whole is not None and sequences.whole_vectors is not None:
            whole, known = _taken(sequences.whole_vectors, sequences.whole[rows])
        vectors, sounds = _taken(sequences.vectors, own)
        company = torch.zeros(len(rows), steps + 1, self.settings.member)
        if sequences.company is not None:
            company = torch.from_numpy(sequences.company[rows])
        context = AnchorContext(
            own=vectors,
            sounds=sounds,
            whole=whole,
            whole_known=known,
            company=company,
            company_known=torch.full((len(rows),), sequences.company is not None),
            roles=torch.from_numpy(sequences.roles[rows]),
        )
        anchors = self.network(context).numpy()
        last: NDArray[np.float32] = anchors[np.arange(len(rows)), sequences.length[rows] - 1]
        return last


def _taken(vectors: NDArray[np.float32], rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
    """Vectors of the rows (sequences, steps), anything where a row is -1; and whether it is none."""
    return torch.from_numpy(vectors[rows]), torch.from_numpy(rows >= 0)


def _batches(count: int) -> list[NDArray[np.int64]]:
    """Rows in batches of BATCH; one of less than LEAST is filled up, since few rows are multiplied in another order."""
    starts = range(0, count, BATCH)
    return [start + np.arange(max(min(BATCH, count - start), LEAST)) % min(BATCH, count - start) for start in starts]


def _joined(batches: list[NDArray[np.float32]], count: int, width: int) -> NDArray[np.float32]:
    """The rows of `_batches` in their order, without those that filled up."""
    return np.concatenate([np.zeros((0, width), np.float32), *batches])[:count]
