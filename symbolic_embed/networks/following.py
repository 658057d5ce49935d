"""What of the references has been followed: of cells that are known whole, all notes at once (`voting.py`: note by
note)."""

from __future__ import annotations

from dataclasses import dataclass

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


def of_tokens(votes: Tensor, drums: Tensor) -> Tensor:
    """Votes for pitches (n, pitches) as votes for pitch tokens, those of drums behind the others; drums bool (n,)."""
    is_drum = drums[:, None]
    return torch.cat([votes.masked_fill(is_drum, 0.0), votes.masked_fill(~is_drum, 0.0)], dim=1)
