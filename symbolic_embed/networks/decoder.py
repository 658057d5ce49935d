"""The token decoder: from an embedding to notes, one after the other, by a plan.

The embedding first unfolds to a plan, one vector a frame. A recurrent network then writes note by note. For each note
it chooses the onset, by comparing its state with the plan's frames; then reads the plan at the chosen onset and chooses
the pitch; then, knowing both, the length. Each choice is a distribution over classes, so the whole has a likelihood and
can be trained on it, and each can be restricted, so that every output is legal.

Notes are rows of three class numbers: onset, pitch token, length. Onset class `steps` means the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from symbolic_embed.networks.blocks import NetworkSize, ResidualBlock
from symbolic_embed.networks.following import Beside
from symbolic_embed.networks.standardisation import Standardisation


@dataclass(frozen=True)
class NoteClasses:
    """How many onsets (steps of the window), pitch tokens and lengths there are, and how many steps a frame has."""

    steps: int = 48
    pitches: int = 256
    lengths: int = 57
    steps_per_frame: int = 3

    @property
    def end(self) -> int:
        return self.steps


@dataclass(frozen=True)
class Plan:
    """What the decoder reads while it writes: frames (batch, frames, channels), keys (batch, steps, key channels) for
    the choice of onsets, and the recurrent network's first state (1, batch, hidden)."""

    frames: Tensor
    keys: Tensor
    state: Tensor


class NoteDecoder(nn.Module):
    """Embeddings (batch, dim) to notes. size.frames * classes.steps_per_frame must be classes.steps. Where embeddings
    are bounded they come with the encoder's standardisation, which is undone before they are read. hidden: width of the
    recurrent network."""

    def __init__(self, size: NetworkSize, *, classes: NoteClasses, hidden: int = 256) -> None:
        super().__init__()
        dim, frames, channels = size.dim, size.frames, size.channels
        self.classes = classes
        self.standard = Standardisation(dim=dim) if size.bounded else None
        self.unfold = nn.Linear(dim, frames * channels)
        self.places = nn.Parameter(torch.randn(frames, channels) * 0.1)
        self.plan_blocks = nn.Sequential(ResidualBlock(channels), ResidualBlock(channels))
        self.plan_norm = nn.LayerNorm(channels)
        self.first_state = nn.Linear(dim, hidden)
        self.keys = nn.Linear(channels, classes.steps_per_frame * channels // 2)
        self.onset_vectors = nn.Embedding(classes.steps + 1, channels)
        self.pitch_vectors = nn.Embedding(classes.pitches, channels)
        self.length_vectors = nn.Embedding(classes.lengths, channels)
        self.recurrent = nn.GRU(channels, hidden, batch_first=True)
        self.query = nn.Linear(hidden, channels // 2)
        self.onset_head = nn.Linear(hidden, classes.steps + 1)
        self.pitch_hidden = nn.Linear(hidden + 2 * channels, hidden)
        self.pitch_head = nn.Linear(hidden, classes.pitches)
        self.length_hidden = nn.Linear(hidden + channels, hidden)
        self.length_head = nn.Linear(hidden, classes.lengths)

    def plan(self, embeddings: Tensor) -> Plan:
        """The plan of each embedding (batch, dim)."""
        if self.standard is not None:
            embeddings = self.standard.inverse(embeddings)
        batch = embeddings.shape[0]
        frames = self.unfold(embeddings).view(batch, *self.places.shape) + self.places
        frames = self.plan_norm(self.plan_blocks(frames))  # (batch, frames, channels)
        keys = self.keys(frames).reshape(batch, self.classes.steps, -1)  # (batch, steps, channels / 2)
        return Plan(frames, keys, torch.tanh(self.first_state(embeddings)).unsqueeze(0))

    def read_notes(self, notes: Tensor) -> Tensor:
        """The recurrent network's inputs for written notes: (..., 3) class numbers to (..., channels)."""
        onset, pitch, length = notes.unbind(dim=-1)
        vectors: Tensor = self.onset_vectors(onset) + self.pitch_vectors(pitch) + self.length_vectors(length)
        return vectors

    def onset_logits(self, states: Tensor, keys: Tensor) -> Tensor:
        """states (batch, notes, hidden), keys (batch, steps, k) to logits (batch, notes, steps + 1), the last: end."""
        near: Tensor = self.query(states) @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5  # (batch, notes, steps)
        logits: Tensor = self.onset_head(states) + functional.pad(near, (0, 1))
        return logits

    def pitch_features(self, states: Tensor, frames: Tensor, onsets: Tensor) -> Tensor:
        """states (n, hidden), frames (n, channels) at the chosen onsets (n,) to features (n, hidden)."""
        together = torch.cat([states, frames, self.onset_vectors(onsets)], dim=-1)
        return functional.relu(self.pitch_hidden(together))

    def length_logits(self, features: Tensor, pitches: Tensor) -> Tensor:
        """Features of the pitch choice (n, hidden) and the pitches chosen (n,) to logits (n, lengths)."""
        together = torch.cat([features, self.pitch_vectors(pitches)], dim=-1)
        logits: Tensor = self.length_head(functional.relu(self.length_hidden(together)))
        return logits

    def negative_log_likelihood(
        self, embeddings: Tensor, notes: Tensor, counts: Tensor, beside: Beside | None = None
    ) -> tuple[Tensor, Tensor]:
        """Of given notes under the embeddings, and under what lies `beside` them to be copied.

        notes: int64 (batch, longest, 3), rows past `counts` (batch,) are ignored. Returns the sum over notes of each
        choice (onset, pitch, length), (3,), where the choice of the end counts as an onset; and the number of notes.
        """
        choices = self._choices(embeddings, notes, counts, beside)
        losses = [functional.cross_entropy(logits, chosen, reduction="sum") for logits, chosen, _ in choices]
        return torch.stack(losses), counts.sum()

    def nats_of_each(self, embeddings: Tensor, notes: Tensor, counts: Tensor, beside: Beside | None = None) -> Tensor:
        """The negative log likelihood of each window, all choices together; (batch,). The rest is as above."""
        nats = embeddings.new_zeros(len(embeddings))
        for logits, chosen, window in self._choices(embeddings, notes, counts, beside):
            nats.index_add_(0, window, functional.cross_entropy(logits, chosen, reduction="none"))
        return nats

    def _choices(
        self, embeddings: Tensor, notes: Tensor, counts: Tensor, beside: Beside | None
    ) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Of onset, pitch and length: logits (choices, classes), the class that was chosen, and which window of the
        batch each choice is of, (choices,)."""
        plan = self.plan(embeddings)
        batch, longest = notes.shape[:2]
        before = functional.pad(self.read_notes(notes), (0, 0, 1, 0))  # (batch, longest + 1, channels)
        precision = next(self.recurrent.parameters()).dtype  # mixed precision leaves recurrences as they are
        with torch.autocast(before.device.type, enabled=False):  # on a GPU it would make them float16, not bfloat16
            states, _ = self.recurrent(before.to(precision), plan.state.to(precision))  # (batch, longest + 1, hidden)
        ordinal = torch.arange(longest + 1, device=notes.device)
        is_note, is_choice = ordinal[:-1] < counts[:, None], ordinal <= counts[:, None]
        onsets = functional.pad(notes[..., 0], (0, 1)).masked_fill(ordinal >= counts[:, None], self.classes.end)
        onset_logits = self.onset_logits(states, plan.keys)[is_choice]
        window = torch.arange(batch, device=notes.device)[:, None].expand(batch, longest + 1)
        row = window[:, :-1][is_note]
        chosen = notes[is_note]  # (n, 3)
        frames = plan.frames[row, chosen[:, 0] // self.classes.steps_per_frame]  # (n, channels)
        features = self.pitch_features(states[:, :-1][is_note], frames, chosen[:, 0])
        logits = [onset_logits, self.pitch_head(features), self.length_logits(features, chosen[:, 1])]
        if beside is not None:
            votes = beside.votes(states, notes, counts)
            logits = [of_choice + added for of_choice, added in zip(logits, votes, strict=True)]
        classes = (onsets[is_choice], chosen[:, 1], chosen[:, 2])
        return list(zip(logits, classes, (window[is_choice], row, row), strict=True))
