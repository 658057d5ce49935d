"""How alike two pieces are by what the passage encoder has learnt: the vectors of their passages, all parts together,
looked for in each other.

Pieces are compared by the longest passages that both have, of eight bars if they can be, as `late_interaction` compares
bars: each passage of one looks for the nearest of the other. The vectors turn with the key, so a piece in another key
is the same vectors, turned (`embedding.passages`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.passage_arrays import TOGETHER, Passages
from symbolic_embed.similarity.harmony import transposed_passages
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.transposing import TRANSPOSITIONS

VECTORS = Likeness()
UNRELATED_VECTORS = {2: 0.93, 4: 1.0, 8: 1.1}  # by bars: medians of three sets of the validation split

PassageVectors = Mapping[int, NDArray[np.float32]]  # by size, in bars: float32 (passages, out, places)


def together(passages: Passages) -> PassageVectors:
    """The vectors of the passages of all parts together, the places last, as `transposed_passages` turns them."""
    whole = passages.where(passages.track == TOGETHER)
    return {int(size): whole.turning[whole.bars == size].swapaxes(1, 2) for size in np.unique(whole.bars)}


def passage_distances(piece: PassageVectors, others: Sequence[PassageVectors], *, versions: int) -> NDArray[np.float64]:
    """The distance of a piece, in so many of the TRANSPOSITIONS, to each of some others as they are, 0 for the same
    passages and about 1 for unrelated pieces; float64 (versions, others), NaN where either has none."""
    distances = np.full((versions, len(others)), np.nan)
    common = [max(set(piece) & set(other), default=0) for other in others]
    for size in sorted(set(common) - {0}):
        some = [number for number, longest in enumerate(common) if longest == size]
        points = [others[number][size].reshape(len(others[number][size]), -1) for number in some]
        turned = transposed_passages(piece[size], TRANSPOSITIONS[:versions])
        distances[:, some] = nearest_bars(turned, points).distances(VECTORS) / UNRELATED_VECTORS[size]
    return distances
