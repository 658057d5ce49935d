"""Batches for training the embedder.

Batch n of a run follows from the run's seed and n alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from symbolic_embed.bars import Windows
from symbolic_embed.corpus.pairs import Pairs, PairSampler
from symbolic_embed.embedding.model import encoder_input, padded_rows
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.encoder import Bags, Tokens
from symbolic_embed.training.augmenting import varied_pair
from symbolic_embed.training.settings import EmbedderTraining

LENGTH_GROUPS = 4
FEWEST_PAIRS = 2  # one pair alone has nothing to be told from


class PairBatch(NamedTuple):
    """Anchors and positives as the encoder takes them, and which pairs are no fair negatives, bool (pairs, pairs)."""

    anchors: Bags | Tokens
    positives: Bags | Tokens
    ignored: Tensor


RowGroup = tuple[Tensor, Tensor, Tensor]  # windows of about equal length: their numbers, padded rows, counts


class EmbedderBatch(NamedTuple):
    """One batch: cells with what the decoder must write for some of their anchors, and whole bars."""

    cells: PairBatch
    targets: tuple[RowGroup, ...]
    bars: PairBatch | None


class EmbedderBatches(IterableDataset):
    """The batches of a run, from batch `first` on, without end."""

    def __init__(self, cells: PairSampler, bars: PairSampler, *, settings: EmbedderTraining, first: int = 0) -> None:
        self.samplers = {"cells": cells, "bars": bars}
        self.settings, self.first = settings, first
        wished = min(round(settings.pairs * settings.bar_share), settings.pairs - FEWEST_PAIRS)
        self.bar_pairs = wished if wished >= FEWEST_PAIRS else 0

    def __iter__(self) -> Iterator[EmbedderBatch]:
        return map(self.batch, batch_numbers(self.first))

    def batch(self, number: int) -> EmbedderBatch:
        """Batch `number` of the run."""
        random = np.random.default_rng([self.settings.seed, number])
        cells, anchors = self._pairs("cells", self.settings.pairs - self.bar_pairs, random)
        bars = self._pairs("bars", self.bar_pairs, random)[0] if self.bar_pairs else None
        decoded = np.unique(np.linspace(0, len(anchors) - 1, self.settings.decoded).astype(np.int64))
        groups = row_groups(anchors.where(decoded), longest=self.settings.longest_window)
        targets = tuple((torch.from_numpy(decoded)[windows], *rows) for windows, *rows in groups)
        return EmbedderBatch(cells, targets, bars)

    def _pairs(self, level: str, count: int, random: np.random.Generator) -> tuple[PairBatch, Windows]:
        sampler = self.samplers[level]
        pairs: Pairs = sampler.draw(count, random=random)
        windows = [sampler.table.windows(chosen) for chosen in (pairs.anchors, pairs.positives)]
        anchors, positives = varied_pair(*windows, random=random)
        kind = self.settings.model.representation
        inputs = (encoder_input(windows, representation=kind) for windows in (anchors, positives))
        return PairBatch(*inputs, torch.from_numpy(pairs.ignored)), anchors


def batch_numbers(first: int) -> Iterator[int]:
    """All numbers from `first` on; in a process that loads in the background its share of them, by turns, which is the
    order in which `DataLoader` asks its processes."""
    loader = get_worker_info()
    return count(first) if loader is None else count(first + loader.id, loader.num_workers)


def row_groups(windows: Windows, *, longest: int) -> tuple[RowGroup, ...]:
    """What the decoder must write, in groups of windows of about equal length: most cells have six notes, and padding
    all to the longest would cost five times as much."""
    rows, counts = note_rows.encode(windows)
    offsets = np.cumsum(counts) - counts
    order = np.argsort(counts, kind="stable")
    groups = []
    for chosen in np.array_split(order, LENGTH_GROUPS):
        if len(chosen):
            taken = np.concatenate([np.arange(offsets[w], offsets[w] + counts[w]) for w in chosen])
            padded, kept = padded_rows(rows[taken], counts[chosen], longest=longest)
            groups.append((torch.from_numpy(chosen), padded, kept))
    return tuple(groups)
