"""Writing notes with the decoder, one after the other, under a grammar.

Whatever the weights say, the notes that come out are legal (`grammar.py`). A window ends when the decoder says so or
when it is full.

Greedy writing takes the likeliest class at each choice. Otherwise classes are drawn at a temperature from the smallest
set of likeliest classes that together have probability `top_p` (nucleus sampling, Holtzman and others 2020).

The networks compute in torch; rules and draws, many small steps a note, in NumPy, where a small step costs a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.networks.following import Beside
from symbolic_embed.networks.grammar import Grammar, Written
from symbolic_embed.networks.leaning import Leaning
from symbolic_embed.networks.voting import Following

MOST_NOTES = 256
FEWEST_ROWS = 4  # products of one to three rows are computed in another order than those of more


@dataclass(frozen=True, eq=False)
class Choice:
    """How classes are chosen. Temperature 0 is greedy; otherwise `random` is needed."""

    temperature: float = 0.0
    top_p: float = 1.0
    random: np.random.Generator | None = None

    def at_least(self, temperature: float) -> Choice:
        """The same, no colder than that; what is greedy stays so."""
        return replace(self, temperature=max(self.temperature, temperature)) if self.temperature else self

    def of(self, logits: NDArray[np.float32], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """One class a row, int64 (batch,); logits and allowed are (batch, classes), one allowed in each row."""
        if self.temperature == 0.0:
            likeliest: NDArray[np.int64] = np.where(allowed, logits, -np.inf).argmax(axis=1)
            return likeliest
        assert self.random is not None, "draws need a generator"
        columns = np.flatnonzero(allowed.any(axis=0))  # few of many pitches, and sorting all takes its time
        logits = np.where(allowed[:, columns], logits[:, columns], -np.inf)
        shares = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64) / self.temperature)
        classes = np.argsort(-shares, axis=1, kind="stable")
        row = np.arange(len(classes))
        ordered = shares[row[:, None], classes]
        reached = ordered.cumsum(axis=1)
        kept = (reached - ordered < self.top_p * reached[:, -1:]).sum(axis=1)
        drawn = self.random.random(len(row)) * reached[row, kept - 1]
        chosen: NDArray[np.int64] = columns[classes[row, (reached <= drawn[:, None]).sum(axis=1)]]
        return chosen


@dataclass(frozen=True, eq=False)
class _Dense:
    """A dense layer for few rows, of which `addmm` takes half the time of `linear`: bias and weights (in, out)."""

    bias: Tensor
    weights: Tensor

    def __call__(self, features: Tensor) -> Tensor:
        return torch.addmm(self.bias, features, self.weights)

    @classmethod
    def of(cls, layer: torch.nn.Linear) -> _Dense:
        return cls(layer.bias, layer.weight.T.contiguous())


@dataclass(eq=False)
class _Windows:
    """Windows while they are written: the recurrent network's state (batch, hidden), the scaled keys of the onsets
    (batch, key channels, steps), the frames' share of the choice of pitches of each point (points, frames, hidden), and
    which point each window is of, int64 (batch,); what of their references has been followed, and how their choices
    lean."""

    state: Tensor
    keys: Tensor
    frames: Tensor
    point: NDArray[np.int64]
    following: Following | None = None
    leaning: Leaning | None = None

    def rows(self, chosen: NDArray[np.int64] | slice) -> _Windows:
        following = None if self.following is None else self.following.rows(chosen)
        leaning = None if self.leaning is None else self.leaning.rows(chosen)
        of_torch = chosen if isinstance(chosen, slice) else torch.from_numpy(chosen)
        return _Windows(self.state[of_torch], self.keys[of_torch], self.frames, self.point[chosen], following, leaning)

    def frames_at(self, numbers: NDArray[np.int64]) -> Tensor:
        """One frame of each window, by its number (batch,); (batch, hidden)."""
        rows = torch.from_numpy(self.point * self.frames.shape[1] + numbers)
        return self.frames.flatten(0, 1).index_select(0, rows)


class Writer:
    """A finished decoder, made ready to write: what depends on single classes is multiplied out once.

    Of every dense layer that takes a class (an onset, a pitch, a length) beside other things, the class's share of
    the product is a row of a table, and the share of a frame of the plan is computed with the plan. What is left for
    each note is one product with the recurrent state, and those behind it. The logits are those of the decoder but for
    rounding.

    Windows end at different times, so the last ones of a batch are few rows. With `is_even` fewer than FEWEST_ROWS are
    filled up: the notes are the same but for rounding, and, if written greedily, do not depend on other windows to the
    last bit.
    """

    @torch.no_grad()
    def __init__(self, decoder: NoteDecoder, *, is_even: bool = False) -> None:
        self.decoder, self.classes = decoder, decoder.classes
        self.fewest_rows = FEWEST_ROWS if is_even else 1
        gru, hidden = decoder.recurrent, decoder.recurrent.hidden_size
        input_weights, state_weights, input_bias, state_bias = gru.all_weights[0]  # 3 * hidden rows each
        into = input_weights.T
        self.input_of_nothing = input_bias
        self.input_of_onset = decoder.onset_vectors.weight @ into + input_bias
        self.input_of_pitch = decoder.pitch_vectors.weight @ into
        self.input_of_length = decoder.length_vectors.weight @ into
        self.next_state = _Dense(state_bias, state_weights.T.contiguous())
        channels = decoder.onset_vectors.embedding_dim
        of_state, self.of_frame, of_onset = torch.split(decoder.pitch_hidden.weight.T, [hidden, channels, channels])
        self.pitch_share_of_onset = decoder.onset_vectors.weight @ of_onset + decoder.pitch_hidden.bias
        parts = [decoder.onset_head.weight.T, decoder.query.weight.T, of_state]
        biases = [decoder.onset_head.bias, decoder.query.bias, torch.zeros(of_state.shape[1])]
        self.from_state = _Dense(torch.cat(biases), torch.cat(parts, dim=1).contiguous())
        self.widths = [part.shape[1] for part in parts]
        of_features, of_pitch = torch.split(decoder.length_hidden.weight.T, [hidden, channels])
        self.length_share_of_features = of_features.contiguous()
        self.length_share_of_pitch = decoder.pitch_vectors.weight @ of_pitch + decoder.length_hidden.bias
        self.pitch_head, self.length_head = _Dense.of(decoder.pitch_head), _Dense.of(decoder.length_head)

    @torch.inference_mode()
    def write(
        self,
        embeddings: Tensor,
        *,
        grammar: Grammar,
        choice: Choice,
        copies: int = 1,
        beside: Beside | None = None,
        leaning: Leaning | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Notes for each embedding (points, dim), `copies` windows of each, one after the other: rows int64 (notes, 3),
        window after window, counts int64 (points * copies,). The grammar is that of all windows; `beside`: what lies
        beside each point, to be copied; `leaning`: how the choices of each point lean."""
        batch = len(embeddings) * copies
        if batch == 0:
            return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
        notes, owners = [np.zeros((0, 3), np.int64)], [np.zeros(0, np.int64)]
        written, alive = Written.nothing(batch), np.arange(batch)
        windows = self._planned(embeddings, copies=copies)
        if beside is not None:
            windows.following = beside.beginning(copies=copies)
        if leaning is not None:
            windows.leaning = leaning.repeated(copies)
        inputs = self.input_of_nothing.expand(batch, -1)
        for _ in range(MOST_NOTES):
            windows.state = self._advanced(windows.state, inputs)
            note, going_on = self._next_note(windows, written, grammar=grammar, choice=choice)
            if not going_on.all():
                alive, grammar, note = alive[going_on], grammar.rows(going_on), note[going_on]
                windows, written = windows.rows(np.flatnonzero(going_on)), written.rows(going_on)
            if len(alive) == 0:
                break
            written = written.and_then(note)
            notes.append(note)
            owners.append(alive)
            if windows.following is not None:
                windows.following = windows.following.after(note[:, 0], note[:, 1])
            onset, pitch, length = torch.from_numpy(note).unbind(dim=1)
            inputs = self.input_of_onset[onset] + self.input_of_pitch[pitch] + self.input_of_length[length]
        owner = np.concatenate(owners)
        return np.concatenate(notes)[np.argsort(owner, kind="stable")], np.bincount(owner, minlength=batch)

    def _planned(self, embeddings: Tensor, *, copies: int = 1) -> _Windows:
        """Windows before their first note, as many of each embedding."""
        plan = self.decoder.plan(embeddings[self._filled(len(embeddings))])
        keys = plan.keys.transpose(1, 2).contiguous() / plan.keys.shape[-1] ** 0.5
        state, keys, frames = (part[: len(embeddings)] for part in (plan.state[0], keys, plan.frames @ self.of_frame))
        point = np.repeat(np.arange(len(embeddings)), copies)
        of_point = torch.from_numpy(point)
        return _Windows(state[of_point], keys[of_point], frames, point)

    def _advanced(self, state: Tensor, inputs: Tensor) -> Tensor:
        """The next states of windows (batch, hidden), as `torch.nn.GRU` defines them; `inputs`: the share of its
        inputs, (batch, 3 * hidden)."""
        rows, count, gates = self._filled(len(inputs)), len(inputs), 2 * state.shape[1]
        if not isinstance(rows, slice):
            state, inputs = state[torch.from_numpy(rows)], inputs[torch.from_numpy(rows)]
        of_state = self.next_state(state)
        reset, update = (inputs[:, :gates] + of_state[:, :gates]).sigmoid_().chunk(2, dim=1)
        new = torch.addcmul(inputs[:, gates:], reset, of_state[:, gates:]).tanh_()
        return torch.lerp(new, state, update)[:count]

    def _next_note(
        self, windows: _Windows, written: Written, *, grammar: Grammar, choice: Choice
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The next note of each window, int64 (batch, 3), and which windows have one; bool (batch,)."""
        count, end = len(written.onset), self.classes.end
        rows = self._filled(count)
        if not isinstance(rows, slice):
            windows, written, grammar = windows.rows(rows), written.rows(rows), grammar.rows(rows)
        logits, query, of_state = torch.split(self.from_state(windows.state), self.widths, dim=1)
        voting = None if windows.following is None else windows.following.voting(windows.state)
        leaning = windows.leaning
        onset_logits = logits.numpy().copy()
        onset_logits[:, :end] += torch.bmm(query[:, None], windows.keys)[:, 0].numpy()  # (batch, steps)
        if voting is not None:
            onset_logits += voting.onsets()
        if leaning is not None:
            onset_logits += leaning.onsets(written.onset, end=end)
        onset = choice.of(onset_logits, grammar.may_begin(written, end=end))
        going_on = onset != end
        onset = np.minimum(onset, end - 1)
        frame = windows.frames_at(onset // self.classes.steps_per_frame)
        features = (of_state + frame + self.pitch_share_of_onset[torch.from_numpy(onset)]).relu_()
        pitch_logits = self.pitch_head(features).numpy()
        if voting is not None:
            pitch_logits += voting.pitches(onset)
        if leaning is not None:
            pitch_logits += leaning.pitches(self.classes.pitches)
        pitch = choice.of(pitch_logits, grammar.may_sound(written, onset))
        of_pitch = self.length_share_of_pitch[torch.from_numpy(pitch)]
        length_logits = self.length_head(torch.addmm(of_pitch, features, self.length_share_of_features).relu_()).numpy()
        if voting is not None:
            length_logits += voting.lengths(onset, pitch)
        if leaning is not None:
            length_logits += leaning.lengths()
        length = choice.of(length_logits, grammar.may_last(written, lengths=self.classes.lengths))
        return np.stack([onset, pitch, length], axis=1)[:count], going_on[:count]

    def _filled(self, count: int) -> NDArray[np.int64] | slice:
        """Which of `count` rows to compute: all, and where they are too few to be even, some of them twice."""
        return slice(None) if count >= self.fewest_rows else np.arange(self.fewest_rows) % count
