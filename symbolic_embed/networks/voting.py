"""Votes for what may be copied, note by note, while cells are written: those of `copying.py`, made ready to write.

What the gates see of a cell that is the same for all its notes is multiplied out once; all gates that the state alone
decides are one product, and what they see of the state is part of the writer's own. The rest is many small steps a
note, in NumPy, where a small step costs a tenth of one in torch. The votes are those of the network but for rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.networks.copying import AGREEMENT, Copying, Prepared
from symbolic_embed.networks.dense import Dense
from symbolic_embed.networks.tokens import TokenRange

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Gates:
    """The gates of a finished network. listen: (state, hidden), trust: (trust, hidden), bias: (hidden,) and agreement:
    (references * AGREEMENT, hidden), weights of what all of them see; all_of: from that to all gates, one behind the
    other, onset, pitch, length; of_pitch, of_length: what the latter two see beside, (2 * references, their gates).
    ends: where the gates of each choice begin, and where all end."""

    listen: Tensor
    trust: Tensor
    bias: Tensor
    agreement: Floats
    all_of: Dense
    of_pitch: Floats
    of_length: Floats
    ends: tuple[int, ...]
    pitch_count: int
    beyond: int

    @classmethod
    def of(cls, copying: Copying) -> Gates:
        """Those of a network. pitch_count: of a reference; beyond: the place behind all its keys."""
        three = (copying.onset_gates, copying.pitch_gates, copying.length_gates)
        size = copying.size
        trunk = torch.cat([gates.weight[:, : size.hidden] for gates in three]).T.contiguous()
        return cls(
            listen=copying.listen.weight.T,
            trust=copying.trust.weight[:, : size.trust].T,
            bias=copying.trust.bias + copying.listen.bias,
            agreement=copying.trust.weight[:, size.trust :].T.contiguous().numpy(),
            all_of=Dense(torch.cat([gates.bias for gates in three]), trunk),
            of_pitch=copying.pitch_gates.weight[:, size.hidden :].T.contiguous().numpy(),
            of_length=copying.length_gates.weight[:, size.hidden :].T.contiguous().numpy(),
            ends=(0, *accumulate(gates.out_features for gates in three)),
            pitch_count=copying.pitch_count,
            beyond=copying.steps * copying.pitch_count,
        )


@dataclass(frozen=True, eq=False)
class Laid:
    """What lies beside cells, as `copying.Prepared` has it, of the pitches `among` which is chosen.

    keys: those of all references of all cells one behind the other, rising: each has what its reference `adds`, int64
    (cells, references), and a last one, behind all notes; begins: (cells, references), where those of each begin.
    longest: uint8 (cells, references, steps), the longest note that begins there, its length class + 1, 0 where none
    does. rolls, by_pitch, sounding, (cells, steps, pitches): as there."""

    gates: Gates
    among: TokenRange
    keys: Ints
    adds: Ints
    begins: Ints
    rolls: NDArray[np.uint8]
    longest: NDArray[np.uint8]
    lengths: Floats
    sounding: Floats
    drums: NDArray[np.bool_]
    by_onset: Floats
    by_pitch: Floats

    @classmethod
    def of(cls, gates: Gates, prepared: Prepared, *, among: TokenRange) -> Laid:
        """What was prepared, for the gates of a network."""
        material, beyond, pitches = prepared.material, gates.beyond, among.pitches
        cells, references, most = material.keys.shape
        number = np.arange(cells * references).reshape(cells, references)
        adds = number * (beyond + 1)
        keys = np.full((cells, references, most + 1), beyond)
        keys[:, :, :-1] = material.keys.numpy()
        classes = np.arange(gates.pitch_count)[pitches] % material.sounding.shape[2]
        drums, rolls = material.drums.numpy(), material.rolls.numpy()
        return cls(
            gates,
            among,
            (keys + adds[:, :, None]).ravel(),
            adds,
            number * (most + 1),
            rolls[..., pitches],
            rolls.max(axis=-1),
            material.lengths.numpy(),
            np.where(drums[:, None, None], np.float32(0), material.sounding.numpy()[:, :, classes]),
            drums,
            prepared.by_onset.numpy(),
            prepared.by_pitch.numpy()[:, :, pitches],
        )


@dataclass(frozen=True, eq=False)
class Following:
    """Windows while they are written beside references. cell: int64 (n,), which cell of what is laid each belongs to;
    known: (cells, hidden), what the gates see of each cell; last: (n,), the key of the last note, -1 before the first;
    matched: (n, references), how many of its notes each reference has; written: how many notes each has (the same for
    all)."""

    laid: Laid
    cell: Ints
    known: Floats
    last: Ints
    matched: Ints
    written: int

    @classmethod
    @torch.no_grad()
    def beginning(cls, gates: Gates, prepared: Prepared, *, copies: int, among: TokenRange) -> Following:
        """Nothing written yet of `copies` windows for each cell, one after the other."""
        laid = Laid.of(gates, prepared, among=among)
        known = torch.addmm(gates.bias, prepared.material.trust, gates.trust).numpy()
        cell = np.repeat(np.arange(len(known)), copies)
        matched = np.zeros((len(cell), laid.adds.shape[1]), np.int64)
        return cls(laid, cell, known, np.full(len(cell), -1), matched, 0)

    def rows(self, chosen: Ints | slice) -> Following:
        """Some of the windows."""
        parts = (self.last[chosen], self.matched[chosen])
        return Following(self.laid, self.cell[chosen], self.known, *parts, self.written)

    def after(self, onset: Ints, column: Ints) -> Following:
        """The same with one more note in each; onset and column of its token, (n,)."""
        laid = self.laid
        pitch = column % laid.rolls.shape[3]
        hit = laid.rolls[self.cell, :, onset, pitch] > 0
        key = onset * laid.gates.pitch_count + pitch + laid.among.pitches.start
        return Following(laid, self.cell, self.known, key, self.matched + hit, self.written + 1)

    def voting(self, listened: Floats) -> Voting:
        """The votes for the next note; listened (n, hidden): the share of the decoder's states, `Gates.listen`."""
        laid, gates = self.laid, self.laid.gates
        adds = laid.adds[self.cell]
        places = laid.keys.searchsorted(adds + self.last[:, None], side="right")
        next_key = laid.keys[places] - adds
        agreement = self._agreement(places - laid.begins[self.cell], goes_on=next_key < gates.beyond)
        trunk = listened + self.known[self.cell]
        trunk += agreement @ gates.agreement
        return Voting(self, next_key, agreement, gates.all_of(np.maximum(trunk, 0.0, out=trunk)))

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

    def add_to_onsets(self, logits: Floats) -> None:
        """Adds to logits (n, steps + 1)."""
        laid, cell = self.following.laid, self.following.cell
        gates, count = self._of(0), self.next_key.shape[1]
        logits += _weighed(gates[:, count:], laid.by_onset[cell])
        _point(logits, self.next_key // laid.gates.pitch_count, gates[:, :count])

    def add_to_pitches(self, logits: Floats, onset: Ints) -> None:
        """Adds to logits of the tokens among which is chosen, (n, tokens), at the chosen onsets (n,)."""
        laid, cell, count = self.following.laid, self.following.cell, self.next_key.shape[1]
        there = laid.rolls[cell, :, onset] > 0  # (n, references, pitches)
        step, pitch = self.next_key // laid.gates.pitch_count, self.next_key % laid.gates.pitch_count
        goes_on = step == onset[:, None]
        known = np.concatenate([goes_on, laid.longest[cell, :, onset] > 0], axis=1).astype(np.float32)
        gates = self._of(1) + known @ laid.gates.of_pitch
        votes = _weighed(gates[:, :count], there.astype(np.float32))
        votes += _weighed(gates[:, 2 * count + 1 :], laid.by_pitch[cell])
        votes += gates[:, 2 * count, None] * laid.sounding[cell, onset]
        column = pitch - laid.among.pitches.start
        points = goes_on & (column >= 0) & (column < votes.shape[1])
        _point(votes, np.where(points, column, 0), gates[:, count : 2 * count] * points)
        laid.among.add_votes(logits, votes, laid.drums[cell])

    def add_to_lengths(self, logits: Floats, onset: Ints, column: Ints) -> None:
        """Adds to logits (n, lengths), of the chosen notes: onsets and columns of their tokens (n,)."""
        laid, cell, count = self.following.laid, self.following.cell, self.next_key.shape[1]
        same = laid.rolls[cell, :, onset, column % laid.rolls.shape[3]].astype(np.int64)
        longest = laid.longest[cell, :, onset].astype(np.int64)
        pointed = np.concatenate([same, longest], axis=1)
        gates = self._of(2) + (pointed > 0).astype(np.float32) @ laid.gates.of_length
        logits += gates[:, 2 * count :] * laid.lengths[cell]
        there = pointed > 0  # what is not there points to no length
        _point(logits, pointed - there, gates[:, : 2 * count] * there)

    def _of(self, choice: int) -> Floats:
        """The gates of one of the three choices."""
        first, end = self.following.laid.gates.ends[choice : choice + 2]
        return self.gates[:, first:end]


def _weighed(gates: Floats, votes: Floats) -> Floats:
    """The sum of votes (n, some, classes) by their gates (n, some); (n, classes)."""
    weighed: Floats = np.matmul(gates[:, None], votes)[:, 0]
    return weighed


def _point(logits: Floats, classes: Ints, gates: Floats) -> None:
    """To the class that each reference points to its gate is added; logits (n, all), changed, one row behind the other
    in memory; classes and gates (n, references)."""
    places = classes + np.arange(len(logits))[:, None] * logits.shape[1]
    np.add.at(logits.reshape(-1), places.ravel(), gates.ravel())
