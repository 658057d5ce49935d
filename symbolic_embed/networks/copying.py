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
        pointed, others = self._split(self.onset_gates(trunk), 1)
        onset = followed.next_key // self.pitch_count  # of a reference that is over: the end
        return _weighed(others, beside.by_onset[rows]).scatter_add(1, onset, pointed)

    def pitch_votes(self, trunk: Tensor, beside: Prepared, rows: Tensor, followed: Followed, onsets: Tensor) -> Tensor:
        """(n, pitches); onsets (n,): those chosen."""
        there = (beside.material.rolls[rows, :, onsets] > 0).to(trunk.dtype)  # (n, references, pitches)
        goes_on = (followed.next_key // self.pitch_count == onsets[:, None]).to(trunk.dtype)
        sounding = self._tiled(beside.material.sounding[rows, onsets][:, None], beside.material.drums[rows])
        gates = self.pitch_gates(torch.cat([trunk, goes_on, there.amax(dim=-1)], dim=-1))
        of_there, pointed, others = self._split(gates, 2)
        votes = _weighed(of_there, there) + _weighed(others[:, :1], sounding)
        votes = votes + _weighed(others[:, 1:], beside.by_pitch[rows])
        return votes.scatter_add(1, followed.next_key % self.pitch_count, pointed * goes_on)

    def length_votes(self, trunk: Tensor, beside: Prepared, rows: Tensor, note: Tensor) -> Tensor:
        """(n, lengths); note (n, 2): onset and pitch chosen."""
        onsets, pitches = note.unbind(dim=-1)
        here = beside.material.rolls[rows, :, onsets]  # (n, references, pitches)
        same = torch.take_along_dim(here, pitches[:, None, None], dim=2)[..., 0].long()  # (n, references)
        longest = here.amax(dim=-1).long()
        known = torch.cat([same > 0, longest > 0], dim=-1).to(trunk.dtype)
        of_same, of_longest, others = self._split(self.length_gates(torch.cat([trunk, known], dim=-1)), 2)
        habits = others * beside.material.lengths[rows].to(others.dtype)
        votes = functional.pad(habits, (1, 0))  # the first: of what is not there
        return votes.scatter_add(1, same, of_same).scatter_add(1, longest, of_longest)[:, 1:]

    def _split(self, gates: Tensor, groups: int) -> list[Tensor]:
        """The gates of `groups` votes of each reference, and those of the other votes."""
        count = self.size.references
        return list(torch.split(gates, [*[count] * groups, gates.shape[1] - groups * count], dim=1))

    def _tiled(self, classes: Tensor, drums: Tensor) -> Tensor:
        """Numbers of pitch classes (n, some, 12) as numbers of pitches (n, some, pitches), 0 for drums."""
        repeats = -(-self.pitch_count // classes.shape[-1])
        tiled = classes.repeat(1, 1, repeats)[..., : self.pitch_count]
        return tiled.masked_fill(drums[:, None, None], 0.0)


def _weighed(gates: Tensor, votes: Tensor) -> Tensor:
    """The sum of votes (n, some, classes) by their gates (n, some); (n, classes)."""
    return torch.bmm(gates[:, None], votes.to(gates.dtype))[:, 0]
