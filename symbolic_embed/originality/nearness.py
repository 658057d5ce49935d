"""Which bar of a seed a written bar is nearest to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def nearest_bars(
    written: NDArray[np.float32], seed: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each embedding of `written` (n, dim) the nearest of `seed` (m, dim), of equally near ones the first, int64
    (n,), and its distance, float32 (n,). `seed` has one at least. Equal bars are looked at once."""
    distinct = np.sort(np.unique(seed, axis=0, return_index=True)[1])
    rows, row_of = np.unique(written, axis=0, return_inverse=True)
    nearest, distance = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.float32)
    for number, row in enumerate(rows):
        distances = np.linalg.norm(seed[distinct] - row, axis=1)
        nearest[number], distance[number] = distinct[distances.argmin()], distances.min()
    return nearest[row_of.ravel()], distance[row_of.ravel()]
