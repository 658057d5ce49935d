"""Votes for what may be copied, note by note, while cells are written: those of `copying.py`, made ready to write.

What the gates see of a cell that is the same for all its notes is multiplied out once; all gates that the state alone
decides are one product, and what they see of the state is part of the writer's own. The rest is many small steps a
note, in NumPy, where a small step costs a tenth of one in torch. The votes are those of the network but for rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.networks.choosing import row_starts
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
    there: float32 (cells, steps, references, pitches), 1 where a note begins; of_length: uint8, of the same shape, its
    length class + 1; longest: (cells, steps, references), that of the longest note that begins there, 0 where none
    does. sounding: (cells, steps, pitches), as there."""

    gates: Gates
    among: TokenRange
    keys: Ints
    adds: Ints
    begins: Ints
    there: Floats
    of_length: NDArray[np.uint8]
    longest: NDArray[np.uint8]
    sounding: Floats

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
        of_length = np.ascontiguousarray(rolls[..., pitches].transpose(0, 2, 1, 3))
        return cls(
            gates,
            among,
            (keys + adds[:, :, None]).ravel(),
            adds,
            number * (most + 1),
            (of_length > 0).astype(np.float32),
            of_length,
            np.ascontiguousarray(rolls.max(axis=-1).transpose(0, 2, 1)),
            np.where(drums[:, None, None], np.float32(0), material.sounding.numpy()[:, :, classes]),
        )


class OfCells(NamedTuple):
    """What is the same for all notes of a window, of the cell of each of them. adds, begins: as `Laid` has them; known:
    (n, hidden), what the gates see of it; by_onset, by_pitch, lengths, drums: as `copying.Prepared` has them."""

    adds: Ints
    begins: Ints
    known: Floats
    by_onset: Floats
    by_pitch: Floats
    lengths: Floats
    drums: NDArray[np.bool_]

    def rows(self, chosen: Ints | slice) -> OfCells:
        """That of some of them."""
        votes = (self.by_onset[chosen], self.by_pitch[chosen], self.lengths[chosen], self.drums[chosen])
        return OfCells(self.adds[chosen], self.begins[chosen], self.known[chosen], *votes)


@dataclass(frozen=True, eq=False)
class Following:
    """Windows while they are written beside references. cell: int64 (n,), which cell of what is laid each belongs to;
    last: (n,), the key of the last note, -1 before the first; matched: (n, references), how many of its notes each
    reference has; written: how many notes each has (the same for all)."""

    laid: Laid
    of_cells: OfCells
    cell: Ints
    last: Ints
    matched: Ints
    written: int

    @classmethod
    @torch.no_grad()
    def beginning(cls, gates: Gates, prepared: Prepared, *, copies: int, among: TokenRange) -> Following:
        """Nothing written yet of `copies` windows for each cell, one after the other."""
        laid, material = Laid.of(gates, prepared, among=among), prepared.material
        known = torch.addmm(gates.bias, material.trust, gates.trust).numpy()
        by_pitch = np.ascontiguousarray(prepared.by_pitch.numpy()[:, :, among.pitches])
        votes = (prepared.by_onset.numpy(), by_pitch, material.lengths.numpy(), material.drums.numpy())
        cell = np.repeat(np.arange(len(known)), copies)
        of_cells = OfCells(laid.adds, laid.begins, known, *votes).rows(cell)
        return cls(laid, of_cells, cell, np.full(len(cell), -1), np.zeros(of_cells.adds.shape, np.int64), 0)

    def rows(self, chosen: Ints | slice) -> Following:
        """Some of the windows."""
        parts = (self.cell[chosen], self.last[chosen], self.matched[chosen])
        return Following(self.laid, self.of_cells.rows(chosen), *parts, self.written)

    def after(self, onset: Ints, column: Ints) -> Following:
        """The same with one more note in each; onset and column of its token, (n,)."""
        laid = self.laid
        pitch = column % laid.of_length.shape[3]
        matched = self.matched + (laid.of_length[self.cell, onset, :, pitch] > 0)
        key = onset * laid.gates.pitch_count + pitch + laid.among.pitches.start
        return Following(laid, self.of_cells, self.cell, key, matched, self.written + 1)

    def voting(self, listened: Floats) -> Voting:
        """The votes for the next note; listened (n, hidden): the share of the decoder's states, `Gates.listen`."""
        laid, gates, of_cells = self.laid, self.laid.gates, self.of_cells
        places = laid.keys.searchsorted(of_cells.adds + self.last[:, None], side="right")
        next_key = laid.keys.take(places)
        next_key -= of_cells.adds
        places -= of_cells.begins
        agreement = self._agreement(places, goes_on=next_key < gates.beyond)
        trunk = listened + of_cells.known
        trunk += agreement @ gates.agreement
        next_place, seen = np.divmod(next_key, gates.pitch_count), np.maximum(trunk, 0.0, out=trunk)
        return Voting(self, next_place, agreement, gates.all_of(seen))

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
    """What is added to the logits of one note of each window. next_place: step and pitch of the key that comes next in
    each reference, int64 (n, references) each, the step behind the last where none does; agreement: as
    `copying.Followed` has it; gates: (n, gates), of onset, pitch and length, the latter two without what is known once
    the onset is."""

    following: Following
    next_place: tuple[Ints, Ints]
    agreement: Floats
    gates: Floats

    def add_to_onsets(self, logits: Floats) -> None:
        """Adds to logits (n, steps + 1)."""
        (step, _), gates = self.next_place, self._of(0)
        logits += _weighed(gates[:, step.shape[1] :], self.following.of_cells.by_onset)
        _point(logits, step, gates[:, : step.shape[1]])

    def add_to_pitches(self, logits: Floats, onset: Ints) -> None:
        """Adds to logits of the tokens among which is chosen, (n, tokens), at the chosen onsets (n,)."""
        laid, cell, (step, pitch) = self.following.laid, self.following.cell, self.next_place
        of_cells, count = self.following.of_cells, step.shape[1]
        goes_on = step == onset[:, None]
        known: Floats = np.empty((len(onset), 2 * count), np.float32)
        known[:, :count] = goes_on
        known[:, count:] = laid.longest[cell, onset] > 0
        gates = self._of(1) + known @ laid.gates.of_pitch
        votes = _weighed(gates[:, :count], laid.there[cell, onset])
        votes += _weighed(gates[:, 2 * count + 1 :], of_cells.by_pitch)
        votes += gates[:, 2 * count, None] * laid.sounding[cell, onset]
        column = pitch - laid.among.pitches.start
        goes_on &= (column >= 0) & (column < votes.shape[1])
        _point(votes, column * goes_on, gates[:, count : 2 * count] * goes_on)
        laid.among.add_votes(logits, votes, of_cells.drums)

    def add_to_lengths(self, logits: Floats, onset: Ints, column: Ints) -> None:
        """Adds to logits (n, lengths), of the chosen notes: onsets and columns of their tokens (n,)."""
        laid, cell, count = self.following.laid, self.following.cell, self.next_place[0].shape[1]
        pointed = np.empty((len(onset), 2 * count), np.int64)
        pointed[:, :count] = laid.of_length[cell, onset, :, column % laid.of_length.shape[3]]
        pointed[:, count:] = laid.longest[cell, onset]
        there = pointed > 0  # what is not there points to no length
        gates = self._of(2) + there.astype(np.float32) @ laid.gates.of_length
        logits += gates[:, 2 * count :] * self.following.of_cells.lengths
        pointed -= there
        _point(logits, pointed, gates[:, : 2 * count] * there)

    def _of(self, choice: int) -> Floats:
        """The gates of one of the three choices."""
        return self.gates[:, slice(*self.following.laid.gates.ends[choice : choice + 2])]


def _weighed(gates: Floats, votes: Floats) -> Floats:
    """The sum of votes (n, some, classes) by their gates (n, some); (n, classes)."""
    return np.asarray(np.matmul(gates[:, None], votes)[:, 0])


def _point(logits: Floats, classes: Ints, gates: Floats) -> None:
    """To the class that each reference points to its gate is added; logits (n, all), changed, one row behind the other
    in memory; classes and gates (n, references)."""
    np.add.at(logits.reshape(-1), (classes + row_starts(*logits.shape)).ravel(), gates.ravel())
