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
says by how much the music is transposed. The *blind* one is the same in every key. It is made of waves around the
circle: to turn is to shift the phase of each, all channels of a wave alike, so phases are counted from that of a learnt
mixture of its channels (`Blinding`). All that is lost is how the phases of different waves lie to each other.
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
    of a cell at no place; streams; hidden: of the unfolding; channels: at each place; out: of either vector, at each
    place."""

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


class Unfolded(NamedTuple):
    """Cells, unfolded. frames: (cells, places, frames * kinds); rhythm: (cells, rhythm); shares: (cells, streams), how
    much of each goes into each stream."""

    frames: Tensor
    rhythm: Tensor
    shares: Tensor


class PassageVectors(NamedTuple):
    """Vectors of passages of one size, of length one, (lines, passages, places * out) each; the turning ones place by
    place."""

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
        self.register_buffer("waves", _waves(places), persistent=False)

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


class Blinding(nn.Module):
    """Features that turn with the key, (n, places, channels), to vectors that do not, (n, places * out).

    Each channel is a sum of waves around the circle, of 0 to places / 2 periods; both the even and the odd part of a
    wave are kept, but of the first and of the last, which have one. Turned by p places, a wave of f periods has its
    phase shifted by 2 pi f p / places in every channel. Counted from the phase of a mixture of the channels it stays.
    """

    waves: Tensor

    def __init__(self, channels: int, out: int, *, places: int) -> None:
        super().__init__()
        self.mix = nn.Linear(channels, out)
        self.reference = nn.Parameter(torch.randn(places // 2 + 1, 2 * out) / out**0.5)
        self.register_buffer("waves", _waves(places), persistent=False)

    def forward(self, turning: Tensor) -> Tensor:
        mixed = self.mix(turning).to(self.waves.dtype)
        with torch.autocast(mixed.device.type, enabled=False):  # phases in bfloat16 would not stay as they are
            even, odd = torch.einsum("tfp,npc->tnfc", self.waves, mixed)
        own, other = self.reference.chunk(2, dim=-1)
        real, imaginary = (even * own + odd * other).sum(-1), (odd * own - even * other).sum(-1)
        length = (real.square() + imaginary.square() + 1e-4).sqrt()
        real, imaginary = (real / length)[..., None], (imaginary / length)[..., None]
        along, across = even * real + odd * imaginary, odd * real - even * imaginary
        inner = slice(1, -1)  # the others have no odd part
        return torch.cat([even[:, :1], along[:, 1:], across[:, inner]], dim=1).flatten(1)


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
        self.blind = nn.ModuleList(Blinding(channels, size.out, places=places) for _ in SIZES)

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
        blind = self.blind[number](tokens)
        return functional.normalize(turning, dim=-1), functional.normalize(blind, dim=-1)


def _waves(places: int) -> Tensor:
    """The cosines and sines of 0 to places / 2 periods around a circle; (2, frequencies, places)."""
    angle = 2 * math.pi * torch.outer(torch.arange(places // 2 + 1), torch.arange(places)) / places
    return torch.stack([angle.cos(), angle.sin()])
