"""Votes for what may be copied, note by note, while cells are written: those of `copying.py`, made ready to write.

What the gates see of a cell that is the same for all its notes is multiplied out once; all gates that the state alone
decides are one product. The rest is many small steps a note, in NumPy, where a small step costs a tenth of one in
torch. The votes are those of the network but for rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.networks.copying import AGREEMENT, Copying, Prepared

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Gates:
    """The gates of a finished network. listen: (state, hidden) and agreement: (references * AGREEMENT, hidden), weights
    of what all of them see; trunk: (hidden, gates) and bias: (gates,), of all gates one behind the other, onset, pitch,
    length; of_pitch, of_length: what the latter two see beside, (2 * references, their gates). ends: where the gates of
    each choice begin, and where all end."""

    listen: Tensor
    agreement: Tensor
    trunk: Tensor
    bias: Tensor
    of_pitch: Floats
    of_length: Floats
    ends: tuple[int, ...]

    @classmethod
    def of(cls, copying: Copying) -> Gates:
        """Those of a network."""
        three = (copying.onset_gates, copying.pitch_gates, copying.length_gates)
        hidden = copying.size.hidden
        return cls(
            listen=copying.listen.weight.T,
            agreement=copying.trust.weight[:, copying.size.trust :].T,
            trunk=torch.cat([gates.weight[:, :hidden] for gates in three]).T,
            bias=torch.cat([gates.bias for gates in three]),
            of_pitch=copying.pitch_gates.weight[:, hidden:].T.numpy(),
            of_length=copying.length_gates.weight[:, hidden:].T.numpy(),
            ends=(0, *accumulate(gates.out_features for gates in three)),
        )


@dataclass(frozen=True, eq=False)
class Laid:
    """What lies beside cells, as `copying.Prepared` has it; classes: of each pitch; beyond: the place behind all keys;
    ended: the keys of each reference, and that, (cells, references, most + 1)."""

    gates: Gates
    pitch_count: int
    classes: Ints
    beyond: int
    rolls: NDArray[np.uint8]
    ended: Ints
    lengths: Floats
    sounding: Floats
    drums: NDArray[np.bool_]
    by_onset: Floats
    by_pitch: Floats

    @classmethod
    def of(cls, copying: Copying, prepared: Prepared) -> Laid:
        """Of a network, and what was prepared for it."""
        material = prepared.material
        beyond = copying.steps * copying.pitch_count
        return cls(
            Gates.of(copying),
            copying.pitch_count,
            np.arange(copying.pitch_count) % prepared.material.sounding.shape[2],
            beyond,
            material.rolls.numpy(),
            np.pad(material.keys.numpy(), ((0, 0), (0, 0), (0, 1)), constant_values=beyond),
            material.lengths.numpy(),
            material.sounding.numpy(),
            material.drums.numpy(),
            prepared.by_onset.numpy(),
            prepared.by_pitch.numpy(),
        )

    @property
    def references(self) -> int:
        """How many each cell has."""
        return int(self.ended.shape[1])


@dataclass(frozen=True, eq=False)
class Following:
    """Windows while they are written beside references. cell: int64 (n,), which cell of what is laid each belongs to;
    known: (n, hidden), what the gates see of that cell; last: (n,), the key of the last note, -1 before the first;
    matched: (n, references), how many of its notes each reference has; written: how many notes each has (the same for
    all)."""

    laid: Laid
    cell: Ints
    known: Tensor
    last: Ints
    matched: Ints
    written: int

    @classmethod
    @torch.no_grad()
    def beginning(cls, copying: Copying, prepared: Prepared, *, copies: int) -> Following:
        """Nothing written yet of `copies` windows for each cell, one after the other."""
        laid = Laid.of(copying, prepared)
        trust = prepared.material.trust @ copying.trust.weight[:, : copying.size.trust].T
        known = trust + copying.trust.bias + copying.listen.bias
        cell = np.repeat(np.arange(len(known)), copies)
        matched = np.zeros((len(cell), laid.references), np.int64)
        return cls(laid, cell, known[torch.from_numpy(cell)], np.full(len(cell), -1), matched, 0)

    def rows(self, chosen: Ints | slice) -> Following:
        """Some of the windows."""
        known = self.known[chosen if isinstance(chosen, slice) else torch.from_numpy(chosen)]
        return Following(self.laid, self.cell[chosen], known, self.last[chosen], self.matched[chosen], self.written)

    def after(self, onset: Ints, token: Ints) -> Following:
        """The same with one more note in each; onset and pitch token (n,)."""
        pitch = token % self.laid.pitch_count
        hit = self.laid.rolls[self.cell, :, onset, pitch] > 0
        key = onset * self.laid.pitch_count + pitch
        return Following(self.laid, self.cell, self.known, key, self.matched + hit, self.written + 1)

    def voting(self, states: Tensor) -> Voting:
        """The votes for the next note; states (n, hidden): of the decoder."""
        laid, gates = self.laid, self.laid.gates
        ended = laid.ended[self.cell]
        passed = (ended <= self.last[:, None, None]).sum(axis=2)  # the place beyond all keys is never passed
        row, reference = np.arange(len(ended))[:, None], np.arange(ended.shape[1])
        next_key = ended[row, reference, passed]
        agreement = self._agreement(passed, goes_on=next_key < laid.beyond)
        trunk = torch.addmm(self.known, states, gates.listen)
        trunk = torch.addmm(trunk, torch.from_numpy(agreement), gates.agreement).relu_()
        return Voting(self, next_key, agreement, torch.addmm(gates.bias, trunk, gates.trunk).numpy())

    def _agreement(self, passed: Ints, *, goes_on: NDArray[np.bool_]) -> Floats:
        """As `following.agreement` has it, of references of which so many notes are passed; (n, references *
        AGREEMENT)."""
        seen = np.empty((*passed.shape, AGREEMENT), np.float32)
        seen[..., 0] = self.matched / max(self.written, 1)
        seen[..., 1] = (passed - self.matched) / np.maximum(passed, 1)
        seen[..., 2] = goes_on
        return seen.reshape(len(passed), -1)


@dataclass(frozen=True, eq=False)
class Voting:
    """What is added to the logits of one note of each window. next_key and agreement: as `copying.Followed` has them;
    gates: (n, gates), of onset, pitch and length, the latter two without what is known once the onset is."""

    following: Following
    next_key: Ints
    agreement: Floats
    gates: Floats

    def onsets(self) -> Floats:
        """(n, steps + 1)."""
        laid, cell = self.following.laid, self.following.cell
        gates = self._of(0)
        votes = _weighed(gates[:, laid.references :], laid.by_onset[cell])
        return _pointing(votes, self.next_key // laid.pitch_count, gates[:, : laid.references])

    def pitches(self, onset: Ints) -> Floats:
        """(n, pitch tokens), at the chosen onsets (n,); those of drums behind the others."""
        laid, cell, count = self.following.laid, self.following.cell, self.following.laid.references
        there = laid.rolls[cell, :, onset] > 0  # (n, references, pitches)
        goes_on = self.next_key // laid.pitch_count == onset[:, None]
        known = np.concatenate([goes_on, there.any(axis=2)], axis=1).astype(np.float32)
        gates = self._of(1) + known @ laid.gates.of_pitch
        votes = _weighed(gates[:, :count], there.astype(np.float32))
        votes += _weighed(gates[:, 2 * count + 1 :], laid.by_pitch[cell])
        is_drum = laid.drums[cell][:, None]
        classes = np.where(is_drum, 0.0, gates[:, 2 * count, None] * laid.sounding[cell, onset])
        votes += classes[:, laid.classes]
        votes = _pointing(votes, self.next_key % laid.pitch_count, gates[:, count : 2 * count] * goes_on)
        return np.concatenate([np.where(is_drum, 0.0, votes), np.where(is_drum, votes, 0.0)], axis=1)

    def lengths(self, onset: Ints, token: Ints) -> Floats:
        """(n, lengths), of the chosen notes (n,)."""
        laid, cell, count = self.following.laid, self.following.cell, self.following.laid.references
        here = laid.rolls[cell, :, onset]  # (n, references, pitches)
        same = here[np.arange(len(here)), :, token % laid.pitch_count].astype(np.int64)
        longest = here.max(axis=2).astype(np.int64)
        known = np.concatenate([same > 0, longest > 0], axis=1).astype(np.float32)
        gates = self._of(2) + known @ laid.gates.of_length
        votes = np.zeros((len(here), laid.lengths.shape[1] + 1), np.float32)  # the first: of what is not there
        votes[:, 1:] = gates[:, 2 * count :] * laid.lengths[cell]
        pointed = np.concatenate([same, longest], axis=1)
        return _pointing(votes, pointed, gates[:, : 2 * count])[:, 1:]

    def _of(self, choice: int) -> Floats:
        """The gates of one of the three choices."""
        first, end = self.following.laid.gates.ends[choice : choice + 2]
        return self.gates[:, first:end]


def _weighed(gates: Floats, votes: Floats) -> Floats:
    """The sum of votes (n, some, classes) by their gates (n, some); (n, classes)."""
    weighed: Floats = np.matmul(gates[:, None], votes)[:, 0]
    return weighed


def _pointing(votes: Floats, classes: Ints, gates: Floats) -> Floats:
    """The votes (n, all), changed: to the class that each reference points to its gate is added; classes and gates
    (n, references)."""
    places = classes + np.arange(len(votes))[:, None] * votes.shape[1]
    np.add.at(votes.reshape(-1), places.ravel(), gates.ravel())
    return votes
