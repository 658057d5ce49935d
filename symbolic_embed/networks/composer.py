"""The composer: an LSTM over embeddings that says what comes next.

One track at a time, one window a step. At each step it is told the track's last cell, the last whole bar, what other
tracks have already written in this bar (all as embeddings), and the track's role. Its output, brought to the sphere, is
a *derived embedding* ([98-103] of the patent), which conditions a copy of the note decoder: the next bar is not one
point but a distribution, and the decoder draws from it, note by note.

Music returns to what it has said. The state of each step therefore also looks back, by attention, at the states of the
earlier steps, and reads there what followed them: if bar 9 begins like bar 1, it finds bar 2.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from symbolic_embed.networks.blocks import on_sphere

DISTANCES = 64  # steps back that attention tells apart; all further ones are alike


class Heard(NamedTuple):
    """What the composer is told: embeddings (tracks, steps, dim) each, and roles int64 (tracks,).

    last_cell: of the track's cell before. last_bar: of the whole bar before. written: of what other tracks have written
    at this step; zeros where nothing has been.
    """

    last_cell: Tensor
    last_bar: Tensor
    written: Tensor
    roles: Tensor


class Memory(NamedTuple):
    """What the composer keeps between steps: the LSTM's state, and of all earlier steps the keys (tracks, steps, k)
    and what attention reads of the cells that were written then, their values (tracks, steps, dim)."""

    lstm: tuple[Tensor, Tensor] | None
    keys: Tensor
    values: Tensor


class Composer(nn.Module):
    """Embeddings heard to derived embeddings, both of `dim` numbers."""

    def __init__(
        self, *, dim: int = 256, hidden: int = 384, layers: int = 1, heads: int = 4, roles: int = 4, width: int = 256
    ) -> None:
        super().__init__()
        self.dim, self.heads, self.key_width = dim, heads, heads * 32
        self.listen = nn.Linear(3 * dim, width)
        self.role_vectors = nn.Embedding(roles, width)
        self.lstm = nn.LSTM(width, hidden, layers, batch_first=True)
        self.questions = nn.Linear(hidden, self.key_width)
        self.keys = nn.Linear(hidden, self.key_width)
        self.values = nn.Linear(dim, dim)
        self.nearness = nn.Parameter(torch.zeros(heads, DISTANCES + 1))
        self.derive = nn.Linear(hidden + dim, dim)

    def no_memory(self, tracks: int) -> Memory:
        """The memory before the first step."""
        parameter = self.derive.weight
        return Memory(None, parameter.new_zeros(tracks, 0, self.key_width), parameter.new_zeros(tracks, 0, self.dim))

    def forward(self, heard: Heard, memory: Memory) -> tuple[Tensor, Memory]:
        """Derived embeddings (tracks, steps, dim), and the memory after the steps.

        `heard.last_cell` of step t + 1 is what was written at step t; the last step's cell is not known yet, and is
        heard first thing at the next call.
        """
        states, memory = self.remember(heard, memory)
        recalled = self._recall(states, memory.keys, memory.values)
        return on_sphere(self.derive(torch.cat([states, recalled], dim=-1))), memory

    def remember(self, heard: Heard, memory: Memory) -> tuple[Tensor, Memory]:
        """The states (tracks, steps, hidden), and the memory after the steps, as `forward` has it; costs and memory
        grow with the steps, where looking back grows with their square."""
        told = torch.cat([heard.last_cell, heard.last_bar, heard.written], dim=-1)
        inputs = torch.relu(self.listen(told) + self.role_vectors(heard.roles)[:, None])
        states, lstm = self._go_on(inputs.to(self.lstm.weight_hh_l0.dtype), memory.lstm)  # (tracks, steps, hidden)
        keys = torch.cat([memory.keys, self.keys(states)], dim=1)  # (tracks, before + steps, k)
        values = torch.cat([memory.values, self.values(heard.last_cell)], dim=1)  # row s: of what step s - 1 wrote
        return states, Memory(lstm, keys, values)

    def _go_on(self, inputs: Tensor, lstm: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """What the LSTM says to inputs (tracks, steps, width). A single step goes cell by cell: of one
        track that takes a third of the time of `LSTM` (medians of 200), of 64 tracks nine tenths."""
        if inputs.shape[1] != 1 or lstm is None:
            return self.lstm(inputs, lstm)
        below, states = inputs[:, 0], []
        for layer in range(self.lstm.num_layers):
            before = (lstm[0][layer], lstm[1][layer])
            states.append(torch.lstm_cell(below, before, *self.lstm.all_weights[layer]))
            below = states[-1][0]
        hidden, cells = zip(*states, strict=True)
        return below[:, None], (torch.stack(hidden), torch.stack(cells))

    def _recall(self, states: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """For each state, what followed the earlier states it resembles; (tracks, steps, dim).

        The key of step s belongs to the cell written at step s, whose value is row s + 1 of `values`.
        """
        tracks, steps, _ = states.shape
        total = keys.shape[1]
        if total < 2:
            return states.new_zeros(tracks, steps, self.dim)
        now = torch.arange(total - steps, total, device=states.device)[:, None]
        then = torch.arange(total - 1, device=states.device)
        back = (now - then).clamp(0, DISTANCES)  # (steps, total - 1)
        questions = self.questions(states).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        answers = keys[:, :-1].unflatten(-1, (self.heads, -1)).transpose(1, 2)
        read = values[:, 1:].unflatten(-1, (self.heads, -1)).transpose(1, 2)
        likeness = questions @ answers.transpose(2, 3) / questions.shape[-1] ** 0.5 + self.nearness[:, back]
        likeness = likeness.masked_fill(then >= now, -torch.inf)  # (tracks, heads, steps, total - 1)
        shares = torch.softmax(likeness, dim=-1).nan_to_num()  # the first step has nothing to look back at
        return (shares @ read).transpose(1, 2).flatten(2)
