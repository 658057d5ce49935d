"""Writing notes with the decoder, one after the other, under a grammar.

Whatever the weights say, the notes that come out are legal: onsets never go back and lie inside the window, pitches
rise within one onset and are among those allowed. A window ends when the decoder says so or when it is full.

Greedy writing takes the likeliest class at each choice. Otherwise classes are drawn at a temperature from the smallest
set of likeliest classes that together have probability `top_p` (nucleus sampling, Holtzman and others 2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symbolic_embed.networks.decoder import NoteDecoder, Plan

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
    decoder: NoteDecoder,
    embeddings: Tensor,
    *,
    steps: Tensor,
    pitches: Tensor,
    choice: Choice,
    single: Tensor | None = None,
    most_notes: int = MOST_NOTES,
) -> tuple[Tensor, Tensor]:
    """Notes for each embedding (batch, dim): rows int64 (notes, 3), window after window, and counts int64 (batch,).

    steps: int64 (batch,), the length of each window; pitches: bool (batch, pitch classes), what may be written;
    single: bool (batch,), where no two notes may begin together.
    """
    batch = len(embeddings)
    if batch == 0:
        return torch.zeros(0, 3, dtype=torch.long), torch.zeros(0, dtype=torch.long)
    rules = _Rules(steps, pitches, torch.zeros(batch, dtype=torch.bool) if single is None else single)
    written, alive = _Written.none(batch), torch.arange(batch)
    plan, told = decoder.plan(embeddings), embeddings.new_zeros(batch, 1, decoder.onset_vectors.embedding_dim)
    state = plan.state
    notes: list[Tensor] = []
    owners: list[Tensor] = []
    for _ in range(most_notes):
        output, state = decoder.recurrent(told, state)
        note, going_on = _next_note(decoder, output, plan, written, rules=rules, choice=choice)
        alive, rules, note = alive[going_on], rules.rows(going_on), note[going_on]
        plan, state = plan.rows(going_on), state[:, going_on]
        if len(alive) == 0:
            break
        written = _Written(note[:, 0], note[:, 1])
        notes.append(note)
        owners.append(alive)
        told = decoder.read_notes(note)[:, None]
    if not notes:
        return torch.zeros(0, 3, dtype=torch.long), torch.zeros(batch, dtype=torch.long)
    owner = torch.cat(owners)
    order = torch.argsort(owner, stable=True)
    return torch.cat(notes)[order], torch.bincount(owner, minlength=batch)


@dataclass(frozen=True)
class _Rules:
    """What each window may hold: its length (batch,), its pitches (batch, classes), one voice or more (batch,)."""

    steps: Tensor
    pitches: Tensor
    single: Tensor

    def rows(self, chosen: Tensor) -> _Rules:
        return _Rules(self.steps[chosen], self.pitches[chosen], self.single[chosen])

    def above(self, written: _Written) -> Tensor:
        """The pitches that may begin together with the note written last; bool (batch, classes)."""
        higher = torch.arange(self.pitches.shape[1]) > written.pitch[:, None]
        return self.pitches & higher & ~(self.single & (written.pitch >= 0))[:, None]


@dataclass(frozen=True)
class _Written:
    """The onset and pitch of the note written last, (batch,); pitch -1 at onset 0 before the first."""

    onset: Tensor
    pitch: Tensor

    @classmethod
    def none(cls, batch: int) -> _Written:
        return cls(torch.zeros(batch, dtype=torch.long), torch.full((batch,), -1))


def _next_note(
    decoder: NoteDecoder,
    output: Tensor,
    plan: Plan,
    written: _Written,
    *,
    rules: _Rules,
    choice: Choice,
) -> tuple[Tensor, Tensor]:
    """The next note of each window (batch, 3), and which windows have one; bool (batch,)."""
    classes = decoder.classes
    onsets, higher = torch.arange(classes.steps + 1), rules.above(written)
    first = written.onset + (~higher.any(dim=1))
    may_begin = (onsets >= first[:, None]) & (onsets < rules.steps[:, None]) & rules.pitches.any(dim=1)[:, None]
    may_begin[:, classes.end] = True
    onset = choice.of(decoder.onset_logits(output, plan.keys)[:, 0], may_begin)
    going_on = onset != classes.end
    onset = onset.clamp(max=classes.steps - 1)
    frames = plan.frames[torch.arange(len(onset)), onset // classes.steps_per_frame]
    features = decoder.pitch_features(output[:, 0], frames, onset)
    may_sound = torch.where((onset == written.onset)[:, None], higher, rules.pitches)
    may_sound = may_sound | ~may_sound.any(dim=1, keepdim=True)  # rows that ended still need something to choose from
    pitch = choice.of(decoder.pitch_head(features), may_sound)
    every_length = torch.ones(len(onset), classes.lengths, dtype=torch.bool)
    length = choice.of(decoder.length_logits(features, pitch), every_length)
    return torch.stack([onset, pitch, length], dim=1), going_on
