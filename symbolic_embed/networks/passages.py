"""The passage encoder: from embeddings of cells to a vector for every passage of two, four and eight bars.

An embedding says which notes a cell has, but says it anew in each key. So each is first *unfolded*: into frames of the
bar, each with some numbers for every place on a circle (the twelve pitch classes), and some for no place (the rhythm).
The unfolding is learnt from what really sounds (`training.passage_module`), so that a cell in another key is the same
frames, turned. All that follows turns along with them: every layer mixes the places of the circle by their distance
alone (`CircularLinear`), so music in another key has the same vectors, turned by as many places.

    cells of a bar    unfolded, and summed over parts in several streams, by learnt shares: who sings, who accompanies
    bar               the streams mixed into `channels` numbers a place
    2, 4, 8 bars      two bars become a passage of two, two of these one of four, two of these one of eight; so one bar
                      more costs three mixtures, however many passages it lies in

From each passage come two vectors. The *turning* one, (places, out), is compared in all turnings, and the best of them
says by how much the music is transposed. The *blind* one is the same in every key: templates are looked for in all
turnings, and only how well each fits where it fits best is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

SIZES = (2, 4, 8)  # bars


@dataclass(frozen=True)
class PassageSize:
    """How large a passage encoder is. dim: of the embeddings it reads; roles: how many roles a part may have; places:
    on the circle; frames: of a bar; kinds: numbers of a frame at each place (what sounds, what begins); rhythm: numbers
    of a cell at no place; streams; hidden: of the unfolding; channels: at each place; out: of a turning vector, at each
    place; templates, blind: of the blind one."""

    dim: int = 256
    roles: int = 4
    places: int = 12
    frames: int = 8
    kinds: int = 2
    rhythm: int = 16
    streams: int = 3
    hidden: int = 512
    channels: int = 40
    out: int = 16
    templates: int = 192
    blind: int = 192


class Unfolded(NamedTuple):
    """Cells, unfolded. frames: (cells, places, frames * kinds); rhythm: (cells, rhythm); shares: (cells, streams), how
    much of each goes into each stream."""

    frames: Tensor
    rhythm: Tensor
    shares: Tensor


class PassageVectors(NamedTuple):
    """Vectors of passages of one size, of length one. turning: (lines, passages, places * out), place by place; blind:
    (lines, passages, blind)."""

    turning: Tensor
    blind: Tensor


class CircularLinear(nn.Module):
    """A linear layer that turns with its input: (n, places, channels) to (n, places, out), of an even circle.

    What it makes at one place depends on what lies so and so many places further: out[p] = sum_j W_j x[p + j] + b. It
    is computed by frequencies on the circle, each of which is mixed by itself: a fifth of the products.
    """

    waves: Tensor

    def __init__(self, channels: int, out: int, *, places: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.randn(places, channels, out) / (places * channels) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(out))
        angle = 2 * math.pi * torch.outer(torch.arange(places // 2 + 1), torch.arange(places)) / places
        self.register_buffer("waves", torch.stack([angle.cos(), angle.sin()]), persistent=False)

    def forward(self, turning: Tensor) -> Tensor:
        places = turning.shape[1]
        whole, quarter = torch.einsum("tfp,npc->tfnc", self.waves, turning)  # (frequencies, n, channels) each
        even, odd = torch.einsum("tfp,pcd->tfcd", self.waves, self.weights)
        weights = torch.cat([torch.cat([even, -odd], dim=2), torch.cat([odd, even], dim=2)], dim=1)
        mixed = torch.bmm(torch.cat([whole, quarter], dim=2), weights)  # (frequencies, n, 2 * out)
        share = turning.new_full((len(mixed), 1), 2 / places)
        share[0] = share[-1] = 1 / places  # of the mean and of the shortest wave there is but one
        out: Tensor = torch.einsum("tfp,tfnd->npd", self.waves * share, torch.stack(mixed.chunk(2, dim=2)))
        return out + self.bias


class Unfolding(nn.Module):
    """Embeddings of cells (cells, dim), with the roles of their parts (cells,), to frames."""

    def __init__(self, size: PassageSize) -> None:
        super().__init__()
        self.size = size
        self.read = nn.Linear(size.dim, size.hidden)
        self.roles = nn.Embedding(size.roles, size.hidden)
        self.think = nn.Linear(size.hidden, size.hidden)
        self.frames = nn.Linear(size.hidden, size.places * size.frames * size.kinds)
        self.others = nn.Linear(size.hidden, size.rhythm + size.streams)

    def forward(self, embeddings: Tensor, roles: Tensor) -> Unfolded:
        hidden = functional.gelu(self.read(embeddings) + self.roles(roles))
        hidden = hidden + functional.gelu(self.think(hidden))
        rhythm, shares = self.others(hidden).split([self.size.rhythm, self.size.streams], dim=-1)
        frames = self.frames(hidden).unflatten(-1, (self.size.places, -1))
        return Unfolded(frames, rhythm, torch.sigmoid(shares))


class Mixture(nn.Module):
    """Features at the places of the circle, mixed: normalised, mixed by distance, rectified, mixed again, and added to
    a plain mixture of what came in."""

    def __init__(self, channels: int, out: int, *, places: int) -> None:
        super().__init__()
        self.plain = nn.Linear(channels, out)
        self.norm = nn.LayerNorm(channels)
        self.first = CircularLinear(channels, out, places=places)
        self.second = nn.Linear(out, out)

    def forward(self, features: Tensor) -> Tensor:
        mixed: Tensor = self.second(functional.gelu(self.first(self.norm(features))))
        plain: Tensor = self.plain(features)
        return plain + mixed


class PassageEncoder(nn.Module):
    """Embeddings of cells to vectors of passages.

    Music is given as *lines* of bars: all parts of a piece together are one, each part alone is one. A line that has no
    cell in a bar is silent there.
    """

    def __init__(self, size: PassageSize) -> None:
        super().__init__()
        self.size = size
        places, channels = size.places, size.channels
        of_bar = size.streams * (size.frames * size.kinds + size.rhythm)
        self.unfolding = Unfolding(size)
        self.bar = Mixture(of_bar, channels, places=places)
        self.pairs = nn.ModuleList(Mixture(2 * channels, channels, places=places) for _ in SIZES)
        self.turning = nn.ModuleList(nn.Linear(channels, size.out) for _ in SIZES)
        self.templates = nn.ModuleList(CircularLinear(channels, size.templates, places=places) for _ in SIZES)
        self.blind = nn.ModuleList(nn.Linear(size.templates, size.blind) for _ in SIZES)

    def forward(self, unfolded: Unfolded, *, slots: Tensor, lines: int, bars: int) -> tuple[PassageVectors, ...]:
        """Vectors for each of SIZES that fits into `bars`: passage b of a line begins with its bar b.

        slots: (cells,), line * bars + bar of each of the unfolded cells; a cell that is in several lines is there as
        often.
        """
        tokens = self.bar(self.streams(unfolded, slots=slots, count=lines * bars)).unflatten(0, (lines, bars))
        vectors = []
        for number, bars_of_size in enumerate(SIZES):
            half = bars_of_size // 2
            if bars < bars_of_size:
                break
            halves = torch.cat([tokens[:, :-half], tokens[:, half:]], dim=-1)  # (lines, passages, places, 2 * channels)
            tokens = self.pairs[number](halves.flatten(0, 1)).unflatten(0, halves.shape[:2])
            turning, blind = self._vectors(tokens.flatten(0, 1), number)
            vectors.append(PassageVectors(*(one.reshape(*halves.shape[:2], -1) for one in (turning, blind))))
        return tuple(vectors)

    def streams(self, unfolded: Unfolded, *, slots: Tensor, count: int) -> Tensor:
        """What sounds in each of `count` slots: (slots, places, streams * (frames * kinds + rhythm)). The frames
        of a stream have length one on average over the places, or are nothing where no cell is."""
        shares = unfolded.shares[:, None, :, None]
        frames = (unfolded.frames[:, :, None] * shares).flatten(2)  # (cells, places, streams * frames * kinds)
        rhythm = (unfolded.rhythm[:, None] * unfolded.shares[:, :, None]).flatten(1)
        summed = frames.new_zeros(count, *frames.shape[1:]).index_add(0, slots, frames)
        beaten = rhythm.new_zeros(count, rhythm.shape[1]).index_add(0, slots, rhythm)
        by_stream = summed.reshape(count, self.size.places, self.size.streams, self.size.frames * self.size.kinds)
        lengths = by_stream.square().sum(dim=(1, 3), keepdim=True).add(1e-4).sqrt()
        summed = (by_stream / lengths * self.size.places**0.5).flatten(2)
        spread = beaten[:, None].expand(-1, self.size.places, -1)
        return torch.cat([summed, spread], dim=-1)

    def _vectors(self, tokens: Tensor, number: int) -> tuple[Tensor, Tensor]:
        turning = self.turning[number](tokens).flatten(-2)
        fits = self.templates[number](tokens).amax(dim=-2)
        blind = self.blind[number](functional.gelu(fits))
        return functional.normalize(turning, dim=-1), functional.normalize(blind, dim=-1)
