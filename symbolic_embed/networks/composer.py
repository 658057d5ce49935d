"""The composer: an LSTM over embeddings that says what comes next.

One track at a time, one window a step. Each step is conditioned on a *context*: the track's last cell, the last whole
bar, what other tracks have already written in this bar, what the plan (`bar_plan.py`) says of it: the earlier window
it is like, of which the track's cell and the whole bar are seen, and the chord; and the track's role. The output,
brought to the sphere, is a *derived embedding* ([98-103] of the patent), on which a copy of the note decoder is
conditioned: the next bar is not one point but a distribution, and the decoder draws from it, note by note.

Music returns to what it has played. The state of each step therefore also looks back, by attention, at the states of
the earlier steps, and reads there what followed them: if bar 9 begins like bar 1, it finds bar 2. And since what
returns often returns note for note, which no chain of draws would hit, each step also says how likely it is that the
track's cell in the earlier window returns as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from symbolic_embed.networks.blocks import on_sphere

DISTANCES = 64  # steps back that attention tells apart; all further ones are alike


class Context(NamedTuple):
    """What each step is conditioned on: embeddings (tracks, steps, dim) each, and numbers.

    last_cell: of the track's cell before. last_bar: of the whole bar before. written: of what other tracks have written
    at this step; source_cell, source_bar: of the track, and of all, in the earlier window that this one is like; zeros
    where there is none. chords: int64 (tracks, steps). roles: int64 (tracks,).
    """

    last_cell: Tensor
    last_bar: Tensor
    written: Tensor
    source_cell: Tensor
    source_bar: Tensor
    chords: Tensor
    places: Tensor
    roles: Tensor


class ComposerState(NamedTuple):
    """What the composer keeps between steps: the LSTM's state, None before the first step, and of all earlier steps the
    keys (tracks, steps, k) by which what followed them is recalled, and what attention reads of the cells that were
    written then, their values (tracks, steps, dim)."""

    lstm: tuple[Tensor, Tensor] | None
    keys: Tensor
    values: Tensor

    def last(self, steps: int) -> ComposerState:
        """The same state, which recalls only the last so many steps."""
        return ComposerState(self.lstm, self.keys[:, -steps:], self.values[:, -steps:])

    def rows(self, tracks: Tensor) -> ComposerState:
        """The state of some of the tracks, by their numbers, int64 (some,)."""
        lstm = None if self.lstm is None else (self.lstm[0][:, tracks], self.lstm[1][:, tracks])
        return ComposerState(lstm, self.keys[tracks], self.values[tracks])


@dataclass(frozen=True)
class ComposerSize:
    """dim: of embeddings; hidden: of the LSTM, of `layers` layers; heads: of attention; width: of the LSTM's inputs;
    roles, chords, places in a phrase: how many there are; returning: features of a return."""

    dim: int = 256
    hidden: int = 384
    layers: int = 1
    heads: int = 4
    width: int = 256
    roles: int = 4
    chords: int = 37
    places: int = 8
    returning: int = 10


class Composer(nn.Module):
    """A context to derived embeddings, both of `dim` numbers."""

    def __init__(self, size: ComposerSize) -> None:
        super().__init__()
        self.size, self.dim, self.heads, self.key_width = size, size.dim, size.heads, size.heads * 32
        dim, hidden, width = size.dim, size.hidden, size.width
        self.listen = nn.Linear(3 * dim, width)
        self.look_back = nn.Linear(2 * dim + size.chords + size.places, width, bias=False)
        nn.init.zeros_(self.look_back.weight)
        self.role_vectors = nn.Embedding(size.roles, width)
        self.lstm = nn.LSTM(width, hidden, size.layers, batch_first=True)
        self.questions = nn.Linear(hidden, self.key_width)
        self.keys = nn.Linear(hidden, self.key_width)
        self.values = nn.Linear(dim, dim)
        self.nearness = nn.Parameter(torch.zeros(size.heads, DISTANCES + 1))
        self.derive = nn.Linear(hidden + dim, dim)
        self.returning = nn.Sequential(nn.Linear(hidden + size.returning, 64), nn.ReLU(), nn.Linear(64, 1))

    def initial_state(self, tracks: int) -> ComposerState:
        """The state before the first step."""
        return ComposerState(None, *(self.derive.weight.new_zeros(tracks, 0, w) for w in (self.key_width, self.dim)))

    def forward(self, context: Context, before: ComposerState) -> tuple[Tensor, Tensor, ComposerState]:
        """Derived embeddings (tracks, steps, dim), the LSTM's outputs (tracks, steps, hidden), and the state after the
        steps.

        `context.last_cell` of step t + 1 is what was written at step t; the last step's cell is not known yet, and is
        the first of the next call.
        """
        hidden, after = self.advance(context, before)
        recalled = self._recall(hidden, after.keys, after.values)
        return on_sphere(self.derive(torch.cat([hidden, recalled], dim=-1))), hidden, after

    def return_logits(self, hidden: Tensor, features: Tensor) -> Tensor:
        """Whether the source cell returns note for note: outputs of the LSTM (..., hidden), features (..., returning)
        to logits (...)."""
        logits: Tensor = self.returning(torch.cat([hidden, features], dim=-1))[..., 0]
        return logits

    def advance(self, context: Context, before: ComposerState) -> tuple[Tensor, ComposerState]:
        """The LSTM's outputs (tracks, steps, hidden), and the state after the steps, as `forward` has it; time and
        memory grow with the steps, where looking back grows with their square."""
        embeddings = torch.cat([context.last_cell, context.last_bar, context.written], dim=-1)
        numbers = ((context.chords, self.size.chords), (context.places, self.size.places))
        planned = [functional.one_hot(column, many).to(embeddings.dtype) for column, many in numbers]
        earlier = self.look_back(torch.cat([context.source_cell, context.source_bar, *planned], dim=-1))
        inputs = torch.relu(self.listen(embeddings) + earlier + self.role_vectors(context.roles)[:, None])
        with torch.autocast(inputs.device.type, enabled=False):  # as in the decoder
            precision = next(self.lstm.parameters()).dtype
            hidden, lstm = self._go_on(inputs.to(precision), before.lstm)  # (tracks, steps, hidden)
        keys = torch.cat([before.keys, self.keys(hidden)], dim=1)  # (tracks, before + steps, k)
        values = torch.cat([before.values, self.values(context.last_cell)], dim=1)  # row s: of what step s - 1 wrote
        return hidden, ComposerState(lstm, keys, values)

    def _go_on(self, inputs: Tensor, lstm: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The LSTM's outputs for inputs (tracks, steps, width), and its state. A single step goes cell by cell: of one
        track that takes a third of the time of `LSTM` (medians of 200), of 64 tracks nine tenths."""
        if inputs.shape[1] != 1 or lstm is None:
            outputs, state = self.lstm(inputs, lstm)
            return outputs, state
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
        questions, answers, read = (
            rows.view(*rows.shape[:2], self.heads, rows.shape[2] // self.heads).transpose(1, 2)
            for rows in (self.questions(states), keys[:, :-1], values[:, 1:])
        )  # (tracks, heads, steps or total - 1, width of a head)
        likeness = questions @ answers.transpose(2, 3) / questions.shape[-1] ** 0.5 + self.nearness[:, back]
        likeness = likeness.masked_fill(then >= now, -torch.inf)  # (tracks, heads, steps, total - 1)
        shares = torch.softmax(likeness, dim=-1).nan_to_num()  # the first step has nothing to look back at
        return (shares @ read).transpose(1, 2).flatten(2)
