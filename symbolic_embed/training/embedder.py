"""Training an embedder, from prepared music to a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.pairs import PairSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import CARD, Checkpoint, open_checkpoint, write_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ModelSettings
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.standardisation import Standardisation
from symbolic_embed.training.card import data_entries, earlier_card, origin_of, sets_of, trained_on, training_record
from symbolic_embed.training.embedder_batches import EmbedderBatches
from symbolic_embed.training.embedder_module import EmbedderModule
from symbolic_embed.training.finishing import cell_distance_quantiles, standardised
from symbolic_embed.training.prior_map import prior_map_files
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import EmbedderTraining


def train_embedder(data: TrainingData, settings: EmbedderTraining, plan: RunPlan) -> Checkpoint:
    """Trains on the train split and writes a checkpoint, also when interrupted.

    From fresh weights, or from those of the embedder that the plan starts with, whose own training and music the card
    then names too. Raises CorpusError (too little music), CheckpointError (the start is another model), TrainingError
    (non-finite loss), KeyboardInterrupt once all is saved.
    """
    corpus = data.corpus
    cells = PairSampler(corpus, corpus.cells, split="train", by_role=True)
    bars = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    before = plan.start or (open_checkpoint(plan.folder) if plan.resume and (plan.folder / CARD).exists() else None)
    origin, earlier_sets = origin_of(plan, "embedder"), sets_of(earlier_card(plan), "embedder")
    torch.manual_seed(settings.seed)
    module = EmbedderModule(settings)
    if plan.start is not None:
        start_from(module, plan.start)

    def batches(first: int) -> EmbedderBatches:
        return EmbedderBatches(cells, bars, settings=settings, first=first)

    def written(ended: str) -> Checkpoint:
        record = training_record(data, module, ended=ended)
        if origin:
            record["started_from"] = origin
        sets = data_entries(earlier_sets, trained_on(data, "embedder"))
        card = {"model": settings.model.model_dump(), "training": record, **sets}
        return _written(plan.folder, module, card, corpus, before=before)

    def score() -> Mapping[str, float]:
        assert plan.held_out is not None, "looked at where there is one"
        return plan.held_out(_embedder_of(module))

    return run_to_checkpoint(module, batches, plan, written, score if plan.held_out else None)


def _embedder_of(module: EmbedderModule) -> Embedder:
    """What the run has learnt so far, in use; its points are not standardised yet."""
    networks = deepcopy(module.networks).cpu()
    networks.load_state_dict(module.trained_weights())
    networks.eval().requires_grad_(False)
    return Embedder(module.settings.model, networks.encoder, networks.decoder, card={}, hash="")


def start_from(module: EmbedderModule, start: Checkpoint) -> None:
    """Gives a module the weights of a finished embedder, with its points not yet standardised. One that was not
    conditioned on the metre may be from now on: it begins as if it were not. Raises CheckpointError where the start is
    of another size or kind."""
    theirs, ours = ModelSettings.of_card(start.card), module.settings.model
    learns_metre = ours.metre and not theirs.metre
    differ = [name for name in ModelSettings.model_fields if getattr(theirs, name) != getattr(ours, name)]
    if differ and not (learns_metre and differ == ["metre"]):
        other = ", ".join(differ)
        raise CheckpointError(f"{start.folder}: its model differs in {other}; a run that starts from it takes the same")
    fresh = module.networks.encoder.state_dict(prefix="encoder.")
    added = {name: fresh[name] for name in ["encoder.lengths.weight"] if learns_metre}
    module.networks.load_state_dict(start.weights("embedder") | added)
    for part in module.networks.modules():
        if isinstance(part, Standardisation):
            part.reset()


def _written(
    folder: Path, module: EmbedderModule, card: dict[str, Any], corpus: PreparedCorpus, *, before: Checkpoint | None
) -> Checkpoint:
    """The checkpoint of what has been learnt. Where there are too few cells to standardise its points anew, they are
    standardised as those of the checkpoint `before`: a composer then finds them where it knew them."""
    learnt = module.trained_weights()
    weights = standardised(learnt, settings=module.settings, corpus=corpus)
    measured = [name for name in learnt if ".standard." in name]
    if before is not None and all(torch.equal(weights[name], learnt[name]) for name in measured):
        known = before.weights("embedder")
        weights = {**weights, **{name: known[name] for name in measured if name in known}}
    parts = {"embedder": weights}
    checkpoint = write_checkpoint(folder, parts=parts, card=card)
    embedder = Embedder.of(checkpoint)
    files, entry = prior_map_files(embedder, corpus)
    card = {**card, "cell_distance_quantiles": cell_distance_quantiles(embedder, corpus), **entry}
    return write_checkpoint(folder, parts=parts, card=card, beside=files)
