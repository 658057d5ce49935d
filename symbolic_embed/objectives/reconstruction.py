"""Reconstruction: how well the decoder writes windows back from their embeddings."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def reconstruction_losses(
    decoder: nn.Module, embeddings: Tensor, groups: Iterable[tuple[Tensor, Tensor, Tensor]]
) -> Tensor:
    """The mean negative log-likelihood of a note's onset, pitch and length, in nats; (3,).

    embeddings (windows, dim). Each group is a padded batch of windows of about equal length: their numbers (batch,),
    rows (batch, longest, 3) and counts (batch,), as `NoteDecoder.negative_log_likelihood` takes them. The end of each
    window counts as an onset.
    """
    losses, notes = [], 0
    for windows, rows, counts in groups:
        parts, number = decoder.negative_log_likelihood(embeddings[windows], rows, counts)
        losses.append(parts)
        notes += int(number)
    return torch.stack(losses).sum(dim=0) / max(notes, 1)
