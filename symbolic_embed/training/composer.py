"""Training a composer, from prepared music and a finished embedder to a checkpoint that holds both."""

from __future__ import annotations

from pathlib import Path

import torch

from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import Checkpoint, write_checkpoint, write_durably
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.originality.fingerprint import FILE, fingerprint_bytes
from symbolic_embed.training.composing import ComposingModule
from symbolic_embed.training.embedder import origin_of, training_record
from symbolic_embed.training.passages import ComposerBatches
from symbolic_embed.training.running import RUN, run, saved_progress
from symbolic_embed.training.settings import ComposerTraining


def train_composer(
    corpus: PreparedCorpus,
    *,
    checkpoint: Checkpoint,
    settings: ComposerTraining,
    folder: Path,
    resume: bool = False,
    session_minutes: float | None = None,
    start: Checkpoint | None = None,
) -> Checkpoint:
    """Trains on the train split and writes to `folder` a checkpoint with the embedder of `checkpoint` and the composer.

    Also when interrupted. The composer starts from fresh weights, or from those of `start`, whose embedder may be
    another: then its decoder begins anew, and it has to learn what embeddings mean, but not what music does. The
    fingerprint of the embedder's training data goes with it where the composer trains on the same; otherwise it would
    speak for half of what was seen, and is left out. Raises CorpusError, TrainingError,
    CheckpointError where the fingerprint's file is missing or `start` is of another size, KeyboardInterrupt once all
    is saved.
    """
    origin = origin_of(start, folder, part="composer_training", resume=resume)
    earlier = saved_progress(folder / RUN) if resume else None
    embedder = Embedder.of(checkpoint)
    fingerprint = _fingerprint_of(checkpoint, corpus)
    torch.manual_seed(settings.seed)
    module = ComposingModule(settings, embedder)
    if start is not None:
        module.start_from(start)
    batches = ComposerBatches(
        PassageSampler(corpus, split="train"),
        settings=settings,
        representation=embedder.settings.representation,
        first=int(earlier["batches"]) if earlier else 0,
    )
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
            parts = {"embedder": checkpoint.weights("embedder"), "composer": module.trained_weights()}
            left_out = ("format", "weights", "fingerprint")
            card = {key: value for key, value in checkpoint.card.items() if key not in left_out}
            card["composer"] = settings.composer.model_dump()
            card["composer_training"] = training_record(corpus, settings, module, ended=ended)
            if origin:
                card["composer_training"]["started_from"] = origin
            if fingerprint:
                card["fingerprint"] = checkpoint.card["fingerprint"]
                write_durably(folder / FILE, fingerprint)
            written = write_checkpoint(folder, parts=parts, card=card)
    return written


def _fingerprint_of(checkpoint: Checkpoint, corpus: PreparedCorpus) -> bytes | None:
    """The file of the checkpoint's fingerprint; None where it has none, or was trained on other data."""
    trained_on = checkpoint.card.get("training", {}).get("splits", {}).get("train")
    return fingerprint_bytes(checkpoint.folder, checkpoint.card) if trained_on == corpus.split_hash("train") else None
