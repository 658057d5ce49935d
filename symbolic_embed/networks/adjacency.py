"""Says of two embeddings whether they are of consecutive bars: one hidden layer, so the work stays with the encoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AdjacencyClassifier(nn.Module):
    """Two embeddings (batch, dim) to logits (batch, 2): not related, related."""

    def __init__(self, *, dim: int, hidden: int = 128) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2 * dim, hidden), nn.ReLU(), nn.Linear(hidden, 2))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        logits: Tensor = self.layers(torch.cat([first, second], dim=-1))  # (batch, 2)
        return logits
