"""Choosing classes from logits: the likeliest, or drawn at a temperature from a nucleus.

Drawn are classes from the smallest set of likeliest ones that together have probability `top_p` (nucleus sampling,
Holtzman and others 2020).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Choice:
    """How classes are chosen. Temperature 0 is greedy; otherwise `random` is needed."""

    temperature: float = 0.0
    top_p: float = 1.0
    random: np.random.Generator | None = None

    def at_least(self, temperature: float) -> Choice:
        """The same, no colder than that; what is greedy stays so."""
        return replace(self, temperature=max(self.temperature, temperature)) if self.temperature else self

    def of(self, logits: NDArray[np.float32], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """One class a row, int64 (batch,); logits and allowed are (batch, classes), one allowed in each row."""
        if self.temperature == 0.0:
            likeliest: NDArray[np.int64] = np.where(allowed, logits, -np.inf).argmax(axis=1)
            return likeliest
        assert self.random is not None, "draws need a generator"
        costs = -logits
        costs[~allowed] = np.inf
        classes = costs.argsort(axis=1, kind="stable")  # of equals the first class comes first
        row = np.arange(len(costs))
        costs = costs[row[:, None], classes]
        shares = np.exp(np.divide(costs[:, :1] - costs, self.temperature, dtype=np.float64))
        reached = shares.cumsum(axis=1)
        before = reached - shares
        kept = (before < self.top_p * reached[:, -1:]).sum(axis=1)
        drawn = self.random.random(len(row)) * reached[row, kept - 1]
        chosen: NDArray[np.int64] = classes[row, (reached <= drawn[:, None]).sum(axis=1)]
        return chosen
