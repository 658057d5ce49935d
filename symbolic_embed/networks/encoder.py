"""The embedding generator: a residual convolutional network from the frames of a window to a point on a sphere.

A window comes as *bags*: for each of its frames the numbers of the vectors to be added up there. For a piano-roll this
is what a first dense layer over the roll would compute, since the roll is nearly all zeros; the roll itself is never
made. A second set of bags holds what starts (weight +1) and what stops (-1); its running sum over the frames is what
sounds on.

How long the window is, which notes alone do not tell, is a vector of its own, added in every frame.

The frames go through residual blocks and poolings; the early, fine frames skip these and are concatenated with the
late, coarse ones for the last layer. Embeddings lie on the sphere of radius sqrt(dim), so an adversary cannot drive
them apart or together, with each coordinate standardised there (`standardisation.py`): one set of weights embeds
anchor, positive and negative alike. Unbounded they lie anywhere, as the means of a variational autoencoder must.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from symbolic_embed.networks.blocks import FramePooling, NetworkSize, ResidualBlock, on_sphere
from symbolic_embed.networks.standardisation import Standardisation


class Bags(NamedTuple):
    """Which vectors are added up in which frame.

    onsets: int64 (entries,), numbers of vectors; onset_offsets: int64 (batch * frames,), where each frame's bag begins.
    sounding, sounding_weights, sounding_offsets: the same for starts and stops, weights float (entries,), +1 or -1.
    steps: int64 (batch,), how long each window is.
    """

    onsets: Tensor
    onset_offsets: Tensor
    sounding: Tensor
    sounding_weights: Tensor
    sounding_offsets: Tensor
    steps: Tensor


class Tokens(NamedTuple):
    """Sequences of token numbers, int64 (batch, longest), how many of each count, int64 (batch,), at least 1, and how
    many steps each window has, int64 (batch,)."""

    numbers: Tensor
    counts: Tensor
    steps: Tensor


class Trunk(nn.Module):
    """Frames (batch, frames, channels) to embeddings (batch, dim); `standard` is None where they are not bounded."""

    standard: Standardisation | None


class FrameTrunk(Trunk):
    """The convolutional one."""

    def __init__(self, size: NetworkSize) -> None:
        super().__init__()
        middle, last = size.channels * 3 // 2, size.channels * 2
        self.fine = ResidualBlock(size.channels)
        self.coarse = nn.Sequential(
            FramePooling(size.channels, middle), ResidualBlock(middle), FramePooling(middle, last), ResidualBlock(last)
        )
        self.norms = nn.ModuleList([nn.LayerNorm(size.channels), nn.LayerNorm(last)])
        self.head = nn.Linear(size.frames * size.channels + size.frames // 4 * last, size.dim)
        self.standard = Standardisation(dim=size.dim) if size.bounded else None

    def forward(self, frames: Tensor) -> Tensor:
        fine = self.fine(frames)  # (batch, frames, channels)
        coarse = self.coarse(fine)  # (batch, frames / 4, 2 * channels)
        both = [norm(part).flatten(1) for norm, part in zip(self.norms, (fine, coarse), strict=True)]
        vectors: Tensor = self.head(torch.cat(both, dim=1))
        if self.standard is None:
            return vectors
        embeddings: Tensor = self.standard(on_sphere(vectors))
        return embeddings


class Encoder(nn.Module):
    """What both encoders share: the trunk, and a vector for each length of a window from 0 to `longest` steps, all zero
    at first; `lengths` is None for an encoder that is not conditioned on the metre (`longest` None)."""

    trunk: Trunk
    lengths: nn.Embedding | None

    def embedded(self, frames: Tensor, steps: Tensor) -> Tensor:
        """Frames (batch, frames, channels) of windows of so many `steps`, (batch,), to embeddings (batch, dim)."""
        embeddings: Tensor = self.trunk(frames if self.lengths is None else frames + self.lengths(steps)[:, None])
        return embeddings


class BagEncoder(Encoder):
    """Bags to embeddings."""

    def __init__(
        self, size: NetworkSize, *, onset_vectors: int, sounding_vectors: int, longest: int | None = None
    ) -> None:
        super().__init__()
        self.frames = size.frames
        self.onset_table = nn.Embedding(onset_vectors, size.channels)
        self.sounding_table = nn.Embedding(sounding_vectors, size.channels)
        self.places = nn.Parameter(torch.randn(size.frames, size.channels) * 0.1)
        nn.init.normal_(self.onset_table.weight, std=0.3)
        nn.init.normal_(self.sounding_table.weight, std=0.1)
        self.lengths = length_table(longest, size.channels)
        self.trunk = FrameTrunk(size)

    def forward(self, bags: Bags) -> Tensor:
        """Embeddings (batch, dim)."""
        begins = functional.embedding_bag(bags.onsets, self.onset_table.weight, bags.onset_offsets, mode="sum")
        changes = functional.embedding_bag(
            bags.sounding,
            self.sounding_table.weight,
            bags.sounding_offsets,
            mode="sum",
            per_sample_weights=bags.sounding_weights.to(self.sounding_table.weight.dtype),
        )
        shape = (-1, self.frames, begins.shape[-1])
        return self.embedded(begins.view(shape) + changes.view(shape).cumsum(dim=1) + self.places, bags.steps)


class TokenEncoder(Encoder):
    """Tokens to embeddings: a residual block over the sequence, then a learnt question for each frame reads from it by
    attention, so that sequences of any length become frames."""

    def __init__(
        self, size: NetworkSize, *, vocabulary: int, padding: int, longest: int | None = None, heads: int = 4
    ) -> None:
        super().__init__()
        self.heads = heads
        self.table = nn.Embedding(vocabulary, size.channels, padding_idx=padding)
        nn.init.normal_(self.table.weight[:padding], std=0.3)
        nn.init.normal_(self.table.weight[padding + 1 :], std=0.3)
        self.block = ResidualBlock(size.channels)
        self.norm = nn.LayerNorm(size.channels)
        self.questions = nn.Parameter(torch.randn(size.frames, size.channels))
        self.keys_and_values = nn.Linear(size.channels, 2 * size.channels)
        self.lengths = length_table(longest, size.channels)
        self.trunk = FrameTrunk(size)

    def forward(self, tokens: Tokens) -> Tensor:
        """Embeddings (batch, dim)."""
        # Two convolutions look two tokens ahead: with two of padding the end looks the same in any batch.
        numbers = functional.pad(tokens.numbers, (0, 2), value=self.table.padding_idx)
        batch, longest = numbers.shape
        present = torch.arange(longest, device=numbers.device) < tokens.counts[:, None]  # (batch, longest)
        vectors = self.block(self.table(numbers))
        # Where each onset's tokens stand says nothing of when they sound; summing all up to each token does.
        vectors = self.norm(vectors + vectors.cumsum(1) / tokens.counts[:, None, None])
        keys, values = self.keys_and_values(vectors).chunk(2, dim=-1)

        def split(rows: Tensor) -> Tensor:
            return rows.view(*rows.shape[:2], self.heads, -1).transpose(1, 2)  # (batch, heads, rows, channels / heads)

        questions = self.questions.expand(batch, -1, -1)
        read = functional.scaled_dot_product_attention(
            split(questions), split(keys), split(values), attn_mask=present[:, None, None, :]
        )
        return self.embedded(read.transpose(1, 2).flatten(2) + self.questions, tokens.steps)


def length_table(longest: int | None, channels: int) -> nn.Embedding | None:
    """The table of `Encoder.lengths`."""
    return None if longest is None else nn.Embedding(longest + 1, channels, _weight=torch.zeros(longest + 1, channels))
