"""What the batches of both kinds of run have in common: their order, and what a decoder must write.

Batch n of a run follows from the run's seed and n alone, so a run that is resumed sees what it would have seen. Where
several processes share a run, they take the batches by turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from symbolic_embed.bars import Windows, ranges
from symbolic_embed.embedding.model import padded_rows
from symbolic_embed.encodings import note_rows

LENGTH_GROUPS = 4

Batch = TypeVar("Batch")


class RowGroup(NamedTuple):
    """Windows of about equal length: their numbers, their note rows, padded, and how many notes each has."""

    windows: Tensor
    rows: Tensor
    counts: Tensor


class Batches(IterableDataset[Batch]):
    """The batches of a run, from step `first` on, without end; one a step, unless processes `share` them."""

    def __init__(self, *, seed: int, first: int = 0) -> None:
        self.seed, self.first = seed, first
        self.rank, self.processes = 0, 1

    def share(self, rank: int, *, of: int) -> None:
        """From now on these are the batches of process `rank` `of` so many."""
        self.rank, self.processes = rank, of

    def __iter__(self) -> Iterator[Batch]:
        return (self.batch(step * self.processes + self.rank) for step in steps(self.first))

    def batch(self, number: int) -> Batch:
        """Batch `number` of the run."""
        return self.drawn(np.random.default_rng([self.seed, number]))

    def drawn(self, random: np.random.Generator) -> Batch:
        """A batch, as chance has it."""
        raise NotImplementedError


def steps(first: int) -> Iterator[int]:
    """All numbers from `first` on; in a process that loads in the background its share of them, by turns, which is the
    order in which `DataLoader` asks its processes."""
    loader = get_worker_info()
    return count(first) if loader is None else count(first + loader.id, loader.num_workers)


def row_groups(windows: Windows, *, longest: int) -> tuple[RowGroup, ...]:
    """What the decoder must write, in groups of windows of about equal length: most cells have six notes, and padding
    all to the longest would cost five times as much."""
    rows, counts = note_rows.encode(windows)
    first = ranges.offsets(counts)[:-1]
    order = np.argsort(counts, kind="stable")
    groups = []
    for chosen in np.array_split(order, LENGTH_GROUPS):
        if len(chosen):
            of_chosen = rows[ranges.rows(first[chosen], counts[chosen])]
            padded, kept = padded_rows(of_chosen, counts[chosen], longest=longest)
            groups.append(RowGroup(torch.from_numpy(chosen), padded, kept))
    return tuple(groups)
