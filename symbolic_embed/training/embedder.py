"""Training an embedder, from prepared music to a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.pairs import PairSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.sampling import distinct, drawn, windows_of
from symbolic_embed.embedding.checkpoint import CARD, Checkpoint, open_checkpoint, write_checkpoint
from symbolic_embed.embedding.embedder import BATCH, Embedder
from symbolic_embed.embedding.model import ModelSettings, build_networks, encoder_input
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.standardisation import Standardisation
from symbolic_embed.training.batches import EmbedderBatches
from symbolic_embed.training.embedding import EmbeddingModule
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.running import RUN, run, saved_progress
from symbolic_embed.training.settings import BudgetSettings, EmbedderTraining

QUANTILES = np.linspace(0.0, 1.0, 101)
QUANTILE_CELLS = 4000
STANDARDISED_CELLS, CELLS_A_COORDINATE = 16_000, 4


def train_embedder(
    corpus: PreparedCorpus,
    *,
    settings: EmbedderTraining,
    folder: Path,
    resume: bool = False,
    session_minutes: float | None = None,
    attributions: Sequence[dict[str, Any]] = (),
    start: Checkpoint | None = None,
) -> Checkpoint:
    """Trains on the train split of `corpus` and writes a checkpoint to `folder`, also when interrupted.

    From fresh weights, or from those of the embedder `start`, whose own training the card then tells too. Raises
    CorpusError (too little music), CheckpointError (`start` is another model), TrainingError (non-finite loss),
    KeyboardInterrupt once all is saved.
    """
    cells = PairSampler(corpus, corpus.cells, split="train", by_role=True)
    bars = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    earlier = saved_progress(folder / RUN) if resume else None
    torch.manual_seed(settings.seed)
    module = EmbeddingModule(settings)
    origin = origin_of(start, folder, part="training", resume=resume)
    if start is not None:
        start_from(module, start)
    batches = EmbedderBatches(cells, bars, settings=settings, first=int(earlier["batches"]) if earlier else 0)
    ended = "interrupted"
    try:
        ended = run(
            module,
            batches,
            settings=settings,
            folder=folder / RUN,
            earlier=earlier,
            session_minutes=session_minutes,
        )
    finally:
        if module.batches_done:
            record = training_record(corpus, settings, module, ended=ended)
            if origin:
                record["started_from"] = origin
            card = {"model": settings.model.model_dump(), "training": record, "data": list(attributions)}
            written = _written(folder, module, card, corpus)
    return written


def origin_of(start: Checkpoint | None, folder: Path, *, part: str, resume: bool) -> dict[str, Any]:
    """What the card says of the checkpoint a run started from, or the run that is resumed did; empty for fresh weights.
    part: where the card tells of such a training, "training" or "composer_training"."""
    if start is not None:
        return {"checkpoint": start.hash, "training": start.card.get(part, {})}
    if resume and (folder / CARD).exists():
        return open_checkpoint(folder).card.get(part, {}).get("started_from", {})
    return {}


def start_from(module: EmbeddingModule, start: Checkpoint) -> None:
    """Gives a module the weights of a finished embedder, with its points not yet standardised. One that was not told
    the metre may be told from now on: it begins as one that does not listen. Raises CheckpointError where it is of
    another size or kind."""
    theirs, ours = ModelSettings.of_card(start.card), module.settings.model
    learns_metre = ours.metre and not theirs.metre
    differ = [name for name in ModelSettings.model_fields if getattr(theirs, name) != getattr(ours, name)]
    if differ and not (learns_metre and differ == ["metre"]):
        other = ", ".join(differ)
        raise CheckpointError(f"{start.folder}: its model differs in {other}; a run that starts from it takes the same")
    fresh = module.networks["encoder"].state_dict(prefix="encoder.")
    added = {name: fresh[name] for name in ["encoder.lengths.weight"] if learns_metre}
    module.networks.load_state_dict(start.weights("embedder") | added)
    for network in module.networks.values():
        network.apply(lambda part: part.reset() if isinstance(part, Standardisation) else None)


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
    parts = {"embedder": standardised(module.trained_weights(), settings=module.settings, corpus=corpus)}
    checkpoint = write_checkpoint(folder, parts=parts, card=card)
    card = {**card, "cell_distance_quantiles": cell_distance_quantiles(Embedder.of(checkpoint), corpus)}
    return write_checkpoint(folder, parts=parts, card=card)


def standardised(
    weights: dict[str, Tensor], *, settings: EmbedderTraining, corpus: PreparedCorpus
) -> dict[str, Tensor]:
    """Weights of encoder and decoder with their standardisation fitted to distinct cells of the train split, where
    embeddings are to have a prior and there are enough cells to tell."""
    cells = distinct(corpus.cells, windows_of(corpus, corpus.cells, split="train"))
    if not settings.is_adversarial or len(cells) < CELLS_A_COORDINATE * settings.model.dim:
        return weights
    networks = build_networks(settings.model)
    networks.load_state_dict(weights)
    cells = drawn(cells, count=STANDARDISED_CELLS, random=np.random.default_rng(0))
    encoder, decoder = networks["encoder"], networks["decoder"]
    with torch.no_grad():
        batches = np.array_split(cells, -(-len(cells) // BATCH))
        kind = settings.model.representation
        windows = (encoder_input(corpus.cells.windows(batch), representation=kind) for batch in batches)
        points = torch.cat([encoder(batch) for batch in windows])
    encoder.trunk.standard.fit(points)
    decoder.standard.load_state_dict(encoder.trunk.standard.state_dict())
    return dict(networks.state_dict())


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
