"""Writing notes with the decoder, one after the other, under a grammar.

Whatever the weights say, the notes that come out are legal (`grammar.py`). A window ends when the decoder says so or
when it is full.

Greedy writing takes the likeliest class at each choice. Otherwise classes are drawn at a temperature from the smallest
set of likeliest classes that together have probability `top_p` (nucleus sampling, Holtzman and others 2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symbolic_embed.networks.decoder import NoteDecoder, Plan
from symbolic_embed.networks.grammar import Grammar, Written

MOST_NOTES = 256


@dataclass(frozen=True)
class Choice:
    """How classes are chosen. Temperature 0 is greedy."""

    temperature: float = 0.0
    top_p: float = 1.0
    generator: torch.Generator | None = None

    def of(self, logits: Tensor, allowed: Tensor) -> Tensor:
        """One class a row; logits and allowed (bool) are (batch, classes), at least one allowed in each row."""
        logits = logits.masked_fill(~allowed, -torch.inf)
        if self.temperature == 0.0:
            return logits.argmax(dim=1)
        shares = torch.softmax(logits / self.temperature, dim=1)
        ordered, classes = shares.sort(dim=1, descending=True, stable=True)
        before = ordered.cumsum(dim=1) - ordered
        ordered = ordered.masked_fill(before >= self.top_p, 0.0)
        pick = torch.multinomial(ordered, 1, generator=self.generator)  # (batch, 1)
        return classes.gather(1, pick).squeeze(1)


@torch.no_grad()
def write_notes(
    decoder: NoteDecoder, embeddings: Tensor, *, grammar: Grammar, choice: Choice, most_notes: int = MOST_NOTES
) -> tuple[Tensor, Tensor]:
    """Notes for each embedding (batch, dim): rows int64 (notes, 3), window after window, and counts int64 (batch,)."""
    batch = len(embeddings)
    if batch == 0:
        return torch.zeros(0, 3, dtype=torch.long), torch.zeros(0, dtype=torch.long)
    written, alive = Written.nothing(batch), torch.arange(batch)
    plan, told = decoder.plan(embeddings), embeddings.new_zeros(batch, 1, decoder.onset_vectors.embedding_dim)
    state = plan.state
    notes: list[Tensor] = []
    owners: list[Tensor] = []
    for number in range(most_notes):
        output, state = decoder.recurrent(told, state)
        note, going_on = _next_note(decoder, output, plan, written, grammar=grammar, choice=choice)
        alive, grammar, note = alive[going_on], grammar.rows(going_on), note[going_on]
        plan, state = plan.rows(going_on), state[:, going_on]
        if len(alive) == 0:
            break
        written = Written(number + 1, note[:, 0], note[:, 1])
        notes.append(note)
        owners.append(alive)
        told = decoder.read_notes(note)[:, None]
    if not notes:
        return torch.zeros(0, 3, dtype=torch.long), torch.zeros(batch, dtype=torch.long)
    owner = torch.cat(owners)
    order = torch.argsort(owner, stable=True)
    return torch.cat(notes)[order], torch.bincount(owner, minlength=batch)


def _next_note(
    decoder: NoteDecoder, output: Tensor, plan: Plan, written: Written, *, grammar: Grammar, choice: Choice
) -> tuple[Tensor, Tensor]:
    """The next note of each window (batch, 3), and which windows have one; bool (batch,)."""
    classes = decoder.classes
    may_begin = grammar.may_begin(written, end=classes.end)
    onset = choice.of(decoder.onset_logits(output, plan.keys)[:, 0], may_begin)
    going_on = onset != classes.end
    onset = onset.clamp(max=classes.steps - 1)
    frames = plan.frames[torch.arange(len(onset)), onset // classes.steps_per_frame]
    features = decoder.pitch_features(output[:, 0], frames, onset)
    pitch = choice.of(decoder.pitch_head(features), grammar.may_sound(written, onset))
    may_last = grammar.may_last(written, lengths=classes.lengths)
    length = choice.of(decoder.length_logits(features, pitch), may_last)
    return torch.stack([onset, pitch, length], dim=1), going_on
