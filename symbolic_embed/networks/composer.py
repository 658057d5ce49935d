"""The composer: an LSTM over embeddings that says what comes next.

One track at a time, one window a step. Each step is conditioned on a *context*: the track's last cell, the last whole
bar, what other tracks have already written in this bar (all as embeddings), and the track's role. The output, brought
to the sphere, is a *derived embedding* ([98-103] of the patent), on which a copy of the note decoder is conditioned:
the next bar is not one point but a distribution, and the decoder draws from it, note by note.

Music returns to what it has played. The state of each step therefore also looks back, by attention, at the states of
the earlier steps, and reads there what followed them: if bar 9 begins like bar 1, it finds bar 2. And since what
returns often returns note for note, which no chain of draws would hit, each step also says how likely it is that an
earlier cell of the track returns as it was, and which.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from symbolic_embed.networks.blocks import on_sphere

DISTANCES = 64  # steps back that attention tells apart; all further ones are alike
RETURN_WIDTH = 64  # numbers by which a step finds the one that returns
NEVER = -30.0  # the score of a return in checkpoints that know of none


class Context(NamedTuple):
    """What each step is conditioned on: embeddings (tracks, steps, dim) each, and roles int64 (tracks,).

    last_cell: of the track's cell before. last_bar: of the whole bar before. written: of what other tracks have written
    at this step; zeros where nothing has been.
    """

    last_cell: Tensor
    last_bar: Tensor
    written: Tensor
    roles: Tensor


class ComposerState(NamedTuple):
    """What the composer keeps between steps: the LSTM's state, None before the first step, and of all earlier steps the
    keys (tracks, steps, k) by which what followed them is recalled, those by which they return (tracks, steps,
    RETURN_WIDTH), and what attention reads of the cells that were written then, their values (tracks, steps, dim)."""

    lstm: tuple[Tensor, Tensor] | None
    keys: Tensor
    return_keys: Tensor
    values: Tensor


class Composer(nn.Module):
    """A context to derived embeddings, both of `dim` numbers."""

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
        self.return_questions = nn.Linear(hidden, RETURN_WIDTH)
        self.return_keys = nn.Linear(hidden, RETURN_WIDTH)
        self.return_nearness = nn.Parameter(torch.zeros(DISTANCES + 1))
        self.something_new = nn.Linear(hidden, 1)

    def initial_state(self, tracks: int) -> ComposerState:
        """The state before the first step."""
        widths = (self.key_width, RETURN_WIDTH, self.dim)
        return ComposerState(None, *(self.derive.weight.new_zeros(tracks, 0, width) for width in widths))

    def forward(self, context: Context, before: ComposerState) -> tuple[Tensor, Tensor, ComposerState]:
        """Derived embeddings (tracks, steps, dim), scores of returns, and the state after the steps.

        The scores are (tracks, steps, all steps so far), the first being the very first of all calls: at s how likely
        it is that the cell written at step s returns, -inf unless s lies before; the last column is that of something
        new. They become probabilities by a softmax.

        `context.last_cell` of step t + 1 is what was written at step t; the last step's cell is not known yet, and is
        the first of the next call.
        """
        hidden, after = self.advance(context, before)
        recalled = self._recall(hidden, after.keys, after.values)
        derived = on_sphere(self.derive(torch.cat([hidden, recalled], dim=-1)))
        return derived, self._returns(hidden, after.return_keys), after

    def advance(self, context: Context, before: ComposerState) -> tuple[Tensor, ComposerState]:
        """The LSTM's outputs (tracks, steps, hidden), and the state after the steps, as `forward` has it; time and
        memory grow with the steps, where looking back grows with their square."""
        embeddings = torch.cat([context.last_cell, context.last_bar, context.written], dim=-1)
        inputs = torch.relu(self.listen(embeddings) + self.role_vectors(context.roles)[:, None])
        with torch.autocast(inputs.device.type, enabled=False):  # as in the decoder
            precision = next(self.lstm.parameters()).dtype
            hidden, lstm = self._go_on(inputs.to(precision), before.lstm)  # (tracks, steps, hidden)
        keys = torch.cat([before.keys, self.keys(hidden)], dim=1)  # (tracks, before + steps, k)
        return_keys = torch.cat([before.return_keys, self.return_keys(hidden)], dim=1)
        values = torch.cat([before.values, self.values(context.last_cell)], dim=1)  # row s: of what step s - 1 wrote
        return hidden, ComposerState(lstm, keys, return_keys, values)

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

    def _returns(self, states: Tensor, keys: Tensor) -> Tensor:
        """Scores of what returns, as `forward` gives them; keys (tracks, all steps so far, RETURN_WIDTH)."""
        steps, total = states.shape[1], keys.shape[1]
        now = torch.arange(total - steps, total, device=states.device)[:, None]
        then = torch.arange(total - 1, device=states.device)
        likeness = self.return_questions(states) @ keys[:, :-1].transpose(1, 2) / RETURN_WIDTH**0.5
        scores = likeness + self.return_nearness[(now - then).clamp(0, DISTANCES)]  # (tracks, steps, total - 1)
        scores = scores.masked_fill(then >= now, -torch.inf)
        return torch.cat([scores, self.something_new(states)], dim=-1)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """In checkpoints of format 1 nothing returns note for note."""
        if f"{prefix}return_nearness" not in state_dict:
            for layer in ("return_questions", "return_keys", "something_new"):
                for name, weights in getattr(self, layer).named_parameters():
                    state_dict[f"{prefix}{layer}.{name}"] = torch.zeros_like(weights)
            state_dict[f"{prefix}return_nearness"] = torch.full_like(self.return_nearness, NEVER)
        super()._load_from_state_dict(state_dict, prefix, *rest)
