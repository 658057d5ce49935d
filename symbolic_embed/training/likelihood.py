"""How likely a composer finds what unseen pieces go on with.

The negative log-likelihood of a note's onset, pitch and length, in nats, given all that was played before: the lower,
the better. It is a statement about notes, so composers on different embedders can be compared, on the same passages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ComposerSettings, Representation
from symbolic_embed.errors import CorpusError
from symbolic_embed.training.composer_batches import ComposerBatch, ComposerBatches
from symbolic_embed.training.composer_module import ComposerModule
from symbolic_embed.training.settings import ComposerTraining

QUICK_BATCHES, BATCHES = 3, 16
CHOICES = ("onset", "pitch", "length")
ALL = "note"  # the three together


@dataclass(frozen=True)
class Nats:
    """A mean over batches of passages, its standard error, and how many passages there were."""

    mean: float
    error: float
    passages: int


def held_out_passages(
    corpus: PreparedCorpus, *, split: str, representation: Representation, batches: int = BATCHES
) -> list[ComposerBatch]:
    """Passages of a split, always the same; none where it has no piece of two bars."""
    try:
        sampler = PassageSampler(corpus, split=split)
    except CorpusError:
        return []
    drawn = ComposerBatches(sampler, settings=ComposerTraining(), representation=representation)
    return [drawn.batch(number) for number in range(batches)]


@torch.no_grad()
def likelihood(module: ComposerModule, passages: list[ComposerBatch]) -> dict[str, Nats]:
    """Of each choice, and of a whole note; `passages` are one batch at least."""
    losses = [module.losses(batch) for batch in passages]
    nats = np.array([[float(of_batch[choice]) for choice in CHOICES] for of_batch in losses])  # (batches, 3)
    table = np.column_stack([nats, nats.sum(axis=1)])
    errors = table.std(axis=0, ddof=1) / len(table) ** 0.5 if len(table) > 1 else np.zeros(table.shape[1])
    count = sum(int(batch.piece.max()) + 1 for batch in passages)
    figures = (Nats(*both, count) for both in zip(table.mean(axis=0).tolist(), errors.tolist(), strict=True))
    return dict(zip((*CHOICES, ALL), figures, strict=True))


def composer_likelihood(checkpoint: Checkpoint, corpus: PreparedCorpus, *, split: str) -> dict[str, Nats]:
    """The same of a checkpoint's composer; empty where the split has nothing to go on with. Raises
    MissingComposerError where the checkpoint has no composer."""
    embedder = Embedder.of(checkpoint)
    passages = held_out_passages(corpus, split=split, representation=embedder.settings.representation)
    sizes = ComposerSettings(**checkpoint.card.get("composer", {}))
    module = ComposerModule(ComposerTraining(composer=sizes), embedder)
    module.start_from(checkpoint)
    return likelihood(module.eval(), passages) if passages else {}
