"""Training a composer, from prepared music and a finished embedder to a checkpoint that holds both."""

from __future__ import annotations

from copy import deepcopy

import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import Checkpoint, write_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.prior_map import FILE as PRIOR_MAP
from symbolic_embed.embedding.prior_map import prior_map_bytes
from symbolic_embed.originality.fingerprint import FILE as FINGERPRINT
from symbolic_embed.originality.fingerprint import fingerprint_bytes
from symbolic_embed.training.card import (
    ADDED,
    data_entries,
    earlier_card,
    origin_of,
    sets_of,
    trained_on,
    training_record,
)
from symbolic_embed.training.composer_batches import ComposerBatches
from symbolic_embed.training.composer_module import ComposerModule
from symbolic_embed.training.likelihood import ALL, QUICK_BATCHES, held_out_passages, likelihood
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import ComposerTraining

MADE_ANEW = ("format", "weights", "fingerprint", "data", "may_be_passed_on")  # of the embedder's card


def train_composer(
    data: TrainingData, settings: ComposerTraining, plan: RunPlan, *, checkpoint: Checkpoint
) -> Checkpoint:
    """Trains on the train split and writes a checkpoint with the embedder of `checkpoint` and the composer, also when
    interrupted.

    The composer begins with fresh weights, or with those of the plan's start, whose embedder may be another: then, if
    that did not go on from it, its decoder begins anew, and it has to learn what embeddings mean, but not what music
    does. The card says whose music trained which part. The fingerprint of the embedder's training data goes with it
    where the composer trains on the same; otherwise it would speak for half of what was seen, and is left out. The map
    to the prior, the passage encoder and the anchor go with the embedder. Raises CorpusError, TrainingError,
    CheckpointError where a file that the card knows is missing or the start is of another size, KeyboardInterrupt once
    all is saved.
    """
    origin, earlier_sets = origin_of(plan, "composer"), sets_of(earlier_card(plan), "composer")
    embedder = Embedder.of(checkpoint)
    fingerprint = _fingerprint_of(checkpoint, data.corpus)
    files = {FINGERPRINT: fingerprint, PRIOR_MAP: prior_map_bytes(checkpoint.folder, checkpoint.card)}
    beside = {name: content for name, content in files.items() if content}
    torch.manual_seed(settings.seed)
    module = ComposerModule(settings, embedder)
    if plan.start is not None:
        module.start_from(plan.start)
    others = [part for part in ADDED if checkpoint.holds(part)]
    sampler, representation = PassageSampler(data.corpus, split="train"), embedder.settings.representation

    def batches(first: int) -> ComposerBatches:
        return ComposerBatches(sampler, settings=settings, representation=representation, first=first)

    def written(ended: str) -> Checkpoint:
        record = training_record(data, module, ended=ended)
        if origin:
            record["started_from"] = origin
        card = {key: value for key, value in checkpoint.card.items() if key not in MADE_ANEW}
        card |= {"composer": settings.composer.model_dump(), "composer_training": record}
        kept = ("embedder", *others)
        sets = [sets_of(checkpoint.card, part) for part in kept]
        card |= data_entries(*sets, earlier_sets, trained_on(data, "composer"))
        if fingerprint:
            card["fingerprint"] = checkpoint.card["fingerprint"]
        parts = {str(part): checkpoint.weights(part) for part in kept}
        parts["composer"] = module.trained_weights()
        return write_checkpoint(plan.folder, parts=parts, card=card, beside=beside)

    passages = held_out_passages(data.corpus, split="valid", representation=representation, batches=QUICK_BATCHES)
    averaged = deepcopy(module).eval()  # a new one would draw weights, and so change the chance of the run

    def score() -> dict[str, float]:
        averaged.networks.load_state_dict(module.trained_weights())
        return {"nats_a_note": likelihood(averaged, passages)[ALL].mean}

    return run_to_checkpoint(module, batches, plan, written, score if passages else None)


def _fingerprint_of(checkpoint: Checkpoint, corpus: PreparedCorpus) -> bytes | None:
    """The file of the checkpoint's fingerprint; None where it has none, or was trained on other data."""
    of_embedder = checkpoint.card.get("training", {}).get("splits", {}).get("train")
    return fingerprint_bytes(checkpoint.folder, checkpoint.card) if of_embedder == corpus.split_hash("train") else None
