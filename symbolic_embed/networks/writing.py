"""Writing notes with the decoder, one after the other, under a grammar.

Whatever the weights say, the notes that come out are legal (`grammar.py`). A window ends when the decoder says so or
when it is full. How each class is chosen says `choosing.py`.

The products are torch's; the rest, many small steps a note, is done in NumPy, where a small step costs a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.copying import Copying
from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.networks.dense import FEWEST_ROWS, Dense, Floats
from symbolic_embed.networks.following import Beside
from symbolic_embed.networks.grammar import Grammar, Written
from symbolic_embed.networks.leaning import Leaning
from symbolic_embed.networks.tokens import TokenRange
from symbolic_embed.networks.voting import Following, Gates

MOST_NOTES = 256
Ints = NDArray[np.int64]


@dataclass(eq=False)
class _Windows:
    """Windows while they are written: the recurrent network's state (batch, hidden), and its share of the next one
    (batch, 3 * hidden); the scaled keys of the onsets (batch, key channels, steps), the frames' share of the choice of
    pitches of each point (points, frames, hidden), and which point each window is of, int64 (batch,); among which pitch
    tokens is chosen, and what their logits are computed with; what of their references has been followed, and how their
    choices lean."""

    state: Floats
    onward: Floats
    keys: Floats
    frames: Floats
    point: Ints
    among: TokenRange
    of_features: Dense
    following: Following | None = None
    leaning: Leaning | None = None

    def rows(self, chosen: Ints | slice) -> _Windows:
        following = None if self.following is None else self.following.rows(chosen)
        leaning = None if self.leaning is None else self.leaning.rows(chosen)
        state, onward, keys = self.state[chosen], self.onward[chosen], self.keys[chosen]
        of_points = (self.frames, self.point[chosen], self.among, self.of_features)
        return _Windows(state, onward, keys, *of_points, following, leaning)


class Writer:
    """A finished decoder, made ready to write: what depends on single classes is multiplied out once. copying: what it
    may copy with.

    Of every dense layer that takes a class (an onset, a pitch, a length) beside other things, the class's share of
    the product is a row of a table, and the share of a frame of the plan is computed with the plan. What is left for
    each note is one product with the recurrent state, and those behind it. The logits are those of the decoder but for
    rounding.

    Windows end at different times, so the last ones of a batch are few rows. With `is_even` fewer than FEWEST_ROWS are
    filled up: the notes are the same but for rounding, and, if written greedily, do not depend on other windows to the
    last bit.
    """

    @torch.no_grad()
    def __init__(self, decoder: NoteDecoder, *, copying: Copying | None = None, is_even: bool = False) -> None:
        self.decoder, self.classes, self.is_even = decoder, decoder.classes, is_even
        self.fewest_rows = FEWEST_ROWS if is_even else 1
        self.gates = None if copying is None else Gates.of(copying)
        gru, hidden, channels = decoder.recurrent, decoder.recurrent.hidden_size, decoder.onset_vectors.embedding_dim
        input_weights, state_weights, input_bias, state_bias = gru.all_weights[0]  # 3 * hidden rows each
        doubled = torch.cat([torch.ones(2 * hidden), torch.full((hidden,), 2.0)])  # see `_advanced`
        into = input_weights.T * doubled
        self.input_of_nothing = (input_bias * doubled).numpy()
        self.input_of_onset = (decoder.onset_vectors.weight @ into + input_bias * doubled).numpy()
        self.input_of_pitch = (decoder.pitch_vectors.weight @ into).numpy()
        self.input_of_length = (decoder.length_vectors.weight @ into).numpy()
        next_weights, next_bias = state_weights.T * doubled, state_bias * doubled
        of_state, self.of_frame, of_onset = torch.split(decoder.pitch_hidden.weight.T, [hidden, channels, channels])
        self.pitch_share_of_onset = (decoder.onset_vectors.weight @ of_onset + decoder.pitch_hidden.bias).numpy()
        parts = [next_weights, decoder.onset_head.weight.T, decoder.query.weight.T, of_state]
        parts += [] if self.gates is None else [self.gates.listen]
        biases = [next_bias, decoder.onset_head.bias, decoder.query.bias]
        biases.append(torch.zeros(sum(part.shape[1] for part in parts[3:])))
        self.of_state = Dense(torch.cat(biases), torch.cat(parts, dim=1).contiguous(), self.fewest_rows)
        ends = (0, *accumulate(part.shape[1] for part in parts))
        self.onward, *self.parts_of_state = (slice(*both) for both in pairwise(ends))
        of_features, of_pitch = torch.split(decoder.length_hidden.weight.T, [hidden, channels])
        weights = torch.cat([of_features, decoder.pitch_head.weight.T], dim=1).contiguous()
        self.of_features = (torch.cat([decoder.length_hidden.bias, decoder.pitch_head.bias]), weights)
        self.length_share_of_pitch = (decoder.pitch_vectors.weight @ of_pitch).numpy()
        self.length_head = Dense.of(decoder.length_head, fewest=self.fewest_rows)

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
    ) -> tuple[Ints, Ints]:
        """Notes for each embedding (points, dim), `copies` windows of each, one after the other: rows int64 (notes, 3),
        window after window, counts int64 (points * copies,). The grammar is that of all windows; `beside`: what lies
        beside each point, to be copied; `leaning`: how the choices of each point lean."""
        batch = len(embeddings) * copies
        if batch == 0:
            return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
        notes, owners = [np.zeros((0, 3), np.int64)], [np.zeros(0, np.int64)]
        written, alive = Written.nothing(batch), np.arange(batch)
        windows = self._planned(embeddings, copies=copies, among=self._among(grammar))
        if beside is not None:
            assert self.gates is not None, "what lies beside needs a network that copies"
            windows.following = Following.beginning(self.gates, beside.prepared, copies=copies, among=windows.among)
        if leaning is not None:
            windows.leaning = leaning.repeated(copies)
        grammar = grammar.among(windows.among.tokens)
        input_of_token = self.input_of_pitch[windows.among.tokens]
        inputs = np.broadcast_to(self.input_of_nothing, (batch, len(self.input_of_nothing)))
        for _ in range(MOST_NOTES):
            windows.state = _advanced(windows.state, windows.onward, inputs)
            note, going_on = self._next_note(windows, written, grammar=grammar, choice=choice)
            if not going_on.all():
                alive, grammar, note = alive[going_on], grammar.rows(going_on), note[going_on]
                windows, written = windows.rows(np.flatnonzero(going_on)), written.rows(going_on)
            if len(alive) == 0:
                break
            written = written.and_then(note)
            notes.append(note)
            owners.append(alive)
            onset, column, length = note.T
            if windows.following is not None:
                windows.following = windows.following.after(onset, column)
            inputs = self.input_of_onset[onset] + input_of_token[column]
            inputs += self.input_of_length[length]
        owner, rows = np.concatenate(owners), np.concatenate(notes)
        rows[:, 1] += windows.among.first
        return rows[np.argsort(owner, kind="stable")], np.bincount(owner, minlength=batch)

    def _among(self, grammar: Grammar) -> TokenRange:
        """The pitch tokens among which is chosen: of an even writer all, since others may be those of other windows."""
        half = self.classes.pitches // 2
        return TokenRange(0, 2 * half, half) if self.is_even else TokenRange.of(grammar.pitches)

    def _of_features(self, among: TokenRange) -> Dense:
        """From what the choice of a pitch sees, (batch, hidden), to its share of what that of the length sees, and
        behind it to the logits of the tokens among which is chosen."""
        hidden = self.length_share_of_pitch.shape[1]
        wanted = [slice(0, hidden), slice(hidden + among.first, hidden + among.end)]
        bias, weights = (torch.cat([part[..., some] for some in wanted], dim=-1) for part in self.of_features)
        return Dense(bias, weights, self.fewest_rows)

    def _planned(self, embeddings: Tensor, *, copies: int = 1, among: TokenRange) -> _Windows:
        """Windows before their first note, as many of each embedding."""
        count = len(embeddings)
        plan = self.decoder.plan(embeddings[np.arange(max(count, self.fewest_rows)) % count])
        keys = plan.keys.transpose(1, 2).contiguous() / plan.keys.shape[-1] ** 0.5
        parts = (plan.state[0], keys, plan.frames @ self.of_frame)
        state, keys, frames = (part[:count].numpy() for part in parts)
        onward = self.of_state.columns(self.onward)(state)
        point = np.repeat(np.arange(count), copies)
        of_features = self._of_features(among)
        return _Windows(state[point], onward[point], keys[point], frames, point, among, of_features)

    def _next_note(
        self, windows: _Windows, written: Written, *, grammar: Grammar, choice: Choice
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """The next note of each window, int64 (batch, 3), and which windows have one; bool (batch,)."""
        end, leaning, tokens = self.classes.end, windows.leaning, windows.among.tokens
        seen = self.of_state(windows.state)
        windows.onward = seen[:, self.onward]
        logits, query, of_state, *listened = [seen[:, part] for part in self.parts_of_state]
        voting = None if windows.following is None else windows.following.voting(listened[0])
        onset_logits = logits.copy()
        onset_logits[:, :end] += np.matmul(query[:, None], windows.keys)[:, 0]
        if voting is not None:
            voting.add_to_onsets(onset_logits)
        if leaning is not None:
            onset_logits += leaning.onsets(written.onset, end=end)
        onset = choice.of(onset_logits, grammar.may_begin(written, end=end))
        going_on = onset != end
        onset = np.minimum(onset, end - 1)
        features = of_state + windows.frames[windows.point, onset // self.classes.steps_per_frame]
        features += self.pitch_share_of_onset[onset]
        of_features = windows.of_features(np.maximum(features, 0.0, out=features))
        hidden, pitch_logits = of_features[:, : features.shape[1]], of_features[:, features.shape[1] :].copy()
        if voting is not None:
            voting.add_to_pitches(pitch_logits, onset)
        if leaning is not None:
            pitch_logits += leaning.pitches(self.classes.pitches)[:, tokens]
        column = choice.of(pitch_logits, grammar.may_sound(written, onset))
        hidden = hidden + self.length_share_of_pitch[tokens][column]
        length_logits = self.length_head(np.maximum(hidden, 0.0, out=hidden))
        if voting is not None:
            voting.add_to_lengths(length_logits, onset, column)
        if leaning is not None:
            length_logits += leaning.lengths()
        length = choice.of(length_logits, grammar.may_last(written, lengths=self.classes.lengths))
        note = np.empty((len(onset), 3), np.int64)
        note[:, 0], note[:, 1], note[:, 2] = onset, column, length
        return note, going_on


def _advanced(state: Floats, of_state: Floats, inputs: Floats) -> Floats:
    """The next states of windows (batch, hidden), as `torch.nn.GRU` defines them; the shares of the state and of the
    inputs, (batch, 3 * hidden), those of the new state doubled: tanh(x) = 2 s(2 x) - 1, and s takes a third of the time
    of tanh."""
    hidden = state.shape[1]
    gates = _sigmoid(inputs[:, : 2 * hidden] + of_state[:, : 2 * hidden])
    new = gates[:, :hidden] * of_state[:, 2 * hidden :]
    new += inputs[:, 2 * hidden :]
    new = _sigmoid(new)
    new *= 2.0
    new -= 1.0
    kept = state - new
    kept *= gates[:, hidden:]
    new += kept
    return new


def _sigmoid(numbers: Floats) -> Floats:
    """In place; torch's takes a quarter of the time of the steps that NumPy would need."""
    torch.from_numpy(numbers).sigmoid_()
    return numbers
