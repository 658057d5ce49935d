"""What does half precision cost whoever searches: are the nearest neighbours of a bar, of a cell, still the same?

    python benchmarks/half_precision.py --music FOLDER --sets pop909,tavern_beethoven [--split valid] [--files 300]

FOLDER holds data sets, each with a meta.jsonl. The first FILES files of a split, the sets in turn, are embedded as
`embed --level cell --precision float32` does, and the same is rounded to float16. Prints a row for bars, one for cells
and, where the checkpoint has a passage encoder, one for passages of four bars: of 200 rows drawn by chance, how many
have the same ten nearest others in the same order, the same ten in any order, the same nearest one; and by how much
distances change. Rows with the same embedding count once: they are equally near in either precision. Distances are
computed in float64, so that it is the storage that is measured.
"""

from __future__ import annotations

import argparse
import json
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.api import embed, load_checkpoint

NEAREST = 10
QUERIES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--sets", required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    model = load_checkpoint(given.checkpoint)
    level = "passage" if model.has_passages else "cell"
    files = chosen_files(given.music, sets=given.sets.split(","), split=given.split, count=given.files)
    arrays = embed(files, checkpoint=model, level=level, precision="float32", rejected=lambda path, reason: None)
    print(f"{len(arrays['paths'])} files\n")
    print("           rows     different  same order  same ten  same first  change of distance: mean   most")
    vectors = {"bars": arrays["bar_embedding"], "cells": arrays["cell_embedding"]}
    if level == "passage":
        vectors["passages"] = arrays["passage_vector"][arrays["passage_bars"] == 4]
    for name, rows in vectors.items():
        print(f"{name:<9}  {len(rows):<7,}  {row(np.unique(rows, axis=0), random)}", flush=True)


def chosen_files(music: Path, *, sets: list[str], split: str, count: int) -> list[Path]:
    """The first files of a split, one of each set in turn."""
    listed = []
    for name in sets:
        lines = [json.loads(line) for line in (music / name / "meta.jsonl").read_text(encoding="utf-8").splitlines()]
        listed.append([music / name / line["path"] for line in lines if line["split"] == split])
    return [path for path in chain.from_iterable(zip_longest(*listed)) if path is not None][:count]


def row(points: NDArray[np.float32], random: np.random.Generator) -> str:
    """The figures of some vectors, as text."""
    queries = random.choice(len(points), min(QUERIES, len(points)), replace=False)
    half = points.astype(np.float16)
    (before, far), (after, now) = (nearest(kept.astype(np.float64), queries) for kept in (points, half))
    change = np.abs(now / far - 1)
    shares = (
        np.mean((before == after).all(axis=1)),
        np.mean((np.sort(before) == np.sort(after)).all(axis=1)),
        np.mean(before[:, 0] == after[:, 0]),
    )
    figures = "".join(f"{share:>10.3f}" for share in shares)
    return f"{len(points):<9,}  {figures}                {change.mean():>12.1e} {change.max():>9.1e}"


def nearest(points: NDArray[np.float64], queries: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest others of some points, and how far they are; (queries, NEAREST) each."""
    squares = (points**2).sum(axis=1)
    apart = squares[queries, None] - 2 * points[queries] @ points.T + squares
    apart[np.arange(len(queries)), queries] = np.inf
    order = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
    return order, np.sqrt(np.maximum(np.take_along_axis(apart, order, axis=1), 0))


if __name__ == "__main__":
    main()
