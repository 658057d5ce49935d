"""Training an embedder, from prepared music to a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from symbolic_embed.bars import ROLES
from symbolic_embed.checkpoint import Checkpoint, write_checkpoint
from symbolic_embed.corpus.pairs import PairSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedder import Embedder
from symbolic_embed.training.batches import EmbedderBatches
from symbolic_embed.training.embedding import EmbeddingModule
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.running import RUN, StoppingRule, run, saved_progress
from symbolic_embed.training.settings import BudgetSettings, EmbedderTraining

QUANTILES = np.linspace(0.0, 1.0, 101)
QUANTILE_CELLS = 4000


def train_embedder(
    corpus: PreparedCorpus,
    *,
    settings: EmbedderTraining,
    folder: Path,
    resume: bool = False,
    session_minutes: float | None = None,
    attributions: Sequence[dict[str, Any]] = (),
) -> Checkpoint:
    """Trains on the train split of `corpus` and writes a checkpoint to `folder`, also when interrupted.

    Raises CorpusError (too little music), TrainingError (non-finite loss), KeyboardInterrupt once all is saved.
    """
    cells = PairSampler(corpus, corpus.cells, split="train", by_role=True)
    bars = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    earlier = saved_progress(folder / RUN) if resume else None
    torch.manual_seed(settings.seed)
    module = EmbeddingModule(settings)
    batches = EmbedderBatches(cells, bars, settings=settings, first=int(earlier["batches"]) if earlier else 0)
    stopping = StoppingRule(rounds=settings.stop_rounds, threshold=settings.stop_threshold)
    ended = "interrupted"
    try:
        ended = run(
            module,
            batches,
            settings=settings,
            folder=folder / RUN,
            earlier=earlier,
            stopping=stopping,
            session_minutes=session_minutes,
        )
    finally:
        if module.batches_done:
            record = training_record(corpus, settings, module, ended=ended)
            card = {"model": settings.model.model_dump(), "training": record, "data": list(attributions)}
            written = _written(folder, module, card, corpus)
    return written


def training_record(
    corpus: PreparedCorpus, settings: BudgetSettings, module: RunModule, *, ended: str
) -> dict[str, Any]:
    """What the card says of a run: settings, batches, why it ended, in which precision, on which files."""
    train = [piece.set_name for piece in corpus.pieces if piece.split == "train"]
    return {
        "settings": settings.model_dump(mode="json"),
        "batches": module.batches_done,
        "ended": ended,
        "precision": module.precision,
        "pieces": {name: train.count(name) for name in sorted(set(train))},
        "splits": {split: corpus.split_hash(split) for split in ("train", "valid", "test")},
        "prepared": corpus.stamp,
    }


def _written(folder: Path, module: EmbeddingModule, card: dict[str, Any], corpus: PreparedCorpus) -> Checkpoint:
    parts = {"embedder": module.trained_weights()}
    checkpoint = write_checkpoint(folder, parts=parts, card=card)
    card = {**card, "cell_distance_quantiles": cell_distance_quantiles(Embedder.of(checkpoint), corpus)}
    return write_checkpoint(folder, parts=parts, card=card)


def cell_distance_quantiles(embedder: Embedder, corpus: PreparedCorpus) -> dict[str, list[float]]:
    """For each role the quantiles (0, .01, ... 1) of the distance of two random cells; strength is read off them."""
    random = np.random.default_rng(0)
    found = {}
    for number, role in enumerate(ROLES):
        cells = np.flatnonzero((corpus.cells.role == number) & (corpus.cells.onsets > 0))
        if len(cells) >= 2:
            chosen = random.choice(cells, min(QUANTILE_CELLS, len(cells)), replace=False)
            vectors = embedder.embed_windows(corpus.cells.windows(chosen))
            half = len(vectors) // 2
            distances = np.linalg.norm(vectors[:half] - vectors[half : 2 * half], axis=1)
            found[role] = [round(float(value), 4) for value in np.quantile(distances, QUANTILES)]
    return found
