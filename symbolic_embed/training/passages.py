"""Training a passage encoder, from prepared music and a finished embedder to a checkpoint that holds it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.versions import VersionSampler
from symbolic_embed.embedding.checkpoint import Checkpoint, with_part
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.networks.passages import SIZES
from symbolic_embed.training.card import data_entries, origin_of, sets_of, trained_on, training_record
from symbolic_embed.training.passage_batches import PassageBatches
from symbolic_embed.training.passage_module import PassageModule
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import PassageTraining

BARS = max(SIZES)  # of a passage that is drawn


def train_passages(
    data: TrainingData, settings: PassageTraining, plan: RunPlan, *, checkpoint: Checkpoint
) -> Checkpoint:
    """Trains on the train split and writes a checkpoint with all that `checkpoint` holds and the passage encoder, also
    when interrupted.

    It begins with fresh weights, or with those of the plan's start, whose embedder may be another. Raises CorpusError,
    TrainingError, CheckpointError where the start is of another size or has none, KeyboardInterrupt once all is saved.
    """
    origin = origin_of(plan, "passages")
    embedder = Embedder.of(checkpoint)
    torch.manual_seed(settings.seed)
    module = PassageModule(settings, embedder, bars=BARS)
    if plan.start is not None:
        module.start_from(plan.start)
    sampler = VersionSampler(data.corpus, split="train", bars=BARS)

    def batches(first: int) -> PassageBatches:
        return PassageBatches(sampler, settings=settings, representation=embedder.settings.representation, first=first)

    def written(ended: str) -> Checkpoint:
        record: dict[str, Any] = training_record(data, module, ended=ended)
        if origin:
            record["started_from"] = origin
        known = [sets_of(checkpoint.card, part) for part in ("embedder", "composer", "anchor") if _was_trained(part)]
        card: Mapping[str, Any] = {
            "passages": settings.passages.model_dump(),
            "passages_training": record,
            **data_entries(*known, trained_on(data, "passages")),
        }
        return with_part(checkpoint, "passages", module.trained_weights(), card=card, folder=plan.folder)

    def _was_trained(part: str) -> bool:
        return checkpoint.holds(part)

    return run_to_checkpoint(module, batches, plan, written)
