"""What was played to a point near which the next embedding lies among many.

A sequence is one part (or all parts together) over a few steps, oldest first. At each step there is its own embedding,
and, where they are known, that of everything together and those of its *company*: the other parts, in this step and in
the next, for who accompanies hears what the others play. A small transformer (Vaswani and others 2017, normalised
before each block) looks back over the sequence, never ahead, and gives for every step an *anchor* for what follows.
What may follow has a *target*, made of its own embedding alone, so that targets can be put into an index; both lie on
the sphere of radius sqrt(out), and the nearer a target is to an anchor, the likelier it comes next.

A company is a set: each member is mapped by itself, and the sum over the members is taken, so their order says nothing.

An anchor is a weighted sum of what was played, which finds much of what follows without any training, and what the
transformer adds to it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from symbolic_embed.networks.blocks import on_sphere

FEED_FORWARD = 4  # times the width
FIRST_WEIGHTS = (1.0, 0.5, 0.3, 0.3)  # of what was played now, one step ago, two, three: good without any training
FIRST_WEIGHT_BESIDE = 0.3  # of everything together, and of each of the company in the next step


class AnchorContext(NamedTuple):
    """What anchors are made from, oldest step first; steps after the last one that counts may hold anything.

    own: (sequences, steps, dim). sounds: bool (sequences, steps), whether there is one, else a rest. whole: (sequences,
    steps, dim), of all parts; whole_known: bool (sequences, steps). company: (sequences, steps + 1, out + width), the
    sum of what `AnchorNetwork.member` makes of the other parts, 0 where none plays; company_known: bool (sequences,).
    roles: (sequences,).
    """

    own: Tensor
    sounds: Tensor
    whole: Tensor
    whole_known: Tensor
    company: Tensor
    company_known: Tensor
    roles: Tensor


class AnchorNetwork(nn.Module):
    """Two towers: contexts to anchors, embeddings to targets. `longest` steps at most; `roles` are numbered from 0."""

    def __init__(
        self, *, dim: int, roles: int, width: int, layers: int, heads: int, out: int, longest: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.longest, self.width, self.out = longest, width, out
        self.own, self.whole = nn.Linear(dim, width), nn.Linear(dim, width)
        self.rest, self.unknown_whole, self.known_company = (_vectors(1, width) for _ in range(3))
        self.role, self.place, self.member_role = (_vectors(count, width) for count in (roles, longest, roles))
        self.members = nn.Sequential(nn.Linear(dim, width), nn.GELU())
        self.company_norm = nn.LayerNorm(width)
        self.company_now, self.company_next = nn.Linear(width, width), nn.Linear(width, width)
        self.dropped = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(CausalBlock(width, heads, dropout=dropout) for _ in range(layers))
        self.norm, self.anchor = nn.LayerNorm(width), nn.Linear(width, out)
        self.straight = nn.Linear(dim, out, bias=False)
        self.detour = nn.Sequential(nn.Linear(dim, width), nn.GELU(), nn.Linear(width, out))
        self.past_weights = nn.Parameter(torch.zeros(longest))
        self.whole_weight, self.company_weight = (nn.Parameter(torch.tensor(FIRST_WEIGHT_BESIDE)) for _ in range(2))
        self._begin_as_a_mixture()

    @torch.no_grad()
    def _begin_as_a_mixture(self) -> None:
        """An anchor begins as the weighted sum alone, in which the first numbers of embeddings, half of `out`, count
        most and are not mixed with each other."""
        half = self.out // 2
        self.straight.weight.mul_(0.1)
        self.straight.weight[:half] = torch.eye(half, self.straight.in_features)
        for parameter in (*self.anchor.parameters(), *self.detour[2].parameters()):
            parameter.zero_()
        known = min(self.longest, len(FIRST_WEIGHTS))
        self.past_weights[:known] = torch.tensor(FIRST_WEIGHTS[:known])

    def member(self, embeddings: Tensor, roles: Tensor) -> Tensor:
        """Each embedding (..., dim) of a part of a role (...) as a member of a company; (..., out + width)."""
        return torch.cat([self.straight(embeddings), self.members(embeddings) + self.member_role[roles]], dim=-1)

    def targets(self, embeddings: Tensor) -> Tensor:
        """Where embeddings (..., dim) lie among the anchors; (..., out)."""
        return on_sphere(self.straight(embeddings) + self.detour(embeddings))

    def forward(self, context: AnchorContext) -> Tensor:
        """An anchor for what follows each step; (sequences, steps, out)."""
        steps = context.own.shape[1]
        hidden = torch.where(context.sounds[..., None], self.own(context.own), self.rest)
        hidden = hidden + torch.where(context.whole_known[..., None], self.whole(context.whole), self.unknown_whole)
        company = self.company_norm(context.company[:, :, self.out :])
        beside = self.company_now(company[:, :-1]) + self.company_next(company[:, 1:])
        hidden = hidden + torch.where(context.company_known[:, None, None], beside + self.known_company, 0.0)
        hidden = self.dropped(hidden + self.role[context.roles][:, None] + self.place[:steps])
        for block in self.blocks:
            hidden = block(hidden)  # (sequences, steps, width)
        return on_sphere(self._mixture(context) + self.anchor(self.norm(hidden)))

    def _mixture(self, context: AnchorContext) -> Tensor:
        """The weighted sum of what was played; (sequences, steps, out)."""
        steps = context.own.shape[1]
        back = torch.arange(steps, device=context.own.device)
        back = back[:, None] - back  # (steps, steps), how far the second lies back from the first
        weights = torch.where(back >= 0, self.past_weights[back.clamp(min=0)], 0.0)
        mixture: Tensor = weights @ (self.straight(context.own) * context.sounds[..., None])
        mixture = mixture + self.whole_weight * self.straight(context.whole) * context.whole_known[..., None]
        company = context.company[:, 1:, : self.out] * context.company_known[:, None, None]
        return mixture + self.company_weight * company


def sums_of_the_others(members: Tensor, plays: Tensor, *, piece: Tensor) -> Tensor:
    """For each part the sum over the members (parts, steps, width) of its piece but itself, where they play, bool
    (parts, steps). piece: (parts,), from 0."""
    playing = members * plays[..., None]
    pieces = int(piece.max()) + 1 if len(piece) else 0
    return playing.new_zeros(pieces, *playing.shape[1:]).index_add(0, piece, playing)[piece] - playing


class CausalBlock(nn.Module):
    """Attention to this step and those before it, then two layers for each step; each is added to what came in."""

    def __init__(self, width: int, heads: int, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.asked, self.heard = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, FEED_FORWARD * width), nn.Linear(FEED_FORWARD * width, width)
        self.dropped = nn.Dropout(dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        first, second = self.norms
        rows = self.asked(first(hidden)).unflatten(-1, (3, self.heads, -1))
        questions, keys, values = rows.permute(2, 0, 3, 1, 4)  # each (sequences, heads, steps, width of a head)
        heard = functional.scaled_dot_product_attention(questions, keys, values, is_causal=True)
        hidden = hidden + self.dropped(self.heard(heard.transpose(1, 2).flatten(2)))
        added: Tensor = self.dropped(self.narrow(functional.gelu(self.wide(second(hidden)))))
        return hidden + added


def _vectors(count: int, width: int) -> nn.Parameter:
    """Learnt vectors, small at first; (count, width)."""
    return nn.Parameter(0.02 * torch.randn(count, width))
