"""Choosing classes from logits: the likeliest, or drawn at a temperature from a nucleus.

Drawn are classes from the smallest set of likeliest ones that together have probability `top_p` (nucleus sampling,
Holtzman and others 2020).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BEYOND = np.float32(np.inf)  # what a class costs that is not allowed


@dataclass(frozen=True, eq=False)
class Choice:
    """How classes are chosen. Temperature 0 is greedy; otherwise `random` is needed."""

    temperature: float = 0.0
    top_p: float = 1.0
    random: np.random.Generator | None = None

    def at_least(self, temperature: float) -> Choice:
        """The same, no colder than that; what is greedy stays so."""
        return replace(self, temperature=max(self.temperature, temperature)) if self.temperature else self

    def of(self, logits: NDArray[np.float32], allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """One class a row, int64 (batch,); logits and allowed are (batch, classes), one allowed in each row; None: all
        are."""
        if self.temperature == 0.0:
            likeliest: NDArray[np.int64] = (logits if allowed is None else np.where(allowed, logits, -np.inf)).argmax(1)
            return likeliest
        assert self.random is not None, "draws need a generator"
        costs = -logits if allowed is None else np.where(allowed, -logits, BEYOND)
        begins = row_starts(*costs.shape)
        places = costs.argsort(axis=1, kind="stable")  # of equals the first class comes first
        places += begins
        costs = costs.ravel().take(places)
        shares = np.divide(costs[:, :1] - costs, self.temperature, dtype=np.float64)
        np.exp(shares, out=shares)
        reached = shares.cumsum(axis=1)
        kept = np.add.reduce(reached - shares < self.top_p * reached[:, -1:], axis=1)
        begin = begins[:, 0]
        drawn = self.random.random(len(begin)) * reached.ravel().take(begin + kept - 1)
        chosen: NDArray[np.int64] = (
            places.ravel().take(begin + np.add.reduce(reached <= drawn[:, None], axis=1)) - begin
        )
        return chosen


@lru_cache(maxsize=512)
def row_starts(rows: int, classes: int) -> NDArray[np.int64]:
    """Where each row of a table begins, one row behind the other in memory; int64 (rows, 1)."""
    starts = np.arange(rows)[:, None] * classes
    starts.flags.writeable = False
    return starts
