"""Do embeddings look like draws from the prior?

The energy distance (Székely and Rizzo 2013) between embeddings x and draws y of N(0, I) or of the uniform prior,

    2 E|x - y| - E|x - x'| - E|y - y'|,

as a V-statistic, beside what two samples of draws give; the mean over coordinates of the Kolmogorov-Smirnov statistic
against the prior's marginal; and a classifier trained to tell embeddings of some unseen pieces from draws, asked of
other pieces. For the classifier draws are brought to the sphere where embeddings lie on it, as in training: that
their lengths differ by 3 % is known. On distinct cells of unseen pieces. Of a variational autoencoder the means are
looked at, which lie closer together than the draws of its posteriors that its prior is about.

A checkpoint with a map to the prior (`embedding/prior_map.py`) is asked twice: as its embeddings are, and through the
map. What no smooth map can hide is that embeddings come in clumps, since music repeats itself: how far the nearest
other embedding is, that number alone tells them from draws. It stands at the end, as the limit of all that is above.

Unseen pieces are other music than those that were trained on, which no map that was fitted to the latter can undo, and
a few hundred pieces are no more than a sample: some hundreds that were trained on lie as far from the rest. So
the energy distance of cells that were trained on stands beside it: from draws, and from the unseen cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial.distance import cdist

from symbolic_embed.corpus.sampling import clusters_of, distinct, drawn, windows_of
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.evaluation.telling_apart import held_out_area

SQRT_3 = 3**0.5  # a uniform coordinate of variance 1 lies between -sqrt(3) and sqrt(3)
CLASSIFIED = 4  # times as many cells: the more a classifier is shown, the more it finds
TEST, AREA = "fit to the prior", "classifier's area under the curve"
SEEN = "model, cells trained on"
NEAREST = "area by the nearest other embedding alone"

View = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def prior_of(embedder: Embedder) -> str:
    """The prior that the model was trained for, "gaussian" or "uniform"; Gaussian where it was trained for none."""
    trained_for = embedder.card.get("training", {}).get("settings", {}).get("prior")
    return "uniform" if trained_for == "uniform" else "gaussian"


def draws_of(
    prior: str, shape: tuple[int, ...], random: np.random.Generator, *, on_sphere: bool = False
) -> NDArray[np.float64]:
    """Draws (n, dim), each coordinate of mean 0 and variance 1; `on_sphere`: brought to the radius sqrt(dim)."""
    draws = random.uniform(-SQRT_3, SQRT_3, shape) if prior == "uniform" else random.standard_normal(shape)
    return draws * (shape[1] ** 0.5 / np.linalg.norm(draws, axis=1, keepdims=True)) if on_sphere else draws


def views_of(embedder: Embedder) -> dict[str, View]:
    """In which coordinates embeddings (n, dim) are held against draws, and what is added to the name of who made them:
    as they are, and through the map where there is one."""
    prior_map = embedder.prior_map
    return {"": lambda vectors: vectors, **({", through the map": prior_map.points} if prior_map else {})}


def prior_fit_rows(subject: Subject, *, count: int = 2000, seed: int = 0) -> Iterator[Row]:
    """How `count` distinct cells of the split lie beside as many draws; for the classifier four times as many."""
    random = np.random.default_rng(seed)
    embedder, corpus, table = subject.embedder, subject.corpus, subject.corpus.cells
    prior, views = prior_of(embedder), views_of(embedder)
    drawn_twice = f"two samples of {prior} draws"
    eligible = distinct(table, subject.windows_of(table))
    cells = drawn(eligible, count=count, random=random)
    vectors = embedder.embed_windows(table.windows(cells)).astype(np.float64)
    draws = [draws_of(prior, vectors.shape, random) for _ in range(2)]
    samples = {f"model{name}": view(vectors) for name, view in views.items()} | {drawn_twice: draws[1]}
    for who, sample in samples.items():
        yield Row(TEST, who, "energy distance", energy_distance(sample, draws[0]), len(cells))
    for who, sample in samples.items():
        yield Row(TEST, who, "mean Kolmogorov-Smirnov", mean_kolmogorov_smirnov(sample, prior), len(cells))
    seen = distinct(table, windows_of(corpus, table, split="train"))
    if subject.split != "train" and len(seen):
        seen = drawn(seen, count=count, random=np.random.default_rng(seed))
        theirs = embedder.embed_windows(table.windows(seen)).astype(np.float64)
        for name, view in views.items():
            apart = energy_distance(view(theirs), draws[0]), energy_distance(view(theirs), view(vectors))
            yield Row(TEST, f"{SEEN}{name}", "energy distance", apart[0], len(seen))
            yield Row(TEST, f"{SEEN}, from the unseen{name}", "energy distance", apart[1], len(seen))
    cells = drawn(eligible, count=CLASSIFIED * count, random=random)
    half = _half_of(clusters_of(corpus, table, cells), random)
    if half.any() and not half.all():
        many = embedder.embed_windows(table.windows(cells)).astype(np.float64)
        beside = [draws_of(prior, many.shape, random, on_sphere=embedder.settings.bounded) for _ in range(2)]
        classified = {f"model{name}": view(many) for name, view in views.items()} | {drawn_twice: beside[1]}
        for who, sample in classified.items():
            area = held_out_area(sample, beside[0], trained_on_first=half, trained_on_second=half)
            yield Row(TEST, who, AREA, area, int((~half).sum()))
    for who, sample in samples.items():
        yield Row(TEST, who, NEAREST, nearest_area(sample, draws[0]), len(sample))


def energy_distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The V-statistic of the energy distance between two samples (n, dim) and (m, dim)."""
    return float(2 * cdist(first, second).mean() - cdist(first, first).mean() - cdist(second, second).mean())


def mean_kolmogorov_smirnov(vectors: NDArray[np.float64], prior: str) -> float:
    """The mean over coordinates of the largest distance of a coordinate's distribution function from the prior's."""
    marginal = stats.uniform(-SQRT_3, 2 * SQRT_3) if prior == "uniform" else stats.norm()
    return float(np.mean([stats.kstest(coordinate, marginal.cdf).statistic for coordinate in vectors.T]))


def nearest_area(sample: NDArray[np.float64], draws: NDArray[np.float64]) -> float:
    """How well `draws` (m, dim) are told from a `sample` (n, dim) by how far the nearest (other) row of the sample is:
    the area under the ROC curve of that number."""
    from sklearn.metrics import roc_auc_score

    among = cdist(sample, sample)
    np.fill_diagonal(among, np.inf)
    nearest = np.concatenate([among.min(axis=1), cdist(draws, sample).min(axis=1)])
    return float(roc_auc_score(np.repeat([0, 1], [len(sample), len(draws)]), nearest))


def _half_of(groups: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.bool_]:
    """Of each of `groups` (n,) whether it is in the half that trains; bool (n,)."""
    names = np.unique(groups)
    return np.isin(groups, random.permutation(names)[: len(names) // 2])
