"""Training an anchor, from prepared music and a finished embedder to one more part of the embedder's checkpoint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.checkpoint import Checkpoint, with_part
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.precision import chosen_precision
from symbolic_embed.errors import OutputError
from symbolic_embed.training.anchor_batches import AnchorBatches
from symbolic_embed.training.anchor_module import AnchorModule
from symbolic_embed.training.anchor_music import embedded_stretches
from symbolic_embed.training.card import data_entries, sets_of, trained_on, training_record
from symbolic_embed.training.run_files import STATE
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import AnchorTraining

RUN_FOLDER = "anchor"  # in that of the checkpoint, where an embedder's run may lie too


def anchor_plan(checkpoint: Checkpoint, plan: RunPlan) -> RunPlan:
    """The plan of a run whose anchor becomes part of a checkpoint. Raises OutputError where such a run lies there
    already and is not to be resumed."""
    plan = replace(plan, folder=checkpoint.folder / RUN_FOLDER)
    if (plan.run_folder / STATE).exists() and not plan.resume:
        raise OutputError(
            f"{plan.run_folder}: a run lies there already, nothing was done; `resume` goes on with it, or delete it"
        )
    return plan


def train_anchor(data: TrainingData, settings: AnchorTraining, plan: RunPlan, *, checkpoint: Checkpoint) -> Checkpoint:
    """Trains on the train split and adds the anchor to `checkpoint`, also when interrupted; its other parts stay as
    they are, to the bit. The plan is one of `anchor_plan`.

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
        others = [sets_of(checkpoint.card, "embedder"), sets_of(checkpoint.card, "composer")]
        card = {
            **checkpoint.card,
            "anchor": settings.anchor.model_dump(),
            "anchor_training": training_record(data, module, ended=ended),
            **data_entries(*others, trained_on(data, "anchor")),
        }
        return with_part(checkpoint, "anchor", weights=module.trained_weights(), card=card)

    return run_to_checkpoint(module, batches, plan, written)
