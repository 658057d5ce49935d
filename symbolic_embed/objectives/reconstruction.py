"""Reconstruction: how well the decoder writes windows back from their embeddings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import torch
from torch import Tensor


class ByWindow(Protocol):
    """What lies beside windows and can be looked at row by row."""

    def rows(self, cells: Tensor) -> Any:
        """That of some of the windows."""
        ...


class Likelihood(Protocol):
    """A decoder, as far as this objective knows one."""

    def negative_log_likelihood(
        self, embeddings: Tensor, notes: Tensor, counts: Tensor, beside: Any = None
    ) -> tuple[Tensor, Tensor]:
        """The sum over notes of each choice (onset, pitch, length), (3,), in nats, and the number of notes."""
        ...


def reconstruction_losses(
    decoder: Likelihood,
    embeddings: Tensor,
    groups: Iterable[tuple[Tensor, Tensor, Tensor]],
    beside: ByWindow | None = None,
) -> Tensor:
    """The mean negative log-likelihood of a note's onset, pitch and length, in nats; (3,). What lies `beside` each
    window is given to the decoder with it.

    embeddings (windows, dim). Each group is a padded batch of windows of about equal length: their numbers (batch,),
    rows (batch, longest, 3) and counts (batch,). The end of each window counts as an onset.
    """
    losses, notes = [], 0
    for windows, rows, counts in groups:
        of_windows = None if beside is None else beside.rows(windows)
        parts, number = decoder.negative_log_likelihood(embeddings[windows], rows, counts, of_windows)
        losses.append(parts)
        notes += int(number)
    return torch.stack(losses).sum(dim=0) / max(notes, 1)
