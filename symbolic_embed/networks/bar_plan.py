"""The plan of the next window, before any part writes in it: which earlier window it is like, its chord, who plays.

An LSTM over the embeddings of whole windows. Its state asks all earlier windows, by the states that came before them
and by what is known of how like they are (features, computed by the caller), which of them returns; the answers are a
distribution over these and over *nothing*. Given the window that returns, its *source*, the chord is drawn, towards
that of the source and of the last window; and given both, for each part, whether it plays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class PlanSize:
    """dim: of embeddings; candidate, playing: features of each earlier window, and of each part; chords, roles: how
    many there are; hidden: of the LSTM; key: numbers by which a window is found again."""

    dim: int
    candidate: int
    playing: int
    chords: int
    roles: int
    places: int
    hidden: int = 192
    key: int = 48


class PlanState(NamedTuple):
    """The LSTM's state, None before the first window, and the keys of all windows so far, (pieces, windows, key)."""

    lstm: tuple[Tensor, Tensor] | None
    keys: Tensor

    def rows(self, pieces: Tensor) -> PlanState:
        """The state of some of the pieces, by their numbers, int64 (some,)."""
        lstm = None if self.lstm is None else (self.lstm[0][:, pieces], self.lstm[1][:, pieces])
        return PlanState(lstm, self.keys[pieces])


class BarPlan(nn.Module):
    """Embeddings of windows (pieces, windows, dim) to the plans of those that follow each."""

    def __init__(self, size: PlanSize) -> None:
        super().__init__()
        self.size = size
        self.listen = nn.Linear(size.dim + size.chords + size.places, size.hidden)
        self.lstm = nn.LSTM(size.hidden, size.hidden, batch_first=True)
        self.questions = nn.Linear(size.hidden, size.key)
        self.keys = nn.Linear(size.hidden, size.key)
        self.candidates = nn.Sequential(nn.Linear(size.candidate, 48), nn.ReLU(), nn.Linear(48, 1))
        self.nothing = nn.Linear(size.hidden, 1)
        self.chord_hidden = nn.Linear(size.hidden + 2 * size.chords + 12, size.hidden)
        self.chord = nn.Linear(size.hidden, size.chords)
        self.chord_gates = nn.Linear(size.hidden, 2)
        self.role_vectors = nn.Embedding(size.roles, 16)
        self.playing = nn.Sequential(nn.Linear(size.hidden + 16 + size.playing, 64), nn.ReLU(), nn.Linear(64, 1))

    def initial_state(self, pieces: int) -> PlanState:
        """The state before the first window."""
        return PlanState(None, self.keys.weight.new_zeros(pieces, 0, self.size.key))

    def forward(self, bars: Tensor, chords: Tensor, places: Tensor, before: PlanState) -> tuple[Tensor, PlanState]:
        """The states (pieces, windows, hidden) from which the window after each of `bars` (pieces, windows, dim) is
        planned, and the state after them; chords, places: int64 (pieces, windows), their chords, and the place in its
        phrase of the window that is planned."""
        chord, place = functional.one_hot(chords, self.size.chords), functional.one_hot(places, self.size.places)
        heard = torch.cat([bars, chord.to(bars.dtype), place.to(bars.dtype)], dim=-1)
        inputs = torch.relu(self.listen(heard))
        with torch.autocast(inputs.device.type, enabled=False):  # as in the decoder
            precision = next(self.lstm.parameters()).dtype
            lstm = before.lstm
            hidden, lstm = self.lstm(inputs.to(precision), lstm)
        return hidden, PlanState(lstm, torch.cat([before.keys, self.keys(hidden)], dim=1))

    def source_scores(self, states: Tensor, keys: Tensor, features: Tensor, fits: Tensor) -> Tensor:
        """Scores of what one window of each piece is like: (..., earlier + 1), the last: like none.

        states (..., hidden); keys (..., earlier, key): of the windows before these, so that the key of window s is what
        was known when s came, zeros before the first; features (..., earlier, candidate); fits: bool (..., earlier),
        which may return.
        """
        likeness = (keys @ self.questions(states)[..., None])[..., 0] / self.size.key**0.5
        scores = (likeness + self.candidates(features)[..., 0]).masked_fill(~fits, -torch.inf)
        return torch.cat([scores, self.nothing(states)], dim=-1)

    def chord_logits(self, states: Tensor, of_source: Tensor, last: Tensor, classes: Tensor) -> Tensor:
        """(..., chords): states (..., hidden), the chords of source (0 where there is none) and last window (...), and
        what the piece is used to, (..., 12)."""
        known = torch.stack([of_source, last], dim=-1)
        votes = functional.one_hot(known, self.size.chords).to(states.dtype)  # (..., 2, chords)
        hidden = torch.relu(self.chord_hidden(torch.cat([states, votes.flatten(-2), classes], dim=-1)))
        logits: Tensor = self.chord(hidden) + (self.chord_gates(hidden)[..., None, :] @ votes)[..., 0, :]
        return logits

    def playing_logits(self, states: Tensor, roles: Tensor, features: Tensor) -> Tensor:
        """Whether parts play, (...): states of their pieces (..., hidden), roles (...), features (..., playing)."""
        together = torch.cat([states, self.role_vectors(roles), features], dim=-1)
        logits: Tensor = self.playing(together)[..., 0]
        return logits
