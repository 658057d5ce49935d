"""Pieces as points: a vector for each, and the plane that they are seen in.

The vector of a piece is what its passages are like in every key (the mean of their blind vectors, all parts together)
beside what its bars are like as they sound (the mean of their embeddings), each of length one; where the checkpoint has
no passage encoder, the bars alone; a piece without notes has no passages. The plane is that of the two directions in
which the vectors differ most (PCA), or one in which neighbours stay neighbours (t-SNE: van der Maaten and Hinton,
Visualizing data using t-SNE, 2008; as openTSNE has it, which is an extra). Both give the same places each time.

How much of it is true, on 490 pieces of 23 sets of the validation split (`benchmarks/mapping.py`): of the ten nearest
on the map, how many are among the ten nearest of the vectors, and how many are of the same set; .02 and .05 by chance:

                        all dimensions      PCA               t-SNE
    passages            -      .38      .24    .23      .61    .37
    bars                -      .48      .24    .25      .61    .47
    both                -      .51      .25    .29      .64    .51
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import TOGETHER
from symbolic_embed.errors import UsageError
from symbolic_embed.library.features import Features, Needs, known

DIGITS = 4  # of a place, so that it does not depend on the processor
PERPLEXITY, FEWEST = 30, 8  # of t-SNE; with fewer pieces it has nothing to keep, and PCA is taken
MOST_EXACT = 20_000  # pieces whose neighbours are all looked for
BEFORE = 50  # dimensions left by PCA before t-SNE, as is usual


def needs_of(embedder: Embedder, *, kept: bool = False) -> Needs:
    """What is to be known of pieces that are mapped. `kept`: they come from a library, which gives the vectors that are
    blind to key with all passages alone."""
    return Needs.of("bars", *(("passages",) if embedder.has_passages else ()), together=not kept, blind=True)


def vector_of(piece: Features) -> NDArray[np.float64]:
    """The vector of a piece; float64 (d,)."""
    vectors = [known(piece.bars).vectors]
    if piece.passages is not None:
        vectors.insert(0, piece.passages.blind[piece.passages.track == TOGETHER])
    return np.concatenate([_of_length_one(one.astype(np.float64).sum(axis=0)) for one in vectors])


def _of_length_one(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return scaled


class Plane(Protocol):
    """A plane with pieces in it."""

    places: NDArray[np.float64]
    """Where the pieces lie that it was made for; float64 (pieces, 2), of DIGITS digits."""

    def place(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where others come to lie, by their vectors; float64 (others, 2)."""


class Principal:
    """The plane in which vectors, float64 (pieces, d), differ most."""

    def __init__(self, vectors: NDArray[np.float64]) -> None:
        self._pca = _principal(vectors, dimensions=2)
        self.places = self.place(vectors)

    def place(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        places = np.zeros((len(vectors), 2))
        if self._pca is not None:
            found = self._pca.transform(vectors)
            places[:, : found.shape[1]] = found
        return _rounded(places)


class Neighbouring:
    """The plane of t-SNE. Raises UsageError where openTSNE is not installed."""

    def __init__(self, vectors: NDArray[np.float64], *, random_seed: int) -> None:
        try:
            from openTSNE import TSNE
        except ImportError:
            raise UsageError(
                "`method` tsne needs openTSNE, which is not installed; install symbolic-embed[map], or take pca",
                field="method",
            ) from None
        self._pca = _principal(vectors, dimensions=BEFORE)
        points = self._fewer(vectors)
        method = "exact" if len(points) <= MOST_EXACT else "annoy"
        perplexity = min(PERPLEXITY, (len(points) - 1) / 3)
        tsne = TSNE(perplexity=perplexity, neighbors=method, initialization="pca", n_jobs=1, random_state=random_seed)
        self._tsne = tsne.fit(points)
        self.places = _rounded(np.asarray(self._tsne))

    def place(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        few = min(5, (len(self.places) - 1) / 3)
        placed = self._tsne.transform(self._fewer(vectors), perplexity=few, initialization="median")
        return _rounded(np.asarray(placed))

    def _fewer(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        fewer: NDArray[np.float64] = vectors if self._pca is None else self._pca.transform(vectors)
        return fewer


def plane_of(vectors: NDArray[np.float64], *, method: str, random_seed: int) -> Plane:
    """The plane for some vectors, float64 (pieces, d), of which there is one at least."""
    differ = len(np.unique(vectors.round(DIGITS + 2), axis=0)) > 1
    if method == "tsne" and len(vectors) >= FEWEST and differ:
        return Neighbouring(vectors, random_seed=random_seed)
    return Principal(vectors)


def _principal(vectors: NDArray[np.float64], *, dimensions: int) -> Any:
    """PCA of so many dimensions, or of as many as there can be; None where all vectors are the same."""
    from sklearn.decomposition import PCA

    if np.ptp(vectors, axis=0).max() < 10.0**-DIGITS:
        return None
    return PCA(min(dimensions, *vectors.shape), svd_solver="covariance_eigh").fit(vectors)


def _rounded(places: NDArray[np.float64]) -> NDArray[np.float64]:
    rounded: NDArray[np.float64] = places.astype(np.float64).round(DIGITS) + 0.0  # no -0.0
    return rounded
