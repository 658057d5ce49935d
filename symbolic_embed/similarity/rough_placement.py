"""How little it may cost to lay a fragment along a piece, about: `placement`, by few axes and wherever a bar likes.

Each bar of the fragment is laid beside that bar of a line of the piece which is nearest to it in the same key, whatever
lies beside its neighbours; none costs more than nothing does. Embeddings are all of length sqrt(dim), so their products
say how far they are apart; and products are taken along the principal axes of the fragment's own bars in all its keys,
beside which these have little. Laying costs more than that but for what is lost beside the axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.placement import ALONE, Lines

AXES = 32


def principal_axes(lines: Lines) -> NDArray[np.float32]:
    """The axes along which the embeddings of lines have most, in all their keys; float32 (dim, axes)."""
    points = lines.versions.reshape(-1, lines.versions.shape[-1])
    _, vectors = np.linalg.eigh(points.T @ points)
    return np.ascontiguousarray(vectors[:, ::-1][:, :AXES])


@dataclass(frozen=True, eq=False)
class RoughLines:
    """Lines of a fragment along some axes: axes, float32 (dim, axes); versions, float32 (keys, rows, axes); shares:
    what each row has of the mean of each line, float32 (lines, rows)."""

    axes: NDArray[np.float32]
    versions: NDArray[np.float32]
    shares: NDArray[np.float32]

    @classmethod
    def of(cls, lines: Lines, axes: NDArray[np.float32]) -> RoughLines:
        is_of_line = np.arange(lines.count)[:, None] == lines.line
        shares = is_of_line / np.maximum(is_of_line.sum(axis=1, keepdims=True), 1)
        return cls(axes, lines.versions @ axes, shares.astype(np.float32))

    def costs(self, bars: NDArray[np.float32], begins: NDArray[np.int64]) -> NDArray[np.float32]:
        """About the least that each line costs, in each of its keys, along each line of a piece, whose bars (rows, dim)
        lie line by line from `begins` on; float32 (keys, fragment's lines, piece's lines)."""
        keys, rows, axes = self.versions.shape
        dim = len(self.axes)
        products = self.versions.reshape(-1, axes) @ (bars @ self.axes).T
        nearest = np.maximum.reduceat(products, begins, axis=1).reshape(keys, rows, -1)
        apart = np.sqrt(np.maximum(1 - nearest / np.float32(dim), 0))  # as a share of sqrt(2 dim)
        costs: NDArray[np.float32] = self.shares @ np.minimum(apart, np.float32(ALONE))
        return costs
