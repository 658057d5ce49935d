"""Batches for training the composer: passages, with everything that has to be embedded for them.

The context of a part's step is its own last cell, the last whole bar, and what the parts before it have written in this
bar. All three are windows, embedded by the finished encoder.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import Windows
from symbolic_embed.bars.merging import merge
from symbolic_embed.corpus.passages import Passages, PassageSampler
from symbolic_embed.embedding.model import Representation, encoder_input
from symbolic_embed.networks.encoder import Bags, Tokens
from symbolic_embed.training.augmenting import TRANSPOSITIONS
from symbolic_embed.training.batches import Batches, RowGroup, row_groups
from symbolic_embed.training.settings import ComposerTraining


class ComposerBatch(NamedTuple):
    """Windows to embed, and where their embeddings belong.

    cells: (parts * (steps + 1)) windows; bars: (pieces * (steps + 1)) windows; written: one window for each part and
    step that follows another part. piece, roles: (parts,). follows: bool (parts,), whether another part was before.
    contents: int64 (parts, steps), equal where cells to be written hold the same notes. targets: what the decoder must
    write, windows numbered part * steps + step.
    """

    cells: Bags | Tokens
    bars: Bags | Tokens
    written: Bags | Tokens
    piece: Tensor
    roles: Tensor
    follows: Tensor
    contents: Tensor
    targets: tuple[RowGroup, ...]


class ComposerBatches(Batches[ComposerBatch]):
    """The batches of a composer's run."""

    def __init__(
        self, sampler: PassageSampler, *, settings: ComposerTraining, representation: Representation, first: int = 0
    ) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.sampler, self.settings, self.representation = sampler, settings, representation

    def drawn(self, random: np.random.Generator) -> ComposerBatch:
        steps = int(random.choice(self.settings.windows))
        passages = self.sampler.draw(pieces=self.settings.pieces, parts=self.settings.parts, steps=steps, random=random)
        semitones = random.choice(TRANSPOSITIONS, len(passages.bars))
        lengths = passages.length[passages.piece]  # of cells; a rest is as long as its bar
        cells = replace(self.sampler.cells.windows(passages.cells.ravel()), steps=lengths.ravel())
        cells = cells.transposed(np.repeat(semitones[passages.piece], steps + 1))
        bars = replace(self.sampler.bars.windows(passages.bars.ravel()), steps=passages.length.ravel())
        bars = bars.transposed(np.repeat(semitones, steps + 1))
        now = np.arange(cells.steps.size).reshape(-1, steps + 1)[:, 1:]  # the windows to be written
        contents = np.unique(cells.where(now.ravel()).content_hashes(), return_inverse=True)[1].ravel()
        follows = np.append(False, passages.piece[1:] == passages.piece[:-1])
        sources, groups = written_before(passages, now)
        written = merge(cells.where(sources), groups=groups, steps=lengths[follows, 1:].ravel())
        return ComposerBatch(
            cells=self._input(cells),
            bars=self._input(bars),
            written=self._input(written),
            piece=torch.from_numpy(passages.piece),
            roles=torch.from_numpy(passages.role),
            follows=torch.from_numpy(follows),
            contents=torch.from_numpy(contents.reshape(now.shape)),
            targets=row_groups(cells.where(now.ravel()), longest=self.settings.longest_window),
        )

    def _input(self, windows: Windows) -> Bags | Tokens:
        return encoder_input(windows, representation=self.representation)


def written_before(passages: Passages, now: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which cell windows make up what has been written before each part's turn, at each step.

    now: (parts, steps) numbers of the cell windows. Returns the numbers of windows, and for each the number of its
    union among those of the parts that follow another, in order of part, then step.
    """
    steps = now.shape[1]
    sources, groups = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    union = -1
    for part in range(1, len(now)):
        earlier = np.flatnonzero(passages.piece[:part] == passages.piece[part])
        if len(earlier):
            union += 1
            sources.append(now[earlier].ravel())
            groups.append(np.tile(union * steps + np.arange(steps), len(earlier)))
    return np.concatenate(sources), np.concatenate(groups)
