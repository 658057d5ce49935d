"""Do the dials of `vary` do what they say?

    python benchmarks/strength.py --music FOLDER [--dial strength|change] [--seeds 200] [--split test]

Each seed is a passage of eight bars from a piece of the split, drawn by data set; what is asked of it is drawn between
0 and 1. Printed: the rank correlation (Spearman) of what was asked with the mean distance of the written cells from the
seed's, measured again, and with the share of notes added or removed; by cell of asked with measured; how many cells
were drawn again. Spread: bootstrap over seeds, one standard error.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats
from seeds_of_a_split import passages

from symbolic_embed.bars import BarredScore
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.varying import Theme
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.requests import VaryRequest

BOOTSTRAPS = 1000


@dataclass(frozen=True)
class Tried:
    """One seed: the dial; by cell what was asked, measured on the dial, and measured as a distance; the share of notes
    changed in all; directions tried beyond the first."""

    dial: float
    asked: np.ndarray
    measured: np.ndarray
    distances: np.ndarray
    changed: float
    redrawn: int


def tried(embedder: Embedder, barred: BarredScore, *, dial: str, value: float, seed: int) -> Tried:
    found = Theme.of(embedder, barred, VaryRequest(**{dial: value})).variations([seed])[0]
    before, gone, new = len(barred.notes), len(found.removed), len(found.added.onset_steps)
    edited = (gone + new) / max(before + before - gone + new, 1)  # 1 - F1 of onset and pitch
    return Tried(value, found.asked, found.measured, found.distances, edited, found.redrawn)


def main() -> None:
    use_threads()
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--music", type=Path, required=True)
    arguments.add_argument("--seeds", type=int, default=200)
    arguments.add_argument("--split", default="test")
    arguments.add_argument("--bars", type=int, default=8)
    arguments.add_argument("--dial", default="strength", choices=("strength", "change"))
    arguments.add_argument("--highest", type=float, default=1.0, help="values are drawn from 0 to this")
    arguments.add_argument("--checkpoint", type=Path)
    asked = arguments.parse_args()
    embedder = Embedder.load(asked.checkpoint)
    random = np.random.default_rng(0)
    found = []
    for number, barred in enumerate(passages(asked.music, split=asked.split, count=asked.seeds, bars=asked.bars)):
        value = float(random.random() * asked.highest)
        found.append(tried(embedder, barred, dial=asked.dial, value=value, seed=number))
    dial, changed = np.array([one.dial for one in found]), np.array([one.changed for one in found])
    distances = np.array([one.distances.mean() for one in found])
    cells = sum(len(one.asked) for one in found)
    columns = (np.concatenate([getattr(one, name) for one in found]) for name in ("asked", "measured"))
    print(f"{len(found)} seeds of the {asked.split} split, {cells} cells")
    print(f"{asked.dial} against mean distance     {_with_error(dial, distances, random)}")
    print(f"{asked.dial} against notes changed     {_with_error(dial, changed, random)}")
    print(f"asked against measured, by cell  {stats.spearmanr(*columns).statistic:.3f}")
    print(f"directions drawn again, a cell   {sum(one.redrawn for one in found) / cells:.2f}")
    for low in np.arange(5) / 5 * asked.highest:
        here = (dial >= low) & (dial < low + asked.highest / 5)
        if here.any():
            print(f"  {asked.dial} {low:.3f}-{low + asked.highest / 5:.3f}: notes changed {changed[here].mean():.2f}")


def _with_error(one: np.ndarray, other: np.ndarray, random: np.random.Generator) -> str:
    drawn = random.integers(0, len(one), (BOOTSTRAPS, len(one)))
    spread = np.std([stats.spearmanr(one[rows], other[rows]).statistic for rows in drawn])
    return f"{stats.spearmanr(one, other).statistic:.3f} +- {spread:.3f}"


if __name__ == "__main__":
    main()
