"""Copying: what a decoder adds to its own choices from cells that lie before it.

A decoder alone writes each note from an embedding, and an embedding is never exact. Beside it lie *references*, cells
that what is written may be like, and each choice may follow them: the next onset of a reference behind the last note
written, its pitches there, their lengths; and beside these what the part is used to, what the chord is, what the others
sound. Each of these votes for some classes; how much a vote counts is decided note by note by a gate, from the state of
the decoder, from what is known of the reference, and from how far it was followed in this cell so far. The votes are
added to the logits (a product of experts; pointers as in pointer networks, Vinyals and others 2015).

Places in a reference are numbers, *keys*: step times the number of pitches, plus pitch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

AGREEMENT = 3  # of each reference and note: how much was followed, how much was left out, whether one can be followed


class Material(NamedTuple):
    """What lies beside cells that are written.

    rolls: uint8 (cells, references, steps, pitches), length class + 1 where a note begins. keys: int64 (cells,
    references, most), the keys of these notes, rising, filled up with `steps * pitches`. trust: (cells, features), what
    is known of the references. pitches, onsets, lengths: the logarithms of what the part is used to, (cells, pitches),
    (cells, steps), (cells, lengths). classes: of its piece's pitch classes, (cells, 12). chord: (cells, 2, 12), 1 for
    the tones of the chord, and for its root. sounding: (cells, steps, 12), 1 for what others sound; struck: (cells,
    steps), 1 where they begin. drums: bool (cells,).
    """

    rolls: Tensor
    keys: Tensor
    trust: Tensor
    pitches: Tensor
    onsets: Tensor
    lengths: Tensor
    classes: Tensor
    chord: Tensor
    sounding: Tensor
    struck: Tensor
    drums: Tensor


@dataclass(frozen=True)
class CopyingSize:
    """references, trust: as in `Material`; state: width of the decoder's; hidden: of the gates; lengths: classes."""

    references: int
    trust: int
    state: int
    hidden: int = 96


class Followed(NamedTuple):
    """How far the references have been followed before a note: `next_key`, of each the next place behind the last note
    written, int64 (n, references); agreement: (n, references * AGREEMENT)."""

    next_key: Tensor
    agreement: Tensor


class Prepared(NamedTuple):
    """Material, and of each cell the votes that are the same for all its notes: by_onset (cells, some, steps + 1),
    by_pitch (cells, some, pitches)."""

    material: Material
    by_onset: Tensor
    by_pitch: Tensor


class Copying(nn.Module):
    """Votes for onset, pitch and length, and the gates that weigh them. With fresh weights all gates are shut.

    `rows`, int64 (n,), says of which cell of the material each choice is."""

    def __init__(self, size: CopyingSize, *, steps: int, pitches: int, lengths: int) -> None:
        super().__init__()
        self.size, self.steps, self.pitch_count, self.length_count = size, steps, pitches, lengths
        count = size.references
        self.listen = nn.Linear(size.state, size.hidden)
        self.trust = nn.Linear(size.trust + count * AGREEMENT, size.hidden)
        self.onset_gates = nn.Linear(size.hidden, 2 * count + 2)
        self.pitch_gates = nn.Linear(size.hidden + 2 * count, 3 * count + 6)
        self.length_gates = nn.Linear(size.hidden + 2 * count, 2 * count + 1)
        for gates in (self.onset_gates, self.pitch_gates, self.length_gates):
            nn.init.zeros_(gates.weight)
            nn.init.zeros_(gates.bias)

    def prepared(self, material: Material) -> Prepared:
        """What is the same for all notes of a cell, computed once."""
        begins = material.rolls > 0
        struck = torch.stack([material.onsets, material.struck], dim=1)
        by_onset = torch.cat([begins.any(dim=-1).to(struck.dtype), struck], dim=1)  # (cells, references + 2, steps)
        classes = torch.cat([material.classes[:, None], material.chord, material.sounding.amax(dim=1)[:, None]], dim=1)
        by_pitch = [begins.any(dim=2).to(struck.dtype), material.pitches[:, None], self._tiled(classes, material.drums)]
        return Prepared(material, functional.pad(by_onset, (0, 1)), torch.cat(by_pitch, dim=1))

    def trunk(self, states: Tensor, beside: Prepared, rows: Tensor, followed: Followed) -> Tensor:
        """What all gates see; states (n, state); (n, hidden)."""
        known = torch.cat([beside.material.trust[rows], followed.agreement], dim=-1)
        return functional.relu(self.listen(states) + self.trust(known))

    def onset_votes(self, trunk: Tensor, beside: Prepared, rows: Tensor, followed: Followed) -> Tensor:
        """(n, steps + 1), the last: the end."""
        onset = followed.next_key // self.pitch_count  # of a reference that is over: the end
        pointed = functional.one_hot(onset, self.steps + 1)  # (n, references, steps + 1)
        return _weighed(self.onset_gates(trunk), pointed, beside.by_onset[rows])

    def pitch_votes(
        self, trunk: Tensor, beside: Prepared, rows: Tensor, followed: Followed, onsets: Tensor
    ) -> Tensor:
        """(n, pitches); onsets (n,): those chosen."""
        there = (beside.material.rolls[rows, :, onsets] > 0).to(trunk.dtype)  # (n, references, pitches)
        goes_on = (followed.next_key // self.pitch_count == onsets[:, None]).to(trunk.dtype)
        pointed = functional.one_hot(followed.next_key % self.pitch_count, self.pitch_count) * goes_on[..., None]
        sounding = self._tiled(beside.material.sounding[rows, onsets][:, None], beside.material.drums[rows])
        gates = self.pitch_gates(torch.cat([trunk, goes_on, there.amax(dim=-1)], dim=-1))
        return _weighed(gates, there, pointed, sounding, beside.by_pitch[rows])

    def length_votes(self, trunk: Tensor, beside: Prepared, rows: Tensor, note: Tensor) -> Tensor:
        """(n, lengths); note (n, 2): onset and pitch chosen."""
        onsets, pitches = note.unbind(dim=-1)
        here = beside.material.rolls[rows, :, onsets]  # (n, references, pitches)
        same = here[torch.arange(len(rows), device=rows.device), :, pitches].long()  # (n, references)
        longest = here.amax(dim=-1).long()
        known = torch.cat([same > 0, longest > 0], dim=-1).to(trunk.dtype)
        votes = [functional.one_hot(classes, self.length_count + 1)[..., 1:] for classes in (same, longest)]
        gates = self.length_gates(torch.cat([trunk, known], dim=-1))
        return _weighed(gates, *votes, beside.material.lengths[rows][:, None])

    def _tiled(self, classes: Tensor, drums: Tensor) -> Tensor:
        """Numbers of pitch classes (n, some, 12) as numbers of pitches (n, some, pitches), 0 for drums."""
        repeats = -(-self.pitch_count // classes.shape[-1])
        tiled = classes.repeat(1, 1, repeats)[..., : self.pitch_count]
        return tiled.masked_fill(drums[:, None, None], 0.0)


@dataclass(frozen=True, eq=False)
class Beside:
    """A network that copies, and the material of the cells that a decoder writes."""

    copying: Copying
    prepared: Prepared

    def rows(self, cells: Tensor) -> Beside:
        """That of some of the cells."""
        prepared = self.prepared
        material = Material(*(part[cells] for part in prepared.material))
        return Beside(self.copying, Prepared(material, prepared.by_onset[cells], prepared.by_pitch[cells]))

    def votes(self, states: Tensor, notes: Tensor, counts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is added to the logits of given notes (batch, longest, 3), so many in each cell: of onsets (choices,
        steps + 1), for each note and the end; of pitches (notes, pitch tokens) and lengths (notes, lengths), for each
        note; cell after cell. states (batch, longest + 1, hidden): of the decoder, before each choice."""
        batch, longest = notes.shape[:2]
        ordinal = torch.arange(longest + 1, device=notes.device).expand(batch, -1)
        is_choice, is_note = ordinal <= counts[:, None], ordinal < counts[:, None]
        cell = torch.arange(batch, device=notes.device)[:, None].expand_as(ordinal)[is_choice]
        pitches = self.copying.pitch_count
        keys = notes[..., 0] * pitches + notes[..., 1] % pitches
        followed = followed_so_far(self.prepared.material, cell, keys, ordinal[is_choice])
        trunk = self.copying.trunk(states[is_choice], self.prepared, cell, followed)
        of_onset = self.copying.onset_votes(trunk, self.prepared, cell, followed)
        going_on = is_note[is_choice]
        chosen, cell, trunk = notes[is_note[:, :-1]], cell[going_on], trunk[going_on]
        followed = Followed(followed.next_key[going_on], followed.agreement[going_on])
        of_pitch = self.copying.pitch_votes(trunk, self.prepared, cell, followed, chosen[:, 0])
        drums = self.prepared.material.drums[cell, None]
        of_token = torch.cat([of_pitch.masked_fill(drums, 0.0), of_pitch.masked_fill(~drums, 0.0)], dim=1)
        note = torch.stack([chosen[:, 0], chosen[:, 1] % pitches], dim=1)
        return of_onset, of_token, self.copying.length_votes(trunk, self.prepared, cell, note)


def followed_so_far(material: Material, rows: Tensor, keys: Tensor, counts: Tensor) -> Followed:
    """How far the references of cells had been followed before each of their notes, and before the end.

    rows: int64 (n,), the cell of each choice; keys: int64 (cells, longest), of the notes written; counts: (n,), how
    many notes of its cell were written before each choice.
    """
    cells, longest = keys.shape
    references = material.keys.shape[1]
    flat = material.rolls.flatten(2)  # (cells, references, steps * pitches)
    inside = keys.clamp(0, flat.shape[2] - 1)[:, None].expand(-1, references, -1)
    hit = torch.gather(flat, 2, inside) > 0  # (cells, references, longest)
    matched = functional.pad(hit.cumsum(dim=2), (1, 0))  # (cells, references, longest + 1)
    last = functional.pad(keys, (1, 0), value=-1)[:, None].expand(-1, references, -1).contiguous()
    passed = torch.searchsorted(material.keys, last, right=True)  # (cells, references, longest + 1)
    ended = functional.pad(material.keys, (0, 1), value=flat.shape[2])
    next_key = torch.gather(ended, 2, passed)
    chosen = (rows, slice(None), counts)
    matched, passed, next_key = matched[chosen], passed[chosen], next_key[chosen]  # (n, references)
    return Followed(next_key, agreement(matched, passed, counts, next_key < flat.shape[2]))


def agreement(matched: Tensor, passed: Tensor, written: Tensor, goes_on: Tensor) -> Tensor:
    """Of each reference the share of the notes written that it has, the share of its notes so far that were left out,
    and whether it goes on; (n, references) each, written (n,); (n, references * AGREEMENT)."""
    followed = matched / written.clamp(min=1)[:, None]
    left_out = (passed - matched) / passed.clamp(min=1)
    return torch.stack([followed, left_out, goes_on.to(followed.dtype)], dim=-1).flatten(1)


def _weighed(gates: Tensor, *votes: Tensor) -> Tensor:
    """The sum of votes (n, some, classes) by their gates (n, all of them); (n, classes)."""
    together = torch.cat([rows.to(gates.dtype) for rows in votes], dim=1)
    return torch.bmm(gates[:, None], together)[:, 0]
