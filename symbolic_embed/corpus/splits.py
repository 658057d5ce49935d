"""Splits by piece and near-duplicate cluster, never by bar or file.

A tenth of the clusters goes to the test split, a tenth to validation, the rest trains. Which is which follows from the
clusters' content, so adding a file moves as few others as possible, and the order of files does not matter.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

TENTHS = {"test": 1, "valid": 1, "train": 8}


def split_by_cluster(clusters: np.ndarray, sketches: Sequence[np.ndarray]) -> list[str]:
    """The split of each file, "train", "valid" or "test". From three clusters on, each split has at least one."""
    members: dict[int, list[int]] = defaultdict(list)
    for index, cluster in enumerate(clusters.tolist()):
        members[cluster].append(index)
    ordered = sorted(members.values(), key=lambda files: min(_digest(sketches[index]) for index in files))
    held_out = max(1, round(len(ordered) / sum(TENTHS.values()))) if len(ordered) >= 3 else 0
    splits = ["train"] * len(clusters)
    for rank, files in enumerate(ordered):
        name = "test" if rank < held_out else "valid" if rank < 2 * held_out else "train"
        for index in files:
            splits[index] = name
    return splits


def _digest(sketch: np.ndarray) -> bytes:
    return hashlib.sha256(sketch.tobytes()).digest()
