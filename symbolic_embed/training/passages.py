"""Training a passage encoder, from prepared music and a finished embedder to a checkpoint that holds it too."""

from __future__ import annotations

import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.versions import VersionSampler
from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.networks.passages import SIZES
from symbolic_embed.training.passage_batches import PassageBatches
from symbolic_embed.training.passage_module import PassageModule
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import PassageTraining
