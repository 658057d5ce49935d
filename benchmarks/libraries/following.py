"""Does `next` know what follows, and not only what is alike?

    python benchmarks/libraries/following.py --music FOLDER [--split valid] [--pieces 280] [--queries 400] [--seed 0]

FOLDER holds data sets, each with a meta.jsonl. From PIECES pieces of the split, drawn from the sets in turn, no two of
one cluster or group, loops of four bars are cut, one after the other. A query is such a loop, and the right answer the
loop after it, where that is not the same music: among 49 loops of other pieces, of any set or of the query's own set,
and among all other loops of the query's own piece, where likeness is of no help. Prints for each way of measuring the
mean reciprocal rank, its standard error, and how often the right one comes first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from finding import chosen_pieces

from symbolic_embed.embedding.anchor import Anchor
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.features import Bars
from symbolic_embed.library.following import Ending, distance_of, gains

LOOP = 4  # bars
OTHERS = 49
MOST_A_PIECE = 2  # queries

Vectors = NDArray[np.float32]  # (bars, dim)
Way = Callable[[Vectors, Sequence[Vectors]], NDArray[np.float64]]  # a loop, candidates: a distance for each


@dataclass(frozen=True, eq=False)
class Loop:
    """Four bars: of which piece and set, from which bar on."""

    piece: int
    set_name: str
    bar: int
    vectors: Vectors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--pieces", type=int, default=280)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    embedder = Embedder.load(given.checkpoint)
    loops = loops_of(given.music, given.split, given.pieces, embedder, random)
    queries = queries_of(loops, given.queries, random)
    print(f"{len(queries)} queries, {len(loops):,} loops")
    for pool in ("any set", "own set", "own piece"):
        asked = [(query, right, wrong_ones(query, right, loops, pool, random)) for query, right in queries]
        asked = [one for one in asked if len(one[2]) >= 3]
        chance = np.mean([np.mean(1 / np.arange(1, len(wrong) + 2)) for _, _, wrong in asked])
        print(f"\namong loops of {pool} (n = {len(asked)}, chance {chance:.3f})")
        for name, way in ways(embedder.anchor).items():
            ranks = np.array([rank_of_right(way, *one) for one in asked])
            error = (1 / ranks).std() / len(ranks) ** 0.5
            print(f"  {name:40s} MRR {(1 / ranks).mean():.3f} ± {error:.3f}   first {(ranks == 1).mean():.3f}")


def loops_of(music: Path, split: str, count: int, embedder: Embedder, random: np.random.Generator) -> list[Loop]:
    """All loops of the pieces that take part."""
    loops = []
    for number, (path, barred) in enumerate(chosen_pieces(music, split=split, count=count, random=random).items()):
        vectors = embedder.embed_bars(barred)
        set_name = Path(path).parts[0]
        bars = range(0, len(vectors) - LOOP + 1, LOOP)
        loops.extend(Loop(number, set_name, bar, vectors[bar : bar + LOOP]) for bar in bars)
    return loops


def queries_of(loops: Sequence[Loop], count: int, random: np.random.Generator) -> list[tuple[Loop, Loop]]:
    """Loops, each with the one that follows, where that is other music; few of a piece."""
    at = {(loop.piece, loop.bar): loop for loop in loops}
    pairs = [(loop, at.get((loop.piece, loop.bar + LOOP))) for loop in loops]
    askable = [(loop, after) for loop, after in pairs if after and not np.allclose(loop.vectors, after.vectors)]
    taken: list[tuple[Loop, Loop]] = []
    for place in random.permutation(len(askable)).tolist():
        loop, after = askable[place]
        if sum(other.piece == loop.piece for other, _ in taken) < MOST_A_PIECE and len(taken) < count:
            taken.append((loop, after))
    return taken


def wrong_ones(query: Loop, right: Loop, loops: Sequence[Loop], pool: str, random: np.random.Generator) -> list[Loop]:
    """What the right one is found among."""
    if pool == "own piece":
        same = [loop for loop in loops if loop.piece == query.piece and loop.bar not in (query.bar, right.bar)]
        others = [loop for loop in same if not np.allclose(loop.vectors, right.vectors)]
    else:
        others = [loop for loop in loops if loop.piece != query.piece]
        others = [loop for loop in others if pool == "any set" or loop.set_name == query.set_name]
    chosen = random.permutation(len(others))[:OTHERS].tolist()
    return [others[place] for place in chosen]


def rank_of_right(way: Way, query: Loop, right: Loop, wrong: Sequence[Loop]) -> int:
    """The rank of the right one, from 1; a tie counts against it."""
    distances = way(query.vectors, [right.vectors, *(loop.vectors for loop in wrong)])
    return 1 + int((distances[1:] <= distances[0]).sum())


def ways(anchor: Anchor) -> dict[str, Way]:
    """How candidates are measured."""

    def as_next_does(loop: Vectors, others: Sequence[Vectors]) -> NDArray[np.float64]:
        return distance_of(gains([loop] * len(others), others, anchor))

    def first_bar(loop: Vectors, others: Sequence[Vectors]) -> NDArray[np.float64]:
        targets = of_length_one(anchor.targets(np.stack([other[0] for other in others])))
        return 1 - targets @ Ending.of(whole(loop), anchor, bars=len(loop)).expected[0]

    def same_bars(loop: Vectors, others: Sequence[Vectors]) -> NDArray[np.float64]:
        cosines = np.stack([of_length_one(other) for other in others]) @ of_length_one(loop).T
        return -(cosines.max(axis=2).mean(axis=1) + cosines.max(axis=1).mean(axis=1)) / 2

    def last_and_first(loop: Vectors, others: Sequence[Vectors]) -> NDArray[np.float64]:
        return -of_length_one(np.stack([other[0] for other in others])) @ of_length_one(loop[-1])

    return {
        "as `next` does": as_next_does,
        "the first bar alone": first_bar,
        "the same bars, in whatever order": same_bars,
        "the last bar and the first alike": last_and_first,
    }


def whole(loop: Vectors) -> Bars:
    """A loop as bars that all sound."""
    return Bars(np.arange(len(loop)), np.ones(len(loop), bool), loop[None])


def of_length_one(vectors: Vectors) -> Vectors:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


if __name__ == "__main__":
    main()
