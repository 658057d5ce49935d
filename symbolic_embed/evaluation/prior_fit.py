"""Do embeddings look like draws from the prior?

The energy distance (Székely and Rizzo 2013) between embeddings x and draws y of N(0, I) or of the uniform prior,

    2 E|x - y| - E|x - x'| - E|y - y'|,

as a V-statistic, beside what two samples of draws give; and the mean over coordinates of the Kolmogorov-Smirnov
statistic against the prior's marginal. On distinct cells of unseen pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.spatial.distance import cdist

from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedder import Embedder

SQRT_3 = 3**0.5  # a uniform coordinate of variance 1 lies between -sqrt(3) and sqrt(3)


@dataclass(frozen=True)
class PriorFit:
    """Energy distance of embeddings to the prior and, for comparison, between two samples of draws; the mean
    Kolmogorov-Smirnov statistic of a coordinate, likewise; and on how many cells."""

    energy: float
    energy_of_draws: float
    kolmogorov_smirnov: float
    kolmogorov_smirnov_of_draws: float
    cells: int


def prior_fit(
    embedder: Embedder, corpus: PreparedCorpus, *, split: str, prior: str = "gaussian", count: int = 2000, seed: int = 0
) -> PriorFit:
    """How `count` distinct cells of a split lie beside as many draws."""
    random = np.random.default_rng(seed)
    members = np.zeros(len(corpus.pieces), bool)
    members[corpus.pieces_of(split)] = True
    table = corpus.cells
    eligible = np.flatnonzero(members[table.piece] & (table.onsets > 0))
    eligible = eligible[np.unique(table.content[eligible], return_index=True)[1]]
    cells = random.choice(eligible, min(count, len(eligible)), replace=False)
    vectors = embedder.embed_windows(table.windows(cells)).astype(np.float64)
    draws = [_draw(prior, vectors.shape, random) for _ in range(2)]
    return PriorFit(
        energy=energy_distance(vectors, draws[0]),
        energy_of_draws=energy_distance(draws[1], draws[0]),
        kolmogorov_smirnov=_mean_statistic(vectors, prior),
        kolmogorov_smirnov_of_draws=_mean_statistic(draws[0], prior),
        cells=len(cells),
    )


def energy_distance(first: np.ndarray, second: np.ndarray) -> float:
    """The V-statistic of the energy distance between two samples (n, dim) and (m, dim)."""
    return float(2 * cdist(first, second).mean() - cdist(first, first).mean() - cdist(second, second).mean())


def _draw(prior: str, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    return random.uniform(-SQRT_3, SQRT_3, shape) if prior == "uniform" else random.standard_normal(shape)


def _mean_statistic(vectors: np.ndarray, prior: str) -> float:
    marginal = stats.uniform(-SQRT_3, 2 * SQRT_3) if prior == "uniform" else stats.norm()
    return float(np.mean([stats.kstest(coordinate, marginal.cdf).statistic for coordinate in vectors.T]))
