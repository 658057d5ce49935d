"""Reconstruction: how well the decoder writes windows back from their embeddings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import torch
from torch import Tensor


class Likelihood(Protocol):
    """A decoder, as far as this objective knows one."""

    def negative_log_likelihood(self, embeddings: Tensor, notes: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
        """The sum over notes of each choice (onset, pitch, length), (3,), in nats, and the number of notes."""
        ...


def reconstruction_losses(
    decoder: Likelihood, embeddings: Tensor, groups: Iterable[tuple[Tensor, Tensor, Tensor]]
) -> Tensor:
    """The mean negative log-likelihood of a note's onset, pitch and length, in nats; (3,).

    embeddings (windows, dim). Each group is a padded batch of windows of about equal length: their numbers (batch,),
    rows (batch, longest, 3) and counts (batch,). The end of each window counts as an onset.
    """
    losses, notes = [], 0
    for windows, rows, counts in groups:
        parts, number = decoder.negative_log_likelihood(embeddings[windows], rows, counts)
        losses.append(parts)
        notes += int(number)
    return torch.stack(losses).sum(dim=0) / max(notes, 1)
