"""The variational autoencoder's way to a prior, the rival of the adversary.

Kingma and Welling (Auto-Encoding Variational Bayes, 2014): the encoder names a Gaussian for each window, its posterior
N(mean, diag(variance)); the decoder is given a draw from it, so it must do with every point near the mean; and the
divergence from the prior N(0, I),

    KL = ½ Σ (mean² + variance - 1 - log variance)                                     (their appendix B),

keeps the posteriors together. The variance is read off the mean by one layer, so the encoder is the same as everywhere.
In use the embedding is the mean.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

FIRST_LOG_VARIANCE = -4.0  # posteriors begin narrow: with a variance of 1 the decoder first learns to ignore them


class Posterior(nn.Module):
    """Means (batch, dim) to a draw from each posterior, (batch, dim), and each one's divergence from N(0, I) in nats,
    (batch,)."""

    def __init__(self, *, dim: int) -> None:
        super().__init__()
        self.log_variance = nn.Linear(dim, dim)
        nn.init.zeros_(self.log_variance.weight)
        nn.init.constant_(self.log_variance.bias, FIRST_LOG_VARIANCE)

    def forward(self, means: Tensor, *, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        log_variance = self.log_variance(means)
        noise = torch.randn(means.shape, generator=generator).to(means)
        return means + (log_variance / 2).exp() * noise, divergence(means, log_variance)


def divergence(means: Tensor, log_variance: Tensor) -> Tensor:
    """The divergence of N(mean, diag(variance)) from N(0, I), in nats; (batch, dim) twice to (batch,)."""
    return (means.square() + log_variance.exp() - 1 - log_variance).sum(dim=1) / 2
