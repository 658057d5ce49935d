"""Do pieces that belong together find each other? Mean average precision of every way to measure, over labelled groups.

    python benchmarks/piece_likeness.py --music FOLDER [--split valid] [--checkpoint DIR] [--as-they-are] [--seed 0]

FOLDER holds data sets, each with a meta.jsonl that names a `group` for its files: variations of a theme, settings of a
tune, editions of a work, arrangements of a song. Each piece that has companions asks in turn; the others of its group
should come first among all pieces of the test. Every file is transposed at random (by -5 to 6 semitones, drawn from the
seed), and pieces are compared in the best of twelve keys; --as-they-are leaves both out.

Prints a row for each way: the joint likeness of `rank` and `compare`, each of its parts alone, late interaction of bars
("bars") and of learnt passages among them; vectors of passages that are blind to key, in late interaction and as one
mean vector a piece ("blind", "blind mean"); and two rivals without a model, the chroma histogram in its best rotation
and n-grams weighted by TF-IDF. `error` is the standard error over queries. Equal distances come in an order drawn once
from the seed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.evaluation.blind_passages import blind_distances, blind_vectors, mean_distances
from symbolic_embed.evaluation.groups import at_random, average_precisions, chroma_distances, gram_distances
from symbolic_embed.library.matrix import distances
from symbolic_embed.score import Score, read
from symbolic_embed.similarity.likeness import Likeness

PARTS = ("all", "bars", "harmony", "melody")


@dataclass(frozen=True)
class Test:
    """The sets whose pieces take part; only groups whose name begins with `asking` ask, and only `most` groups (drawn
    from the seed) are there. `distractors`: files without companions are there too."""

    sets: tuple[str, ...]
    asking: str = ""
    most: int | None = None
    distractors: bool = False


TESTS = {
    "variations": Test(("tavern_beethoven",)),
    "tune settings": Test(("cre_irish", "nottingham"), asking="tune-", distractors=True),
    "arrangements": Test(("mma_openewld",), most=40),
    "editions": Test(("chopin_first_editions",)),
}


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--as-they-are", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", nargs="+", choices=TESTS, default=list(TESTS))
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    embedder = Embedder.load(asked.checkpoint, jobs=asked.jobs)
    print(f"{'test':<14}  {'pieces':>6}  {'queries':>7}  {'way':<16}  {'MAP':>5}  error")
    for name in asked.tests:
        pieces, groups = grouped_pieces(asked.music, TESTS[name], split=asked.split, seed=asked.seed)
        if not asked.as_they_are:
            random = np.random.default_rng(asked.seed)
            pieces = [(path, at_random(score, random)) for path, score in pieces]
        barred = [(path, cut(score)) for path, score in pieces]
        asking = np.array([bool(group) and group.startswith(TESTS[name].asking) for group in groups])
        for way, distance in measured(barred, embedder=embedder, transpose=not asked.as_they_are):
            precision, queries = average_precisions(distance, groups, seed=asked.seed)
            found = precision[asking[queries]]
            error = found.std(ddof=1) / len(found) ** 0.5
            row = f"{name:<14}  {len(barred):>6}  {len(found):>7}  {way:<16}  {found.mean():.3f}  {error:.3f}"
            print(row, flush=True)


def grouped_pieces(music: Path, test: Test, *, split: str, seed: int) -> tuple[list[tuple[str, Score]], np.ndarray]:
    """The pieces of a test that can be read, and the group of each."""
    lines = [
        {**line, "file": music / name / line["path"]}
        for name in test.sets
        for line in map(json.loads, (music / name / "meta.jsonl").read_text(encoding="utf-8").splitlines())
        if line["split"] == split
    ]
    sizes = Counter(line["group"] for line in lines if line.get("group"))
    several = sorted(group for group, size in sizes.items() if size > 1)
    chosen = {several[n] for n in np.random.default_rng(seed).permutation(len(several))[: test.most]}
    pieces, groups = [], []
    for line in lines:
        if line.get("group") in chosen or (test.distractors and line.get("group") not in several):
            try:
                pieces.append((str(line["file"]), read(line["file"])))
            except InputError:
                continue
            groups.append(line.get("group") or "")
    return pieces, np.array(groups)


def measured(
    pieces: list[tuple[str, BarredScore]], *, embedder: Embedder, transpose: bool
) -> Iterator[tuple[str, np.ndarray]]:
    """Each way to measure, and its distances (pieces, pieces)."""
    for part in PARTS:
        likeness = Likeness(transpose=transpose, parts=part)
        yield "joint" if part == "all" else part, distances(pieces, embedder, likeness)[1]
    if embedder.has_passages:
        yield "passages", distances(pieces, embedder, Likeness(transpose=transpose, parts="passages"))[1]
        blind = blind_vectors(pieces, embedder)
        yield "blind passages", blind_distances(blind)
        yield "blind mean", mean_distances(blind)
    yield "chroma", chroma_distances([barred for _, barred in pieces], rotated=transpose)
    yield "n-grams (TF-IDF)", gram_distances([barred for _, barred in pieces])


if __name__ == "__main__":
    main()
