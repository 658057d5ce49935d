"""Which of many passages is another version of this one?

As in `dssm`, the right one against all others of the batch: -log of its share of exp(similarity / temperature), in both
directions. Vectors of length one are compared by the cosine of their angle. Vectors that turn with the key are compared
in every turning, and the nearest counts, for the wrong ones too, since a search would also find them in whichever key
they are nearest.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

FIRST_TEMPERATURE = 0.1


class VersionContrast(nn.Module):
    """The loss, with its one learnt number. `places`: of vectors that turn, place by place; None for others."""

    def __init__(self, *, places: int | None = None) -> None:
        super().__init__()
        self.places = places
        self.log_temperature = nn.Parameter(torch.tensor(math.log(FIRST_TEMPERATURE)))

    def forward(self, anchors: Tensor, positives: Tensor, *, ignored: Tensor) -> Tensor:
        """The mean over both directions of -log P; anchors and positives (batch, dim), row i belongs to row i.
        `ignored`, bool (batch, batch), marks pairs that are no fair negatives; its diagonal is not looked at."""
        similarities = self.similarities(anchors, positives) / self.log_temperature.exp().clamp(min=0.02)
        itself = torch.eye(len(anchors), dtype=torch.bool, device=anchors.device)
        similarities = similarities.masked_fill(ignored & ~itself, -torch.inf)
        target = torch.arange(len(anchors), device=anchors.device)
        forth = functional.cross_entropy(similarities, target)
        return (forth + functional.cross_entropy(similarities.T, target)) / 2

    def similarities(self, anchors: Tensor, positives: Tensor) -> Tensor:
        """The cosine of every anchor and every candidate, in the best turning; (anchors, candidates)."""
        if self.places is None:
            return anchors @ positives.T
        turned = anchors.reshape(len(anchors), self.places, -1)
        every = torch.stack([turned.roll(place, dims=-2).flatten(-2) for place in range(self.places)])
        return (every @ positives.T).amax(dim=0)
