"""A choice that is told what to choose, so that an ensemble writes music that is known, and says how likely it found
each choice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.networks.choosing import Choice

Answer = tuple[str, list[int], list[list[int]]]  # what it is about, the classes to take, and those that are right


@dataclass(frozen=True, eq=False)
class Forced(Choice):
    """Takes the classes of `answers`, one after the other, whatever is allowed. `nats`: of what each is about, the
    negative logarithms of the shares of all that is right, of the first rows; nothing where nothing is right."""

    answers: list[Answer] = field(default_factory=list)
    nats: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(self, logits: NDArray[np.float32], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        name, taken, right = self.answers.pop(0)
        chances = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        asked = zip(chances[: len(right)], right, strict=True)
        self.nats[name] += [-float(np.log(row[of_row].sum())) for row, of_row in asked if of_row]
        return np.resize(np.array(taken), len(logits))
