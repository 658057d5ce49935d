"""The map from embeddings to points that lie as draws of the prior do, and its inverse.

Training brings embeddings near the prior, not onto it: their coordinates hang together. Mean m and covariance of
distinct cells that were trained on say how, and with W the symmetric root of the inverse covariance

    x = R W(z - m) / |W(z - m)|,    R = sqrt(dim),

has neither mean nor correlation. On the sphere this is a bijection. Given x, z = m + k u with u = W⁻¹ x for the one
k > 0 that puts z on the sphere (m lies inside it),

    |u|² k² + 2 k m·u + |m|² - R² = 0.

Ranking and decoding stay in the old coordinates, so the map changes nothing there. Draws, and what lies between two
embeddings, are thought of in the new ones, and come back through the inverse. Of all W that whiten, the symmetric one
moves embeddings least. Splines along the directions in which cells are least like a Gaussian were tried after it:
`docs/model_card.md` has the figures.

The map lies beside a checkpoint's weights, in `prior_map.safetensors` in half precision, and the card has its SHA-256.
It is no part of the checkpoint's hash: embeddings with and without it are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.errors import CheckpointError

FILE = "prior_map.safetensors"
CARD_KEY = "prior_map"
ROUNDS = 4  # of fitting, since bringing points back to the sphere moves mean and covariance both
AT_ONCE = 8192  # embeddings, in double precision
AGAIN = "copy it again, or write it anew with `train prior`"


@dataclass(frozen=True, eq=False)
class PriorMap:
    """mean: m, float64 (dim,), inside the sphere; whitening: W, float64 (dim, dim), symmetric and positive."""

    mean: NDArray[np.float64]
    whitening: NDArray[np.float64]

    @classmethod
    def fitted(cls, embeddings: NDArray[np.float32]) -> PriorMap:
        """The map for which the points of `embeddings` (n, dim) have mean 0 and covariance I. There should be many
        times more of them than numbers in each: the fewer, the more of W is chance."""
        count, dim = embeddings.shape
        radius = dim**0.5
        mean, whitening = np.zeros(dim), np.eye(dim)
        for _ in range(ROUNDS):
            length, of_points, squares = 0.0, np.zeros(dim), np.zeros((dim, dim))
            for start in range(0, count, AT_ONCE):
                scaled = (embeddings[start : start + AT_ONCE] - mean) @ whitening
                lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
                points = scaled * (radius / lengths)
                length += lengths.sum() / count
                of_points += points.sum(axis=0) / count
                squares += points.T @ points / count
            mean = mean + np.linalg.solve(whitening, of_points * length / radius)
            product = whitening @ _power(squares - np.outer(of_points, of_points), -0.5)
            whitening = _power(product @ product.T, 0.5)
        return cls(mean, whitening)

    def points(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        """The points of embeddings; (n, dim) both, on the sphere."""
        scaled = (embeddings - self.mean) @ self.whitening
        points: NDArray[np.float64] = scaled * (len(self.mean) ** 0.5 / np.linalg.norm(scaled, axis=1, keepdims=True))
        return points

    def embeddings(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """The embeddings whose points these are, (n, dim); a point of another length counts as the one on its ray."""
        rays = points @ self._unwhitening
        square = (rays**2).sum(axis=1, keepdims=True)
        half = rays @ self.mean[:, None]
        outside = (self.mean**2).sum() - len(self.mean)  # below 0
        stretch = (np.sqrt(half**2 - square * outside) - half) / square
        embeddings: NDArray[np.float32] = (self.mean + stretch * rays).astype(np.float32)
        return embeddings

    def between(
        self, first: NDArray[np.float32], second: NDArray[np.float32], share: float | NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """As `sphere.slerp`, on the arcs between the points of embeddings."""
        return self.embeddings(slerp(self.points(first), self.points(second), share))

    @cached_property
    def _unwhitening(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.inv(self.whitening), np.float64)


def _power(matrix: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    """A power of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh(matrix)
    power: NDArray[np.float64] = (vectors * values**exponent) @ vectors.T
    return power


def save_prior_map(prior_map: PriorMap, *, embedder: str, cells: int) -> tuple[bytes, dict[str, Any]]:
    """The file of a map, and its entry in the card; `embedder`: SHA-256 of the weights whose embeddings of so many
    `cells` it was fitted to."""
    from safetensors.numpy import save

    halves = {"mean": prior_map.mean, "whitening": prior_map.whitening}
    content = save({name: array.astype(np.float16) for name, array in halves.items()})
    return content, {"cells": cells, "embedder": embedder, "sha256": hashlib.sha256(content).hexdigest()}


def prior_map_bytes(folder: Path, card: Mapping[str, Any]) -> bytes | None:
    """The file of the map that a checkpoint's card speaks of; None where it speaks of none. Raises CheckpointError
    where the file is missing, is another one, or belongs to another embedder."""
    path, entry = folder / FILE, card.get(CARD_KEY)
    if not entry:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read ({error.strerror}), though the card knows it; {AGAIN}") from None
    digest, expected = hashlib.sha256(content).hexdigest(), str(entry.get("sha256"))
    if digest != expected:
        raise CheckpointError(f"{path}: SHA-256 is {digest[:12]}, the card says {expected[:12]}; {AGAIN}")
    theirs, ours = str(entry.get("embedder")), str(card.get("weights", {}).get("embedder"))
    if theirs != ours:
        raise CheckpointError(
            f"{path}: fitted to another embedder ({theirs[:12]}, this one is {ours[:12]}); write it anew with "
            "`train prior`"
        )
    return content


def load_prior_map(folder: Path, card: Mapping[str, Any]) -> PriorMap | None:
    """The map beside a checkpoint; None where its card speaks of none. Raises CheckpointError as `prior_map_bytes`, and
    where there is no map for the model in the file."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    content = prior_map_bytes(folder, card)
    if content is None:
        return None
    try:
        tensors = load(content)
        mean, whitening = (tensors[name].astype(np.float64) for name in ("mean", "whitening"))
    except (SafetensorError, KeyError) as error:
        raise CheckpointError(f"{folder / FILE}: no map in it ({error}); {AGAIN}") from None
    dim = card.get("model", {}).get("dim", len(mean))
    if mean.shape != (dim,) or whitening.shape != (dim, dim):
        raise CheckpointError(f"{folder / FILE}: maps {mean.shape} numbers, the model has {dim}; {AGAIN}")
    return PriorMap(mean, whitening)
