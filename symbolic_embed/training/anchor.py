"""Training an anchor, from prepared music and a finished embedder to one more part of the embedder's checkpoint."""

from __future__ import annotations

import numpy as np
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.precision import chosen_precision
from symbolic_embed.training.anchor_batches import AnchorBatches
from symbolic_embed.training.anchor_module import AnchorModule
from symbolic_embed.training.anchor_music import embedded_stretches
from symbolic_embed.training.parts import with_trained_part
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import AnchorTraining


def train_anchor(data: TrainingData, settings: AnchorTraining, plan: RunPlan, *, checkpoint: Checkpoint) -> Checkpoint:
    """Trains on the train split and adds the anchor to `checkpoint`, also when interrupted; its other parts stay as
    they are, to the bit. The plan is one of `parts.part_plan`.

    The music is embedded first, and again where a run is resumed. Raises CorpusError (too little music), TrainingError
    (non-finite loss), CheckpointError, KeyboardInterrupt once all is saved.
    """
    embedder = Embedder.of(checkpoint)
    stretches = embedded_stretches(
        data.corpus,
        embedder.with_precision(chosen_precision(settings.precision)),
        count=settings.stretches,
        steps=settings.stretch_windows,
        random=np.random.default_rng(settings.seed),
        progress=lambda work, total, doing: plan.progress.through(work, total=total, doing=doing),
    )
    torch.manual_seed(settings.seed)
    module = AnchorModule(settings, dim=embedder.dim)

    def batches(first: int) -> AnchorBatches:
        return AnchorBatches(stretches, settings=settings, first=first)

    def written(ended: str) -> Checkpoint:
        said = {"settings": settings.anchor.model_dump(), "ended": ended}
        return with_trained_part(checkpoint, "anchor", module, data=data, said=said)

    return run_to_checkpoint(module, batches, plan, written)
