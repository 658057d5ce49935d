"""How far pieces are apart by vectors of passages that are blind to key, as an index of a user's own would have it.

Each passage of one piece looks for the nearest of the other, or one mean vector stands for each piece.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import TOGETHER
from symbolic_embed.library.building import featured
from symbolic_embed.library.features import Needs, known
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness


def blind_vectors(pieces: Sequence[tuple[str, BarredScore]], embedder: Embedder) -> list[NDArray[np.float32]]:
    """Of each piece those of its longest passages, all parts together; float32 (passages, d) each."""
    vectors = []
    for piece in featured(pieces, embedder, Needs.of("passages")):
        passages = known(piece.passages)
        whole = passages.where(passages.track == TOGETHER)
        vectors.append(np.ascontiguousarray(whole.blind[whole.bars == whole.bars.max()]))
    return vectors


def blind_distances(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Late interaction of the vectors of every two pieces; float32 (pieces, pieces)."""
    rows = [nearest_bars(one[None], vectors).distances(Likeness())[0] for one in vectors]
    return np.stack(rows).astype(np.float32)


def mean_distances(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """One minus the cosine of the mean vectors of every two pieces; float32 (pieces, pieces)."""
    means = np.stack([one.mean(axis=0) for one in vectors])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return np.asarray(1 - means @ means.T, np.float32)
