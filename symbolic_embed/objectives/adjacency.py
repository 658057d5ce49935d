"""Adjacency: are these two bars consecutive in a piece?

"System 300" of the patent [76-87] and A-AdjD of Bretan and Heck (ISMIR 2019): both passages are embedded alone by the
same weights, the embeddings are concatenated, and a small classifier says related or not related; cross-entropy over
the two classes. The classifier has few layers, so that the encoder must learn the features.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def adjacency_loss(
    classifier: nn.Module, anchors: Tensor, positives: Tensor, *, ignored: Tensor | None = None, negatives: int = 8
) -> Tensor:
    """The mean cross-entropy over pairs; anchors and positives (batch, dim), row i belongs to row i.

    Each anchor is shown its positive and the positives of the `negatives` rows after it (going round); related pairs
    count as much as all unrelated ones. Pairs that `ignored`, bool (batch, batch), marks are left out.
    """
    batch = len(anchors)
    related = functional.cross_entropy(classifier(anchors, positives), anchors.new_ones(batch, dtype=torch.long))
    row = torch.arange(batch, device=anchors.device)
    shifts = torch.arange(1, min(negatives, batch - 1) + 1, device=anchors.device)
    first, second = row.repeat(len(shifts)), ((row + shifts[:, None]) % batch).flatten()
    if ignored is not None:
        fair = ~ignored[first, second]
        first, second = first[fair], second[fair]
    logits = classifier(anchors[first], positives[second])
    unrelated = functional.cross_entropy(logits, anchors.new_zeros(len(first), dtype=torch.long), reduction="sum")
    return (related + unrelated / max(len(first), 1)) / 2
