"""Batches for training the embedder: pairs of windows that follow each other, of cells and of whole bars."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from symbolic_embed.bars import Windows
from symbolic_embed.corpus.pairs import PairSampler
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.networks.encoder import Bags, Tokens
from symbolic_embed.training.augmenting import varied_pair
from symbolic_embed.training.batches import Batches, RowGroup, row_groups
from symbolic_embed.training.settings import EmbedderTraining

FEWEST_PAIRS = 2  # one pair alone has no negatives


class PairBatch(NamedTuple):
    """Anchors and positives as the encoder takes them, and which pairs are no fair negatives, bool (pairs, pairs)."""

    anchors: Bags | Tokens
    positives: Bags | Tokens
    ignored: Tensor


class EmbedderBatch(NamedTuple):
    """One batch: cells with what the decoder must write for some of their anchors, and whole bars."""

    cells: PairBatch
    targets: tuple[RowGroup, ...]
    bars: PairBatch | None


class EmbedderBatches(Batches[EmbedderBatch]):
    """The batches of an embedder's run."""

    def __init__(self, cells: PairSampler, bars: PairSampler, *, settings: EmbedderTraining, first: int = 0) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.cells, self.bars, self.settings = cells, bars, settings
        wished = min(round(settings.pairs * settings.bar_share), settings.pairs - FEWEST_PAIRS)
        self.bar_pairs = wished if wished >= FEWEST_PAIRS else 0

    def drawn(self, random: np.random.Generator) -> EmbedderBatch:
        cells, anchors = self._pairs(self.cells, self.settings.pairs - self.bar_pairs, random)
        bars = self._pairs(self.bars, self.bar_pairs, random)[0] if self.bar_pairs else None
        decoded = np.unique(np.linspace(0, len(anchors) - 1, self.settings.decoded).astype(np.int64))
        groups = row_groups(anchors.where(decoded), longest=self.settings.longest_window)
        targets = (group._replace(windows=torch.from_numpy(decoded)[group.windows]) for group in groups)
        return EmbedderBatch(cells, tuple(targets), bars)

    def _pairs(self, sampler: PairSampler, count: int, random: np.random.Generator) -> tuple[PairBatch, Windows]:
        """Pairs for the encoder, and their anchors as windows."""
        pairs = sampler.draw(count, random=random)
        windows = (sampler.table.windows(chosen) for chosen in (pairs.anchors, pairs.positives))
        anchors, positives = varied_pair(*windows, random=random)
        kind = self.settings.model.representation
        first, second = (encoder_input(windows, representation=kind) for windows in (anchors, positives))
        return PairBatch(first, second, torch.from_numpy(pairs.ignored)), anchors
