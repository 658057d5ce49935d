"""Training runs of a few small batches."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import tiny
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.run_files import CURVES, RUN
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import EmbedderTraining


def chosen(**settings: Any) -> EmbedderTraining:
    """Six small batches, phase two in half of them."""
    small = {"model": tiny.PIANOROLL, "pairs": 12, "batches": 6, "warmup": 2, "averaging": 0.5, "round_batches": 2}
    return EmbedderTraining(**{**small, "prior_start": 0.0, "prior_every": 2, **settings})


def trained(
    corpus: PreparedCorpus,
    folder: Path,
    *,
    resume: bool = False,
    session_minutes: float | None = None,
    start: Checkpoint | None = None,
    **settings: Any,
) -> Checkpoint:
    """An embedder trained so."""
    plan = RunPlan(folder, resume, session_minutes, start)
    return train_embedder(TrainingData(corpus), chosen(**settings), plan)


def same_weights(*checkpoints: Checkpoint) -> bool:
    weights = [checkpoint.weights("embedder") for checkpoint in checkpoints]
    return all(torch.equal(weights[0][name], other[name]) for other in weights[1:] for name in weights[0])


def curves(folder: Path) -> list[dict[str, str]]:
    """The lines of a run's curves."""
    with open(folder / RUN / CURVES, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
