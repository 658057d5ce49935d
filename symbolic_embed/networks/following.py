"""What of the references has been followed: of cells that are known whole, and of cells while they are written."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from symbolic_embed.networks.copying import Copying, Followed, Material, Prepared


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

    def beginning(self, *, copies: int) -> Following:
        """Nothing written yet of `copies` windows for each cell, one after the other."""
        cells, references = self.prepared.material.keys.shape[:2]
        cell = torch.arange(cells).repeat_interleave(copies)
        nothing = torch.zeros(len(cell), references, dtype=torch.long)
        return Following(self, cell, torch.full((len(cell),), -1), nothing, 0)

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
        of_token = of_tokens(of_pitch, self.prepared.material.drums[cell])
        note = torch.stack([chosen[:, 0], chosen[:, 1] % pitches], dim=1)
        return of_onset, of_token, self.copying.length_votes(trunk, self.prepared, cell, note)


def followed_so_far(material: Material, rows: Tensor, keys: Tensor, counts: Tensor) -> Followed:
    """How far the references of cells had been followed before each of their notes, and before the end.

    rows: int64 (n,), the cell of each choice; keys: int64 (cells, longest), of the notes written; counts: (n,), how
    many notes of its cell were written before each choice.
    """
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


@dataclass(frozen=True, eq=False)
class Following:
    """Windows while they are written beside references. cell: int64 (n,), to which cell of the material each belongs;
    last: (n,), the key of its last note, -1 before the first; matched: (n, references), how many of its notes each
    reference has; written: how many notes each has (the same for all)."""

    beside: Beside
    cell: Tensor
    last: Tensor
    matched: Tensor
    written: int

    def rows(self, chosen: Tensor | slice) -> Following:
        """Some of the windows."""
        return replace(self, cell=self.cell[chosen], last=self.last[chosen], matched=self.matched[chosen])

    def after(self, onset: Tensor, token: Tensor) -> Following:
        """The same with one more note in each; onset and pitch token (n,)."""
        pitch = token % self.beside.copying.pitch_count
        hit = self.beside.prepared.material.rolls[self.cell, :, onset, pitch] > 0
        key = onset * self.beside.copying.pitch_count + pitch
        return replace(self, last=key, matched=self.matched + hit, written=self.written + 1)

    def voting(self, states: Tensor) -> Voting:
        """The votes for the next note; states (n, hidden): of the decoder."""
        material = self.beside.prepared.material
        last = self.last[:, None, None].expand(-1, self.matched.shape[1], 1).contiguous()
        passed = torch.searchsorted(material.keys[self.cell], last, right=True)  # (n, references, 1)
        beyond = self.beside.copying.steps * self.beside.copying.pitch_count
        next_key = torch.gather(functional.pad(material.keys[self.cell], (0, 1), value=beyond), 2, passed)[..., 0]
        written = torch.full_like(self.last, self.written)
        followed = Followed(next_key, agreement(self.matched, passed[..., 0], written, next_key < beyond))
        return Voting(self, self.beside.copying.trunk(states, self.beside.prepared, self.cell, followed), followed)


@dataclass(frozen=True, eq=False)
class Voting:
    """What is added to the logits of one note of each window."""

    following: Following
    trunk: Tensor
    followed: Followed

    def onsets(self) -> Tensor:
        """(n, steps + 1)."""
        copying, prepared, cell = self._asked
        return copying.onset_votes(self.trunk, prepared, cell, self.followed)

    def pitches(self, onset: Tensor) -> Tensor:
        """(n, pitch tokens), at the chosen onsets (n,)."""
        copying, prepared, cell = self._asked
        votes = copying.pitch_votes(self.trunk, prepared, cell, self.followed, onset)
        return of_tokens(votes, prepared.material.drums[cell])

    def lengths(self, onset: Tensor, token: Tensor) -> Tensor:
        """(n, lengths), of the chosen notes (n,)."""
        copying, prepared, cell = self._asked
        note = torch.stack([onset, token % copying.pitch_count], dim=1)
        return copying.length_votes(self.trunk, prepared, cell, note)

    @property
    def _asked(self) -> tuple[Copying, Prepared, Tensor]:
        beside = self.following.beside
        return beside.copying, beside.prepared, self.following.cell


def of_tokens(votes: Tensor, drums: Tensor) -> Tensor:
    """Votes for pitches (n, pitches) as votes for pitch tokens, those of drums behind the others; drums bool (n,)."""
    is_drum = drums[:, None]
    return torch.cat([votes.masked_fill(is_drum, 0.0), votes.masked_fill(~is_drum, 0.0)], dim=1)
