"""Many embeddings decoded, some hundreds at a time; and decoded with care.

A decoder that writes note after note cannot take a wrong one back. But what it has written can be embedded, and then
lies beside the embedding that it was written from. So `corrected` writes a window again where the two are apart: from
the embedding with what was missed added to it once more, as a control loop does, and by draws around it. Of all that
was written the nearest is kept. (Analysis by synthesis, as speech coders have it: Bell and others 1961.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.networks.choosing import Choice

TOGETHER = 512  # windows
NEAR = 0.3  # embeddings that are nearer hold the same notes
LAST_BITS = 1e-3
GREEDY, DRAWN = 0.0, 0.7  # temperatures
ATTEMPTS = ((1.0, GREEDY), (0.5, GREEDY), *((0.0, DRAWN), (0.5, DRAWN), (1.0, DRAWN)) * 4)


def decoded(
    embedder: Embedder, vectors: NDArray[np.float32], rules: DecodingRules, *, choice: Choice | None = None
) -> Windows:
    """What the decoder makes of `vectors` (windows, dim), one at least, under the rules of these windows, greedily
    unless `choice` says otherwise."""
    parts = [slice(start, start + TOGETHER) for start in range(0, len(vectors), TOGETHER)]
    written = [embedder.decode(vectors[part], rules.where(part), choice=choice) for part in parts]
    return Windows.concatenated(written)


def corrected(embedder: Embedder, vectors: NDArray[np.float32], rules: DecodingRules) -> Windows:
    """As `decoded`, each window the best of up to 15: the one whose embedding is nearest to the one asked for. The same
    vectors give the same windows."""
    written = decoded(embedder, vectors, rules)
    missed = vectors - embedder.embed_windows(written)
    random = np.random.default_rng(0)
    for share, temperature in ATTEMPTS:
        far = np.flatnonzero(np.linalg.norm(missed, axis=1) > NEAR)
        if len(far) == 0:
            break
        aims, choice = vectors[far] + share * missed[far], Choice(temperature=temperature, random=random)
        again = decoded(embedder, aims, rules.where(far), choice=choice)
        missed_again = vectors[far] - embedder.embed_windows(again)
        nearer = np.linalg.norm(missed_again, axis=1) < np.linalg.norm(missed[far], axis=1) - LAST_BITS
        kept = np.arange(len(vectors))
        kept[far[nearer]] = len(vectors) + np.flatnonzero(nearer)
        written = Windows.concatenated([written, again]).where(kept)
        missed[far[nearer]] = missed_again[nearer]
    return written
