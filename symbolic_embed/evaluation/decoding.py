"""Many embeddings decoded, some hundreds at a time."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars import Windows
from symbolic_embed.embedder import Embedder

TOGETHER = 512  # windows


def decoded(embedder: Embedder, vectors: np.ndarray, *, steps: np.ndarray, drums: np.ndarray) -> Windows:
    """What the decoder greedily makes of `vectors` (windows, dim), one at least; `steps` and `drums` (windows,) say how
    long each window is and whether it is a drum part's."""
    parts = [slice(start, start + TOGETHER) for start in range(0, len(vectors), TOGETHER)]
    written = [embedder.decode(vectors[part], steps=steps[part], drums=drums[part]) for part in parts]
    return Windows.concatenated(written)
