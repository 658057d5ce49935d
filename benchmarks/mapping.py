"""How much of a map is true: are pieces that lie near each other on it near each other, and of one set?

    python benchmarks/mapping.py DATA [--pieces 25] [--method pca] [--method tsne]

DATA is a folder of data sets, each with a meta.jsonl. Of each set some pieces of the validation split are mapped, whole
groups of versions where there are any. For each way to make a vector of a piece, and for all dimensions and the plane:
which share of a piece's ten nearest on the map are among the ten nearest of the vectors (kept), and of the same set.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.library.building import featured
from symbolic_embed.library.plane import needs_of, plane_of, vector_of
from symbolic_embed.notation import read

NEAREST = 10


def chosen(data: Path, *, count: int) -> list[tuple[str, Path]]:
    """The set and the path of `count` pieces of each set."""
    found = []
    for folder in sorted(path.parent for path in data.glob("*/meta.jsonl")):
        groups: dict[str, list[str]] = {}
        for line in (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            if fields.get("split") == "valid" and 4 <= (fields.get("bars") or 9) <= 200:
                groups.setdefault(fields.get("group") or fields["path"], []).append(fields["path"])
        names = sorted(groups)
        random.Random(1).shuffle(names)
        found += [(folder.name, folder / path) for name in names for path in groups[name][:4]][:count]
    return found


def nearest(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """The NEAREST of each point; int64 (points, NEAREST)."""
    squared = ((points[:, None] - points) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    return np.argsort(squared, axis=1, kind="stable")[:, :NEAREST]


def shared(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """The share of the nearest that two ways to measure have in common."""
    return float(np.mean([len({*a} & {*b}) / NEAREST for a, b in zip(first.tolist(), second.tolist(), strict=True)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--pieces", type=int, default=25)
    parser.add_argument("--method", action="append", choices=["pca", "tsne"])
    given = parser.parse_args()
    embedder = Embedder.load(None)
    sets: list[str] = []

    def music() -> Iterator[tuple[str, BarredScore]]:
        for name, path in chosen(given.data, count=given.pieces):
            try:
                barred = cut(read(path))
            except InputError:
                continue
            if barred.score.note_count:
                sets.append(name)
                yield str(path), barred

    both = np.stack([vector_of(piece) for piece in featured(music(), embedder, needs_of(embedder))])
    of = np.array(sets)
    bars = embedder.settings.dim
    print(f"{len(both)} pieces of {len(set(sets))} sets; by chance {NEAREST / (len(both) - 1):.3f} kept")
    for name, vectors in (("passages", both[:, :-bars]), ("bars", both[:, -bars:]), ("both", both)):
        true = nearest(vectors)
        said = f"{name:<10} all dimensions: same set {(of[true] == of[:, None]).mean():.3f}"
        for method in given.method or ["pca"]:
            seen = nearest(plane_of(vectors, method=method, random_seed=0).places)
            said += f"   {method}: kept {shared(true, seen):.3f}, same set {(of[seen] == of[:, None]).mean():.3f}"
        print(said, flush=True)


if __name__ == "__main__":
    main()
