"""The encoder of recordings: the trunk of `encoder` over frames that are given as numbers, not as notes; and what of an
embedding can be heard.

Much of what an embedding says of notes no recording tells: which part plays what, how long a struck string is held. One
linear map, the same for what is heard and what is written, keeps what both say.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from symbolic_embed.networks.blocks import NetworkSize, on_sphere
from symbolic_embed.networks.encoder import Encoder, FrameTrunk, length_table


class Frames(NamedTuple):
    """Windows as numbers: float (batch, frames, features), and how many steps each has, int64 (batch,)."""

    numbers: Tensor
    steps: Tensor


class FrameEncoder(Encoder):
    """Frames to embeddings."""

    def __init__(self, size: NetworkSize, *, features: int, longest: int) -> None:
        super().__init__()
        self.inward = nn.Linear(features, size.channels)
        self.places = nn.Parameter(torch.randn(size.frames, size.channels) * 0.1)
        self.lengths = length_table(longest, size.channels)
        self.trunk = FrameTrunk(size)

    def forward(self, frames: Frames) -> Tensor:
        """Embeddings (batch, dim)."""
        return self.embedded(self.inward(frames.numbers) + self.places, frames.steps)


class SoundNetworks(nn.Module):
    """An encoder of recordings with fresh weights, and the map to what can be heard."""

    def __init__(self, size: NetworkSize, *, features: int, longest: int, audible: int) -> None:
        super().__init__()
        self.encoder = FrameEncoder(size, features=features, longest=longest)
        self.audible = nn.Linear(size.dim, audible, bias=False)

    def heard(self, embeddings: Tensor) -> Tensor:
        """What can be heard of embeddings (batch, dim), on the sphere of radius sqrt(audible); (batch, audible)."""
        return on_sphere(self.audible(embeddings))
