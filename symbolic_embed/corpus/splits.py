"""Splits by piece and near-duplicate cluster, never by bar or file.

A tenth of the clusters goes to the test split, a tenth to validation, the rest trains. Which is which follows from the
clusters' content, so adding a file moves as few others as possible, and the order of files does not matter.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.duplicates import near_duplicate_clusters

TENTHS = {"test": 1, "valid": 1, "train": 8}


def splits_and_clusters(
    given: Sequence[tuple[str, str]], sketches: Sequence[NDArray[np.uint64]]
) -> list[tuple[str, str]]:
    """The split and the cluster of each file, from what was given of both ("" for unknown) and its interval sketch.

    What was given stays. A file without a split goes where its versions were put; where nobody has said, all versions
    go to one split.
    """
    if all(split and cluster for split, cluster in given):
        return list(given)
    versions = near_duplicate_clusters(sketches, known=[cluster for _, cluster in given])
    made = split_by_cluster(versions, sketches)
    splits: dict[int, str] = {}
    names: dict[int, str] = {}
    for (split, name), cluster in zip(given, versions.tolist(), strict=True):
        if split:
            splits.setdefault(cluster, split)
        if name:
            names.setdefault(cluster, name)
    return [
        (split or splits.get(cluster, new), name or names.get(cluster, f"d{cluster}"))
        for (split, name), cluster, new in zip(given, versions.tolist(), made, strict=True)
    ]


def split_by_cluster(clusters: NDArray[np.int64], sketches: Sequence[NDArray[np.uint64]]) -> list[str]:
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


def _digest(sketch: NDArray[np.uint64]) -> bytes:
    return hashlib.sha256(sketch.tobytes()).digest()
