"""A small classifier of our own training: how probable each verb is, by the words of a request.

Multinomial logistic regression over words, over pieces of words of three and four letters, over concepts and pairs of
them (`reading`), and over whether there are several files. Its weights are listed by feature in verbs.json, so that
one can look them up; `datasets/train_requests.py` writes that file, the same bytes each time. NONE is the class of what
means nothing here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from symbolic_embed.understanding.lexicon import atoms_of
from symbolic_embed.understanding.reading import Reading

NONE = "none"
WEIGHTS = "verbs.json"
SEVERAL = 2  # files, or more


@dataclass(frozen=True)
class Classifier:
    """Classes, the weight of each without any feature, and of each feature those of some classes, by their number."""

    classes: Sequence[str]
    intercepts: Sequence[float]
    weights: Mapping[str, Mapping[str, float]]

    def probabilities(self, reading: Reading, *, files: int) -> dict[str, float]:
        """The probability of each class, the most probable first."""
        scores = list(self.intercepts)
        for feature, value in features(reading, files=files).items():
            for number, weight in self.weights.get(feature, {}).items():
                scores[int(number)] += value * weight
        highest = max(scores)
        shares = [math.exp(score - highest) for score in scores]
        ordered = sorted(zip(self.classes, shares, strict=True), key=lambda pair: -pair[1])
        return {name: share / sum(shares) for name, share in ordered}


def features(reading: Reading, *, files: int) -> dict[str, float]:
    """What a classifier sees of a request, by name. Those of one kind have the length 1 together."""
    names = [mark.name for mark in reading.marks if mark.concept != "COMMA"]
    atoms = [atom for atom in atoms_of(reading.text) if atom.isalpha()]
    text = f" {' '.join(atoms)} "
    kinds = (
        Counter(f"c:{name}" for name in names),
        Counter(f"cc:{first} {second}" for first, second in pairwise(["^", *names, "$"])),
        Counter(f"w:{atom}" for atom in atoms),
        Counter(f"l:{text[place : place + size]}" for size in (3, 4) for place in range(len(text) - size + 1)),
    )
    of_files = {"files:several": 1.0} if files >= SEVERAL else {}
    return of_files | {name: value for kind in kinds for name, value in _normalised(kind).items()}


def _normalised(counts: Mapping[str, int]) -> dict[str, float]:
    length = math.sqrt(sum(count * count for count in counts.values()))
    return {name: count / length for name, count in counts.items()}


@cache
def classifier() -> Classifier:
    """The classifier that is part of the package."""
    file = resources.files("symbolic_embed.understanding").joinpath(WEIGHTS)
    held = json.loads(file.read_text(encoding="utf-8"))
    return Classifier(held["classes"], held["intercepts"], held["weights"])
