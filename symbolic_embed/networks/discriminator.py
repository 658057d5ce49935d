"""Tells embeddings from draws of the prior: a few dense layers on the embedding, one number out."""

from __future__ import annotations

from torch import Tensor, nn


class Discriminator(nn.Module):
    """Embeddings (batch, dim) to logits (batch,), high for what looks like a draw."""

    def __init__(self, *, dim: int, hidden: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1),
        )

    def forward(self, embeddings: Tensor) -> Tensor:
        logits: Tensor = self.layers(embeddings)  # (batch, 1)
        return logits.squeeze(-1)
