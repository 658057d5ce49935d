"""The sphere that embeddings lie on: the arc between two of them (Shoemake, Animating rotation with quaternion curves,
1985)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRAIGHT = 1e-4  # sine of the angle below which an arc is its chord


def slerp(
    first: NDArray[np.floating], second: NDArray[np.floating], share: float | NDArray[np.float64]
) -> NDArray[np.float32]:
    """Points on the arcs from rows of `first` to rows of `second`, (n, dim) of one length, a `share` of the angle w
    from the first, 0 to 1, one for all or for each row (n,); float32 (n, dim).

    (sin((1 - share) w) first + sin(share w) second) / sin w; between equal or opposite points, on the straight line.
    """
    a, b = first.astype(np.float64), second.astype(np.float64)
    share = np.broadcast_to(share, len(a))[:, None]
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    cosine = (a * b).sum(axis=1) / np.maximum(lengths, 1e-12)
    angle = np.arccos(np.clip(cosine, -1, 1))[:, None]
    straight = np.sin(angle) < STRAIGHT
    sine = np.where(straight, 1, np.sin(angle))
    of_first, of_second = (np.where(straight, part, np.sin(part * angle) / sine) for part in (1 - share, share))
    return (of_first * a + of_second * b).astype(np.float32)
