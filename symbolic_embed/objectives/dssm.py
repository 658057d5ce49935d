"""Deep structured similarity: of many bars, which one comes next?

Bretan and Heck (Self-Supervised Methods for Learning Semantic Similarity in Music, ISMIR 2019) and [62-69] of the
patent: anchor Q and positive D+ are adjacent passages of a piece, negatives D- come from other pieces;

    P(D+ | Q) = exp(R(Q, D+)) / sum over D of exp(R(Q, D)),    loss = -log P(D+ | Q),

where R falls with the Euclidean distance. Theirs, R = 1 / (1 + distance), lies between 0 and 1, so with
50 candidates even a perfect embedding reaches P = e / (e + 49) = 5 %. Here R = -distance² / (dim * temperature) with a
learnt temperature, or the cosine over it. The other positives of the batch are the negatives.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

FIRST_TEMPERATURE = 0.2


class DeepStructuredSimilarity(nn.Module):
    """The loss, with its one learnt number."""

    def __init__(self, *, similarity: str = "euclidean") -> None:
        super().__init__()
        if similarity not in ("euclidean", "cosine"):
            raise ValueError(f"similarity {similarity!r}; it must be euclidean or cosine")
        self.similarity = similarity
        self.log_temperature = nn.Parameter(torch.tensor(math.log(FIRST_TEMPERATURE)))

    def forward(self, anchors: Tensor, positives: Tensor, *, ignored: Tensor | None = None) -> Tensor:
        """The mean over both directions of -log P; anchors and positives (batch, dim), row i belongs to row i.

        `ignored`, bool (batch, batch), marks pairs that are neither positive nor fair negatives (the same piece, the
        same notes). Its diagonal is not looked at.
        """
        similarities = self.similarities(anchors, positives)  # (batch, batch)
        if ignored is not None:
            itself = torch.eye(len(anchors), dtype=torch.bool, device=anchors.device)
            similarities = similarities.masked_fill(ignored & ~itself, -torch.inf)
        target = torch.arange(len(anchors), device=anchors.device)
        forth = functional.cross_entropy(similarities, target)
        return (forth + functional.cross_entropy(similarities.T, target)) / 2

    def similarities(self, anchors: Tensor, positives: Tensor) -> Tensor:
        """R of every anchor with every candidate; (anchors, candidates)."""
        temperature = self.log_temperature.exp()
        if self.similarity == "cosine":
            return functional.normalize(anchors, dim=-1) @ functional.normalize(positives, dim=-1).T / temperature
        squares = anchors.square().sum(1)[:, None] + positives.square().sum(1) - 2 * anchors @ positives.T
        return -squares / (anchors.shape[1] * temperature)
