"""Training a passage encoder, from prepared music and a finished embedder to one more part of its checkpoint."""

from __future__ import annotations

import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.versions import VersionSampler
from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.networks.passages import SIZES
from symbolic_embed.training.card import RECORDS
from symbolic_embed.training.parts import with_trained_part
from symbolic_embed.training.passage_batches import PassageBatches
from symbolic_embed.training.passage_module import PassageModule
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import PassageTraining

BARS = max(SIZES)  # of a passage that is drawn


def train_passages(
    data: TrainingData, settings: PassageTraining, plan: RunPlan, *, checkpoint: Checkpoint
) -> Checkpoint:
    """Trains on the train split and adds the passage encoder to `checkpoint`, also when interrupted; its other parts
    stay as they are, to the bit. The plan is one of `parts.part_plan`.

    It begins with fresh weights, or with those of the plan's start, whose embedder may be another. Raises CorpusError
    (too little music), TrainingError (non-finite loss), CheckpointError where the start is of another size or has none,
    KeyboardInterrupt once all is saved.
    """
    embedder = Embedder.of(checkpoint)
    torch.manual_seed(settings.seed)
    module = PassageModule(settings, embedder, bars=BARS)
    origin = {}
    if plan.start is not None:
        module.start_from(plan.start)
        origin = {"checkpoint": plan.start.hash, "training": plan.start.card.get(RECORDS["passages"], {})}
    elif plan.resume:
        origin = checkpoint.card.get(RECORDS["passages"], {}).get("started_from", {})
    sampler = VersionSampler(data.corpus, split="train", bars=BARS)

    def batches(first: int) -> PassageBatches:
        return PassageBatches(sampler, settings=settings, representation=embedder.settings.representation, first=first)

    def written(ended: str) -> Checkpoint:
        said = {"settings": settings.passages.model_dump(), "ended": ended, "started_from": origin}
        return with_trained_part(checkpoint, "passages", module, data=data, said=said)

    return run_to_checkpoint(module, batches, plan, written)
