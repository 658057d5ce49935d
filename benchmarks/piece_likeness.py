"""How well likeness finds the pieces that belong together: mean average precision over labelled groups.

    python benchmarks/piece_likeness.py FOLDER... --checkpoint DIR [--split test] [--most 400]

Each FOLDER holds a meta.jsonl with a `group` (variations of a theme, settings of a tune, arrangements of a song) for
its files. Each piece in turn is the query; the others of its group should come first. A row for each way to measure.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.score import read
from symbolic_embed.similarity.comparing import compare
from symbolic_embed.similarity.likeness import Likeness


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--split", help="only pieces of this split")
    parser.add_argument("--most", type=int, default=400, help="pieces of a folder")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    embedder = Embedder.load(asked.checkpoint, jobs=asked.jobs)
    print("set                     pieces  transpose  coordinates  metric     MAP   error")
    for folder in asked.folders:
        groups, pieces = grouped_pieces(folder, split=asked.split, most=asked.most)
        for transpose, coordinates, metric in product((False, True), ("all", "context"), ("euclidean", "cosine")):
            likeness = Likeness(metric=metric, coordinates=coordinates, transpose=transpose)
            precision = average_precisions(compare(pieces, embedder=embedder, likeness=likeness)[1], groups)
            row = f"{folder.name:<22}  {len(pieces):>6}  {'yes' if transpose else 'no':<9}  {coordinates:<11}  {metric}"
            error = precision.std(ddof=1) / len(precision) ** 0.5
            print(f"{row:<64}  {precision.mean():.3f}  {error:.3f}", flush=True)


def grouped_pieces(folder: Path, *, split: str | None, most: int) -> tuple[np.ndarray, list[tuple[str, BarredScore]]]:
    """The group of each piece, and the pieces; only groups of two or more."""
    lines = map(json.loads, (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines())
    labelled = [line for line in lines if line.get("group") and split in (None, line.get("split"))]
    sizes = Counter(line["group"] for line in labelled)
    groups, pieces = [], []
    for line in [line for line in labelled if sizes[line["group"]] > 1][:most]:
        try:
            pieces.append((line["path"], cut(read(folder / line["path"]))))
            groups.append(line["group"])
        except InputError:
            continue
    return np.array(groups), pieces


def average_precisions(distance: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Of each query that has companions: the mean, over these, of the precision down to their rank."""
    found = []
    for query, row in enumerate(distance):
        order = np.argsort(row, kind="stable")
        companions = groups[order[order != query]] == groups[query]
        if companions.any():
            ranks = np.flatnonzero(companions) + 1
            found.append(float((np.arange(1, len(ranks) + 1) / ranks).mean()))
    return np.array(found)


if __name__ == "__main__":
    main()
