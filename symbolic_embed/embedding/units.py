"""What is embedded at a time, and what cells of a piece are as embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BATCH = 256  # windows; their frames then fit the caches
LEAST = 16  # windows; fewer are filled up


@dataclass(frozen=True, eq=False)
class CellEmbeddings:
    """Embeddings of the cells of a piece: vectors float32 (cells, dim); track and bar (from 0) int64 (cells,)."""

    vectors: NDArray[np.float32]
    track: NDArray[np.int64]
    bar: NDArray[np.int64]
