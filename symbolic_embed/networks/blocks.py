"""What encoder and decoder are built from: their size, and the residual block.

Tensors keep channels last, (batch, frames, channels), so that a convolution over three frames is one matrix product of
rows [left, here, right] with its weights: equal to `Conv1d`, and on a CPU 1.7 times as fast at 256 channels.
Normalisation is over the channels of one frame (Ba and others 2016), never over the batch: an embedding must not depend
on what else is in the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class NetworkSize:
    """What encoder and decoder agree on: into how many frames a window is cut, how many channels a frame has, how many
    numbers an embedding has, and whether embeddings lie on the sphere of radius sqrt(dim) (`bounded`)."""

    frames: int = 16
    channels: int = 128
    dim: int = 256
    bounded: bool = True


class FrameConvolution(nn.Module):
    """A convolution of width three over frames, zero-padded: (batch, frames, channels) to (batch, frames, out)."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.weights = nn.Linear(3 * channels, out_channels)

    def forward(self, frames: Tensor) -> Tensor:
        padded = functional.pad(frames, (0, 0, 1, 1))  # (batch, frames + 2, channels)
        convolved: Tensor = self.weights(torch.cat([padded[:, :-2], frames, padded[:, 2:]], dim=-1))
        return convolved


class ResidualBlock(nn.Module):
    """Normalise, rectify, convolve, twice, and add what came in (He and others 2016, "pre-activation")."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(2))
        self.convolutions = nn.ModuleList(FrameConvolution(channels, channels) for _ in range(2))

    def forward(self, frames: Tensor) -> Tensor:
        hidden = frames
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            hidden = convolution(functional.relu(norm(hidden)))
        return frames + hidden


class FramePooling(nn.Module):
    """Every two neighbouring frames, normalised, become one: a learnt mixture of both."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.mixture = nn.Linear(2 * channels, out_channels)

    def forward(self, frames: Tensor) -> Tensor:
        batch, count, channels = frames.shape
        pairs = self.norm(frames).reshape(batch, count // 2, 2 * channels)
        pooled: Tensor = self.mixture(pairs)  # (batch, frames / 2, out)
        return pooled


def on_sphere(vectors: Tensor) -> Tensor:
    """Vectors brought to the sphere of radius sqrt(dim), where nearly all of N(0, I) lies; (..., dim)."""
    directions: Tensor = functional.normalize(vectors, dim=-1)
    return directions * float(vectors.shape[-1] ** 0.5)
