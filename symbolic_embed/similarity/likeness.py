"""What "alike" means for two bars: a distance between their embeddings.

- euclidean: the length of the difference, 0 to 2 sqrt(dim) on the sphere embeddings lie on;
- cosine: one minus the cosine of the angle between them, 0 to 2.

Distances come from matrix products: |a - b|² = |a|² + |b|² - 2ab. The difference of such large numbers has lost half
its digits where a and b are near, so the product is in double precision, although embeddings are single. Two embeddings
of the same notes may still differ in their last bits (another batch, another processor); nearer than that is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.requests import CompareRequest, RankRequest
from symbolic_embed.requests.asking import By, Metric
from symbolic_embed.requests.weighing import Weights
from symbolic_embed.settings import Settings

if TYPE_CHECKING:
    from symbolic_embed.embedding.model import ModelSettings

UNRELATED = {"euclidean": 1.25, "cosine": 0.78}  # of bars found nearest in another piece; euclidean: times sqrt(d)
SAME = {"euclidean": 1e-4, "cosine": 1e-8}  # of sqrt(dim) = 16 and of 2: what rounding alone comes to


class Likeness(Settings):
    """How distances are measured.

    coordinates: which numbers of an embedding count. "all" of them, or the first `context_dim`, those the next-bar
    objective works on ("context"). transpose: pieces are compared in the best of twelve transpositions. parts: which
    parts of the likeness of pieces count (`joint.py`), those that are joined or one; weights: by how much the parts
    count instead, where somebody weighs them.
    """

    metric: Metric = "euclidean"
    coordinates: Literal["all", "context"] = "all"
    transpose: bool = False
    parts: By = "all"
    weights: Weights = ()

    @classmethod
    def of(cls, request: CompareRequest | RankRequest) -> Likeness:
        """The likeness that is asked for, by all numbers of an embedding. Rhythm is the same in every key; a tune and
        sound are compared without it."""
        transpose = request.transpose and request.by != "rhythm"
        parts: By = "all" if request.by is None or request.by == "tune" or request.by == "sound" else request.by
        return cls(metric=request.metric, transpose=transpose, parts=parts, weights=request.weights)

    def points(self, embeddings: NDArray[np.float32], *, model: ModelSettings) -> NDArray[np.float32]:
        """Embeddings (..., dim) as points (..., coordinates) between which `squares` measures; float32."""
        points = embeddings[..., : model.context_dim] if self.coordinates == "context" else embeddings
        if self.metric == "cosine":
            lengths = np.linalg.norm(points.astype(np.float64), axis=-1, keepdims=True)
            points = points / np.maximum(lengths, 1e-12)
        return np.ascontiguousarray(points, np.float32)

    def distances(self, squares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distances of this metric from squared distances of points; float64, at least 0."""
        # For points of length one |a - b|² = 2 - 2 cos.
        distances: NDArray[np.float64] = np.maximum(squares, 0.0)
        if self.metric == "euclidean":
            np.sqrt(distances, out=distances)
        else:
            distances /= 2
        distances[distances < SAME[self.metric]] = 0.0
        return distances


def squares(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """The squared distance of each point of a (n, d) to each of b (m, d); float64 (n, m). May be -1e-13 for 0."""
    import torch  # what only reads rhythms has no use for it

    first, second = torch.from_numpy(a).double(), torch.from_numpy(b).double()
    lengths = (first * first).sum(1, keepdim=True) + (second * second).sum(1)  # (n, m)
    squared: NDArray[np.float64] = lengths.addmm_(first, second.T, alpha=-2.0).numpy()
    return squared
