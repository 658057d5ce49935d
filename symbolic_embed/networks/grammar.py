"""What notes a window may hold.

Onsets never go back and lie inside the window, pitches rise within one onset and are among those allowed, there or at
that step. A window of a single voice has one note an onset. Where a rhythm is given, onsets and lengths are those, note
for note, and only pitches are free.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Written:
    """What has been written of each window: how many notes (the same for all), and onset and pitch of the last one,
    (batch,); pitch -1 at onset 0 before the first."""

    count: int
    onset: Tensor
    pitch: Tensor

    @classmethod
    def nothing(cls, batch: int) -> Written:
        return cls(0, torch.zeros(batch, dtype=torch.long), torch.full((batch,), -1))


@dataclass(frozen=True)
class Grammar:
    """The rules of some windows.

    steps: int64 (batch,), lengths. pitches: bool (batch, pitch classes), or (batch, steps, pitch classes) where it
    depends on the step. single: bool (batch,), one voice. rhythm: int64 (batch, notes, 2), onset and length class of
    each note, the onset of the end where there are fewer; None leaves both free. fewest: int64 (batch,), a window does
    not end before it has so many notes, as long as more can begin.

    With a rhythm each onset must have as many allowed pitches as it has notes.
    """

    steps: Tensor
    pitches: Tensor
    single: Tensor
    rhythm: Tensor | None
    fewest: Tensor

    @classmethod
    def of(
        cls,
        *,
        steps: Tensor,
        pitches: Tensor,
        single: Tensor | None = None,
        rhythm: Tensor | None = None,
        fewest: Tensor | None = None,
    ) -> Grammar:
        """Several voices and no fewest notes unless `single` and `fewest` say otherwise."""
        single = torch.zeros(len(steps), dtype=torch.bool) if single is None else single
        return cls(steps, pitches, single, rhythm, torch.zeros_like(steps) if fewest is None else fewest)

    def rows(self, chosen: Tensor) -> Grammar:
        """The rules of some of the windows."""
        rhythm = None if self.rhythm is None else self.rhythm[chosen]
        columns = {name: getattr(self, name)[chosen] for name in ("steps", "pitches", "single", "fewest")}
        return replace(self, rhythm=rhythm, **columns)

    def may_begin(self, written: Written, *, end: int) -> Tensor:
        """Onset classes of the next note, the last of them the end; bool (batch, end + 1), one at least."""
        if self.rhythm is not None:
            planned = self.rhythm[:, written.count : written.count + 1, 0]
            planned = planned if planned.shape[1] else torch.full((len(self.steps), 1), end)
            return torch.zeros(len(self.steps), end + 1, dtype=torch.bool).scatter(1, planned, value=True)
        onsets = torch.arange(end)
        first = written.onset + ~self._above(written).any(dim=1)
        may = (onsets >= first[:, None]) & (onsets < self.steps[:, None])
        may &= self.pitches.any(dim=-1) if self.pitches.dim() == 3 else self.pitches.any(dim=1, keepdim=True)
        may_end = (written.count >= self.fewest) | ~may.any(dim=1)
        return torch.cat([may, may_end[:, None]], dim=1)

    def may_sound(self, written: Written, onset: Tensor) -> Tensor:
        """Pitch classes of the next note, whose onset has been chosen; bool (batch, classes), one at least."""
        may = torch.where((onset == written.onset)[:, None], self._above(written), self._at(onset))
        if self.rhythm is not None:
            later = self.rhythm[:, written.count + 1 :, 0] == onset[:, None]
            above = may.flip(1).cumsum(1).flip(1) - may.long()  # how many allowed ones lie above each
            may = may & (above >= later.sum(dim=1, keepdim=True))
        return may | ~may.any(dim=1, keepdim=True)  # windows that have ended still need something to choose from

    def may_last(self, written: Written, *, lengths: int) -> Tensor:
        """Length classes of the next note; bool (batch, lengths)."""
        if self.rhythm is None or written.count >= self.rhythm.shape[1]:
            return torch.ones(len(self.steps), lengths, dtype=torch.bool)
        planned = self.rhythm[:, written.count, 1:]
        return torch.zeros(len(self.steps), lengths, dtype=torch.bool).scatter(1, planned, value=True)

    def _at(self, onset: Tensor) -> Tensor:
        """The pitches allowed at a step of each window; bool (batch, classes)."""
        return self.pitches if self.pitches.dim() == 2 else self.pitches[torch.arange(len(onset)), onset]

    def _above(self, written: Written) -> Tensor:
        """The pitches that may begin together with the note written last; bool (batch, classes)."""
        allowed = self._at(written.onset)
        higher = torch.arange(allowed.shape[1]) > written.pitch[:, None]
        return allowed & higher & ~(self.single & (written.pitch >= 0))[:, None]
