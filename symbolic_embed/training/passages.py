"""Batches for training the composer: passages, with everything that has to be embedded for them.

At each step a part is told of its own last cell, of the last whole bar, and of what the parts before it have written in
this bar. All three are windows, embedded by the finished encoder. Batch n follows from the run's seed and n alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset

from symbolic_embed.bars.merging import merge
from symbolic_embed.corpus.passages import Passages, PassageSampler
from symbolic_embed.embedding.model import Representation, encoder_input
from symbolic_embed.networks.encoder import Bags, Tokens
from symbolic_embed.training.augmenting import TRANSPOSITIONS
from symbolic_embed.training.batches import RowGroup, batch_numbers, row_groups
from symbolic_embed.training.settings import ComposerTraining


class PassageBatch(NamedTuple):
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


class ComposerBatches(IterableDataset):
    """The batches of a run, from batch `first` on, without end."""

    def __init__(
        self, sampler: PassageSampler, *, settings: ComposerTraining, representation: Representation, first: int = 0
    ) -> None:
        self.sampler, self.settings, self.representation, self.first = sampler, settings, representation, first

    def __iter__(self) -> Iterator[PassageBatch]:
        return map(self.batch, batch_numbers(self.first))

    def batch(self, number: int) -> PassageBatch:
        """Batch `number` of the run."""
        random = np.random.default_rng([self.settings.seed, number])
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

        def as_input(windows):
            return encoder_input(windows, representation=self.representation)

        return PassageBatch(
            cells=as_input(cells),
            bars=as_input(bars),
            written=as_input(written),
            piece=torch.from_numpy(passages.piece),
            roles=torch.from_numpy(passages.role),
            follows=torch.from_numpy(follows),
            contents=torch.from_numpy(contents.reshape(now.shape)),
            targets=row_groups(cells.where(now.ravel()), longest=self.settings.longest_window),
        )


def written_before(passages: Passages, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which cell windows make up what has been written before each part's turn, at each step.

    now: (parts, steps) numbers of the cell windows. Returns the numbers of windows, and for each the place of its union
    among those of the parts that follow another, in order of part, then step.
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
