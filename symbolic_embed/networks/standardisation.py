"""Standardising the coordinates of points on a sphere, and the way back.

A trained encoder leaves the mean of its embeddings a little off the centre, and some coordinates narrower than others.
Both are visible at once to whoever compares them with draws of N(0, I), and neither says anything of the music. So each
coordinate s is centred and scaled, and the point brought back to the sphere of radius R = sqrt(dim):

    e = R y / |y|,    y = (s - mean) / deviation.

The map loses nothing. Given e, s = mean + k deviation e for the one k > 0 that puts s on the sphere,

    |deviation e|² k² + 2 k mean·(deviation e) + |mean|² - R² = 0,

so a decoder that has learnt to read s reads e just as well. Mean and deviation are measured once, when training is
over; until then the map is the identity.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from symbolic_embed.networks.blocks import on_sphere

NARROWEST = 0.05  # of deviations: a coordinate that says nothing is not blown up


class Standardisation(nn.Module):
    """The map from points as an encoder makes them to embeddings, both (..., dim) on the sphere of radius sqrt(dim)."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, *, dim: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("deviation", torch.ones(dim))

    def forward(self, points: Tensor) -> Tensor:
        return on_sphere((points - self.mean) / self.deviation)

    def inverse(self, embeddings: Tensor) -> Tensor:
        """The points whose embeddings these are; any embedding of another length counts as the one on its ray."""
        scaled = on_sphere(embeddings) * self.deviation
        square = scaled.square().sum(dim=-1, keepdim=True)
        half = (scaled * self.mean).sum(dim=-1, keepdim=True)
        outside = self.mean.square().sum() - embeddings.shape[-1]  # below 0: the mean lies inside the sphere
        stretch = (torch.sqrt(half.square() - square * outside) - half) / square
        return self.mean + stretch * scaled

    @torch.no_grad()
    def fit(self, points: Tensor, *, rounds: int = 8) -> None:
        """Takes mean and deviation such that the embeddings of `points` (n, dim) have mean 0 and variance 1 in each
        coordinate; found in `rounds`, since bringing points back to the sphere moves both a little."""
        self.reset()
        for _ in range(rounds):
            scaled = (points - self.mean) / self.deviation
            stretch = scaled.norm(dim=-1).mean() / points.shape[-1] ** 0.5
            embeddings = on_sphere(scaled)
            self.mean += self.deviation * embeddings.mean(dim=0) * stretch
            self.deviation.mul_(embeddings.std(dim=0)).clamp_(min=NARROWEST)

    def reset(self) -> None:
        """Makes it the identity."""
        self.mean.zero_()
        self.deviation.fill_(1.0)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """Checkpoints of format 1 know no standardisation: their embeddings are the points themselves."""
        state_dict.setdefault(f"{prefix}mean", torch.zeros_like(self.mean))
        state_dict.setdefault(f"{prefix}deviation", torch.ones_like(self.deviation))
        super()._load_from_state_dict(state_dict, prefix, *rest)
