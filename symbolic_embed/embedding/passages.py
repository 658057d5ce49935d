"""The passage encoder in use: from the cells of a piece to a vector for every passage of two, four and eight bars.

Passages are taken of all parts together and of each part alone. One in which less than half of the bars sound is left
out. Music that is shorter than the shortest passage is lengthened by silence, so that every piece in which something
begins has a passage at least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.embedding.checkpoint import Checkpoint, requiring_fit
from symbolic_embed.embedding.model import ModelSettings, PassageNetworks, PassageSettings
from symbolic_embed.embedding.passage_arrays import TOGETHER, PassageCells, Passages
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.passages import SIZES, PassageEncoder, Unfolded

__all__ = ["PART", "TOGETHER", "PassageCells", "PassageModel", "Passages"]

PART = "passages"  # of a checkpoint
LINES = 16  # of music at a time: memory stays flat


@dataclass(frozen=True, eq=False)
class PassageModel:
    """A passage encoder with trained weights."""

    encoder: PassageEncoder

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> PassageModel:
        """The passage encoder of a checkpoint. Raises CheckpointError where it has none, or card and weights do not
        fit."""
        if not checkpoint.holds(PART):
            raise CheckpointError(
                f"{checkpoint.folder}: no passage encoder in it; `train passages --checkpoint {checkpoint.folder}` "
                "adds one, or leave passages out"
            )
        with requiring_fit(checkpoint):
            settings = PassageSettings(**checkpoint.card[PART])
            networks = PassageNetworks(settings, model=ModelSettings.of_card(checkpoint.card))
            networks.load_state_dict(checkpoint.weights(PART))
        networks.eval().requires_grad_(False)
        return cls(networks.encoder)

    def _unfolded(self, cells: PassageCells) -> Unfolded:
        """The cells unfolded, each kind of equal ones once."""
        first, which = _distinct(cells)
        kinds = self.encoder.unfolding(torch.from_numpy(cells.vectors[first]), torch.from_numpy(cells.role[first]))
        return Unfolded(*(one[torch.from_numpy(which)] for one in kinds))

    @torch.no_grad()
    def passages(self, cells: PassageCells, *, parts: bool = True) -> Passages:
        """The passages of a piece; without `parts` those of all parts together alone."""
        unfolded = self._unfolded(cells)
        tracks = np.unique(cells.track).tolist() if parts else []
        lines = [[TOGETHER], *(tracks[first : first + LINES] for first in range(0, len(tracks), LINES))]
        bars, places, out = max(cells.bars, min(SIZES)), self.encoder.size.places, self.encoder.size.out
        found = []
        for some in lines:  # all together by themselves: their last digits must not depend on what else is asked for
            chosen = [np.arange(len(cells.track)) if t == TOGETHER else np.flatnonzero(cells.track == t) for t in some]
            row = np.concatenate(chosen)
            line = np.repeat(np.arange(len(some)), [len(rows) for rows in chosen])
            slots = line * bars + cells.bar[row]
            index = torch.from_numpy(row)
            of_lines = Unfolded(*(one[index] for one in unfolded))
            sizes = self.encoder(of_lines, slots=torch.from_numpy(slots), lines=len(some), bars=bars)
            sounds = np.zeros((len(some), bars), bool)
            sounds.flat[slots] = True
            for size, vectors in zip(SIZES, sizes, strict=False):
                counts = np.lib.stride_tricks.sliding_window_view(sounds, size, axis=1).sum(axis=2)
                heard = counts >= np.maximum(np.minimum(size / 2, counts.max(axis=1, keepdims=True)), 1)
                of_line, bar = np.nonzero(heard)
                turning = vectors.turning.numpy()[heard].reshape(len(bar), places, out)
                blind = vectors.blind.numpy()[heard]
                found.append(Passages(np.array(some)[of_line], bar, np.full(len(bar), size), turning, blind))
        return _joined(found)


def _distinct(cells: PassageCells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first of each kind of equal cells, and of each cell which of these it is; int64 (kinds,) and (cells,)."""
    rows = np.ascontiguousarray(np.column_stack([cells.vectors, cells.role.astype(np.float32)]))
    as_bytes = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1])))[:, 0]
    _, first, which = np.unique(as_bytes, return_index=True, return_inverse=True)
    return first, which


def _joined(several: list[Passages]) -> Passages:
    columns = ("track", "bar", "bars", "turning", "blind")
    together = Passages(*(np.concatenate([getattr(one, name) for one in several]) for name in columns))
    order = np.lexsort((together.bar, together.track, together.bars))
    return Passages(*(getattr(together, name)[order] for name in columns))
