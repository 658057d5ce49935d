"""The prior: embeddings should look as if drawn from a wished distribution p(z).

Adversarially ([62-75] of the patent; Makhzani and others 2015): a discriminator learns to tell embeddings from draws,
then the encoder learns to be taken for a draw (non-saturating, Goodfellow and others 2014, section 3). The encoder is
deterministic, no noise is added. Since embeddings lie on the sphere of radius sqrt(dim), draws are brought there too:
N(0, I) in 256 dimensions is there but for 3 % of its length.

Beside it, without an adversary: `decorrelation`, the distance of the batch's mean and covariance from those of the
prior (as in Bardes and others, VICReg, 2022, with the sphere in place of their variance hinge).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

PRIORS = ("gaussian", "uniform", "none")


def draw(prior: str, count: int, dim: int, *, generator: torch.Generator | None = None) -> Tensor:
    """Draws of the prior (count, dim), each coordinate of mean 0 and variance 1, on the sphere of radius sqrt(dim)."""
    if prior == "gaussian":
        draws = torch.randn(count, dim, generator=generator)
    elif prior == "uniform":
        draws = torch.rand(count, dim, generator=generator) * 2 - 1
    else:
        raise ValueError(f"prior {prior!r} has no draws; it must be gaussian or uniform")
    directions: Tensor = functional.normalize(draws, dim=1)
    return directions * float(dim**0.5)


def discriminator_loss(discriminator: nn.Module, embeddings: Tensor, draws: Tensor) -> Tensor:
    """The discriminator's cross-entropy; draws are class 1. No gradient reaches the encoder."""
    logits = torch.cat([discriminator(draws), discriminator(embeddings.detach())])
    truth = torch.cat([torch.ones(len(draws)), torch.zeros(len(embeddings))]).to(logits)
    return functional.binary_cross_entropy_with_logits(logits, truth)


def fooling_loss(discriminator: nn.Module, embeddings: Tensor) -> Tensor:
    """The encoder's loss: -log of the probability that its embeddings are draws. Step only the encoder on it."""
    logits: Tensor = discriminator(embeddings)
    return functional.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))


def decorrelation(embeddings: Tensor) -> Tensor:
    """How far mean and covariance of a batch (batch, dim) are from those of the prior; a number.

    |mean|² / sqrt(dim), about what a shift of the mean adds to the energy distance between embeddings and prior, plus
    the squared distance of the covariance from the identity, a coordinate on average. Zero for a batch with mean 0 and
    uncorrelated coordinates of variance 1.
    """
    batch, dim = embeddings.shape
    mean: Tensor = embeddings.mean(0)
    centred = embeddings - mean
    covariance = centred.T @ centred / max(batch - 1, 1)  # (dim, dim)
    identity = torch.eye(dim, device=embeddings.device, dtype=embeddings.dtype)
    return mean.square().sum() / float(dim**0.5) + (covariance - identity).square().sum() / dim
