"""What is measured once an embedder has learnt: how its points are standardised, and how far random cells are apart."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.sampling import distinct, drawn, windows_of
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import EmbedderNetworks, encoder_input
from symbolic_embed.embedding.units import BATCH
from symbolic_embed.training.settings import EmbedderTraining

QUANTILES = np.linspace(0.0, 1.0, 101)
QUANTILE_CELLS = 4000
STANDARDISED_CELLS, CELLS_A_COORDINATE = 16_000, 4


def standardised(
    weights: dict[str, Tensor], *, settings: EmbedderTraining, corpus: PreparedCorpus
) -> dict[str, Tensor]:
    """Weights of encoder and decoder with their standardisation fitted to distinct cells of the train split, where
    embeddings are to have a prior and there are enough cells to tell."""
    cells = distinct(corpus.cells, windows_of(corpus, corpus.cells, split="train"))
    if not settings.is_adversarial or len(cells) < CELLS_A_COORDINATE * settings.model.dim:
        return weights
    networks = EmbedderNetworks(settings.model)
    networks.load_state_dict(weights)
    ours, theirs = networks.encoder.trunk.standard, networks.decoder.standard
    assert ours is not None, "an adversary's embeddings are bounded"
    assert theirs is not None, "and so are the decoder's"
    cells = drawn(cells, count=STANDARDISED_CELLS, random=np.random.default_rng(0))
    with torch.no_grad():
        batches = np.array_split(cells, -(-len(cells) // BATCH))
        kind = settings.model.representation
        windows = (encoder_input(corpus.cells.windows(batch), representation=kind) for batch in batches)
        points = torch.cat([networks.encoder(batch) for batch in windows])
    ours.fit(points)
    theirs.load_state_dict(ours.state_dict())
    return dict(networks.state_dict())


def cell_distance_quantiles(embedder: Embedder, corpus: PreparedCorpus) -> dict[str, list[float]]:
    """For each role the quantiles (0, .01, ... 1) of the distance of two random cells; strength is read off them."""
    random = np.random.default_rng(0)
    quantiles = {}
    for number, role in enumerate(ROLES):
        cells = np.flatnonzero((corpus.cells.role == number) & (corpus.cells.onsets > 0))
        if len(cells) >= 2:
            chosen = random.choice(cells, min(QUANTILE_CELLS, len(cells)), replace=False)
            vectors = embedder.embed_windows(corpus.cells.windows(chosen))
            half = len(vectors) // 2
            distances = np.linalg.norm(vectors[:half] - vectors[half : 2 * half], axis=1)
            quantiles[role] = [round(float(value), 4) for value in np.quantile(distances, QUANTILES)]
    return quantiles
