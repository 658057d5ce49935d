"""Writing notes with the decoder, one after the other, under a grammar.

Whatever the weights say, the notes that come out are legal (`grammar.py`). A window ends when the decoder says so or
when it is full.

Greedy writing takes the likeliest class at each choice. Otherwise classes are drawn at a temperature from the smallest
set of likeliest classes that together have probability `top_p` (nucleus sampling, Holtzman and others 2020).

The networks compute in torch; rules and draws, many small steps a note, in NumPy, where a small step costs a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.networks.grammar import Grammar, Written

MOST_NOTES = 256


@dataclass(frozen=True, eq=False)
class Choice:
    """How classes are chosen. Temperature 0 is greedy; otherwise `random` is needed."""

    temperature: float = 0.0
    top_p: float = 1.0
    random: np.random.Generator | None = None

    def of(self, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """One class a row, int64 (batch,); logits and allowed (bool) are (batch, classes), one allowed in each row."""
        logits = np.where(allowed, logits, -np.inf)
        if self.temperature == 0.0:
            return logits.argmax(axis=1)
        assert self.random is not None, "draws need a generator"
        shares = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64) / self.temperature)
        classes = np.argsort(-shares, axis=1, kind="stable")
        row = np.arange(len(classes))
        ordered = shares[row[:, None], classes]
        reached = ordered.cumsum(axis=1)
        kept = (reached - ordered < self.top_p * reached[:, -1:]).sum(axis=1)
        drawn = self.random.random(len(row)) * reached[row, kept - 1]
        return classes[row, (reached <= drawn[:, None]).sum(axis=1)]


class Writer:
    """A finished decoder, made ready to write: what depends on single classes is multiplied out once.

    Of every dense layer that is told a class (an onset, a pitch, a length) beside other things, the class's share of
    the product is a row of a table, and the share of a frame of the plan is computed with the plan. What is left for
    each note is one product with the recurrent state, and those behind it. The logits are those of the decoder but for
    rounding.
    """

    @torch.no_grad()
    def __init__(self, decoder: NoteDecoder) -> None:
        self.decoder, self.classes = decoder, decoder.classes
        gru, hidden = decoder.recurrent, decoder.recurrent.hidden_size
        into = gru.weight_ih_l0.T  # (channels, 3 * hidden)
        self.nothing_told = gru.bias_ih_l0
        self.onset_told = decoder.onset_vectors.weight @ into + gru.bias_ih_l0
        self.pitch_told = decoder.pitch_vectors.weight @ into
        self.length_told = decoder.length_vectors.weight @ into
        self.again, self.again_bias = gru.weight_hh_l0.T.contiguous(), gru.bias_hh_l0
        of_state, self.of_frame, of_onset = decoder.pitch_hidden.weight.T.split(
            [hidden, decoder.plan_norm.normalized_shape[0], decoder.onset_vectors.embedding_dim]
        )
        self.onset_heard = decoder.onset_vectors.weight @ of_onset + decoder.pitch_hidden.bias
        parts = [decoder.onset_head.weight.T, decoder.query.weight.T, of_state]
        self.from_state = torch.cat(parts, dim=1).contiguous()
        self.from_state_bias = torch.cat([decoder.onset_head.bias, decoder.query.bias, torch.zeros(of_state.shape[1])])
        self.widths = [part.shape[1] for part in parts]
        of_features, of_pitch = decoder.length_hidden.weight.T.split([hidden, decoder.pitch_vectors.embedding_dim])
        self.from_features = of_features.contiguous()
        self.pitch_heard = decoder.pitch_vectors.weight @ of_pitch + decoder.length_hidden.bias

        self.pitch_head, self.length_head = (
            (head.bias, head.weight.T.contiguous()) for head in (decoder.pitch_head, decoder.length_head)
        )

    @torch.no_grad()
    def write(
        self, embeddings: Tensor, *, grammar: Grammar, choice: Choice, copies: int = 1, most_notes: int = MOST_NOTES
    ) -> tuple[np.ndarray, np.ndarray]:
        """Notes for each embedding (points, dim), `copies` windows of each, one after the other: rows int64 (notes, 3),
        window after window, counts int64 (points * copies,). The grammar is that of all windows."""
        batch = len(embeddings) * copies
        if batch == 0:
            return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
        notes, owners = [np.zeros((0, 3), np.int64)], [np.zeros(0, np.int64)]
        written, alive = Written.nothing(batch), np.arange(batch)
        state, keys, frames = (part.repeat_interleave(copies, dim=0) for part in self._planned(embeddings))
        told = self.nothing_told.expand(batch, -1)
        for number in range(most_notes):
            state = self._next_state(told, state)
            note, going_on = self._next_note(state, keys, frames, written, grammar=grammar, choice=choice)
            if not going_on.all():
                alive, grammar, note = alive[going_on], grammar.rows(going_on), note[going_on]
                rows = torch.from_numpy(np.flatnonzero(going_on))
                keys, frames, state = keys[rows], frames[rows], state[rows]
            if len(alive) == 0:
                break
            written = Written(number + 1, note[:, 0], note[:, 1])
            notes.append(note)
            owners.append(alive)
            onset, pitch, length = torch.from_numpy(note).unbind(dim=1)
            told = self.onset_told[onset] + self.pitch_told[pitch] + self.length_told[length]
        owner = np.concatenate(owners)
        return np.concatenate(notes)[np.argsort(owner, kind="stable")], np.bincount(owner, minlength=batch)

    def _planned(self, embeddings: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What each embedding's plan gives: the first state (points, hidden), the keys of the onsets (points, k, steps)
        scaled, and the frames' share of the choice of pitches (points, frames, hidden)."""
        plan = self.decoder.plan(embeddings)
        keys = plan.keys.transpose(1, 2).contiguous() / plan.keys.shape[-1] ** 0.5
        return plan.state[0], keys, plan.frames @ self.of_frame

    def _next_state(self, told: Tensor, state: Tensor) -> Tensor:
        """The next state, as `torch.nn.GRU` defines it; `told` is the share of its inputs, (batch, 3 * hidden)."""
        gates = [2 * state.shape[1], state.shape[1]]
        told_gates, told_new = told.split(gates, dim=1)
        again_gates, again_new = torch.addmm(self.again_bias, state, self.again).split(gates, dim=1)
        reset, update = (told_gates + again_gates).sigmoid_().chunk(2, dim=1)
        new = torch.addcmul(told_new, reset, again_new).tanh_()
        return torch.lerp(new, state, update)

    def _next_note(
        self, state: Tensor, keys: Tensor, frames: Tensor, written: Written, *, grammar: Grammar, choice: Choice
    ) -> tuple[np.ndarray, np.ndarray]:
        """The next note of each window, int64 (batch, 3), and which windows have one; bool (batch,)."""
        end = self.classes.end
        logits, query, heard = torch.addmm(self.from_state_bias, state, self.from_state).split(self.widths, dim=1)
        near = torch.bmm(query[:, None], keys)[:, 0].numpy()  # (batch, steps)
        onset_logits = logits.numpy().copy()
        onset_logits[:, :end] += near
        onset = choice.of(onset_logits, grammar.may_begin(written, end=end))
        going_on = onset != end
        onset = np.minimum(onset, end - 1)
        frame = frames[torch.arange(len(onset)), torch.from_numpy(onset // self.classes.steps_per_frame)]
        features = torch.relu(heard + frame + self.onset_heard[torch.from_numpy(onset)])
        pitch = choice.of(_dense(features, self.pitch_head), grammar.may_sound(written, onset))
        hidden = torch.relu(features @ self.from_features + self.pitch_heard[torch.from_numpy(pitch)])
        may_last = grammar.may_last(written, lengths=self.classes.lengths)
        length = choice.of(_dense(hidden, self.length_head), may_last)
        return np.stack([onset, pitch, length], axis=1), going_on


def _dense(features: Tensor, layer: tuple[Tensor, Tensor]) -> np.ndarray:
    """Logits of a dense layer (bias, weights); on few rows `addmm` takes half the time of `linear`."""
    bias, weights = layer
    return torch.addmm(bias, features, weights).numpy()
