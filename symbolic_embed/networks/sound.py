"""The encoder of recordings: the trunk of `encoder` over frames that are given as numbers, not as notes."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from symbolic_embed.networks.blocks import NetworkSize
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
