"""Which pitch tokens come into question: the first half of them are pitches, the second half drums.

A part plays few of them, and what is computed for each token is computed only for those between its lowest and its
highest: *columns*, numbered from the lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TokenRange:
    """A range of tokens; `half`: how many tokens each half of all has. A range that lies in both halves has all."""

    first: int
    end: int
    half: int

    @classmethod
    def of(cls, allowed: NDArray[np.bool_]) -> TokenRange:
        """The smallest with all tokens that are allowed anywhere; bool (..., tokens)."""
        half = allowed.shape[-1] // 2
        tokens = np.flatnonzero(allowed.reshape(-1, 2 * half).any(axis=0))
        if len(tokens) == 0 or tokens[0] // half != tokens[-1] // half:
            return cls(0, 2 * half, half)
        return cls(int(tokens[0]), int(tokens[-1]) + 1, half)

    @property
    def tokens(self) -> slice:
        """These tokens, among all."""
        return slice(self.first, self.end)

    @property
    def pitches(self) -> slice:
        """The pitches, or drums, that they stand for: of both halves, where both are there."""
        first = self.first % self.half
        return slice(first, first + min(self.end - self.first, self.half))

    def add_votes(self, logits: Floats, votes: Floats, drums: NDArray[np.bool_]) -> None:
        """Adds to the logits of these tokens, (n, tokens), votes for what they stand for, (n, pitches); drums bool
        (n,): those of which windows are for drums."""
        if logits.shape[1] == votes.shape[1]:
            logits += np.where((drums == (self.first >= self.half))[:, None], votes, 0.0)
        else:
            logits.reshape(len(logits), 2, -1)[np.arange(len(logits)), drums.astype(np.int64)] += votes
