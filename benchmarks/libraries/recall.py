"""Does a library find what measuring everything finds?

    python benchmarks/libraries/recall.py --library LIB --music FOLDER [--queries 200] [--candidates 100 400]
                                          [--seed 0] [--splits valid test] [--exact FOLDER]

FOLDER holds data sets, each with a meta.jsonl; queries are drawn from some of their splits, the sets in turn, and each
is moved by -5 to 6 semitones. A query may be in the library itself; that file does not count.

Prints for each number of candidates how often all of the first ten, by measuring everything, are among them; which
share of them is; how often the first is; and the same of the queries of which the tenth is nearer than RELATED, as
unrelated music is not; with the standard error over the queries. Beside it candidates found by channels alone, as in
libraries that have no sketches; by what is learnt of passages, and by harmony; and by the mean of the bars of each
piece, as they are. And CPU seconds a query, by everything and by candidates. With --exact the answers by everything are
kept in a folder, and not measured again.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError
from symbolic_embed.library.candidates import candidates
from symbolic_embed.library.features import known
from symbolic_embed.library.likeliest import likeliest
from symbolic_embed.library.measuring import Asked
from symbolic_embed.library.rank import rank
from symbolic_embed.library.sketch_file import sketches_of
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.library.within import Within
from symbolic_embed.notation import parse
from symbolic_embed.requests import RankRequest
from symbolic_embed.score import file_bytes
from symbolic_embed.score.editing.transforming import transposed
from symbolic_embed.similarity.joint import PartName
from symbolic_embed.similarity.likeness import Likeness

FIRST, RELATED = 10, 0.85
Exact = tuple[list[tuple[str, float]], float]  # path and distance of each, CPU seconds
WAYS: dict[str, tuple[PartName, ...]] = {
    "all channels": ("harmony", "melody", "passages"),
    "learnt alone": ("passages",),
    "harmony alone": ("harmony",),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--candidates", type=int, nargs="+", default=[100, 400])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--splits", nargs="+", default=["valid", "test"])
    parser.add_argument("--exact", type=Path)
    asked = parser.parse_args()
    embedder = Embedder.load(None)
    random = np.random.default_rng(asked.seed)
    found: dict[tuple[str, int], list[tuple[float, float, float]]] = defaultdict(list)  # all, share, first
    tenths: list[float] = []
    seconds: dict[str, list[float]] = defaultdict(list)
    with closing(open_library(asked.library, checkpoint=embedder.embedding_hash)) as library:
        within = Within.of(library, checkpoint=embedder.embedding_hash)
        number_of = {path: number for number, paths in within.paths.items() for path in paths}
        sketches_of(library, within.numbers)  # they are made now, not by the first query
        means = means_of(within)
        drawn = drawn_queries(asked.music, asked.splits, count=asked.queries, random=random)
        for number, (path, query) in enumerate(drawn):
            kept = asked.exact and asked.exact / f"{'-'.join(asked.splits)}-{asked.seed}-{number:04}.json"
            exact, spent = kept_exact(kept, path) or measured_exactly(query, path, library, embedder)
            keep(kept, path, exact, spent)
            seconds["everything"].append(spent)
            started = time.process_time()
            rank(query, library, embedder, RankRequest(transpose=True, top=FIRST))
            seconds["candidates"].append(time.process_time() - started)
            right = [number_of[found_path] for found_path, _ in exact]
            tenths.append(exact[-1][1])
            whole = Asked.of(query, embedder, Likeness(transpose=True))
            for count in asked.candidates:
                (chosen,) = likeliest([whole], within, count=count)
                note(found["as rank", count], right, chosen)
                note(found["mean of bars", count], right, by_mean(whole, means, within, count=count))
            for way, names in WAYS.items():
                by = Likeness(transpose=True, parts="all" if len(names) > 1 else names[0])
                for count in asked.candidates:
                    (chosen,) = candidates([whole.mine], by, within, names, count=count)
                    note(found[way, count], right, chosen)
            if len(tenths) % 10 == 0:
                print_table(found, tenths, seconds)
    print_table(found, tenths, seconds)


def measured_exactly(query: BarredScore, path: str, library: Library, embedder: Embedder) -> Exact:
    """The first ten by measuring everything, without the query itself, and CPU seconds."""
    started = time.process_time()
    matches = rank(query, library, embedder, RankRequest(transpose=True, top=FIRST + 1, candidates=0))
    exact = [(match.path, match.distance) for match in matches if match.path != path][:FIRST]
    return exact, time.process_time() - started


def kept_exact(kept: Path | None, path: str) -> Exact | None:
    """The same as it was kept; None where it was not, or of another query."""
    if kept is None or not kept.exists():
        return None
    said, exact, spent = json.loads(kept.read_text(encoding="utf-8"))
    return ([(found, distance) for found, distance in exact], spent) if said == path else None


def keep(kept: Path | None, path: str, exact: list[tuple[str, float]], spent: float) -> None:
    """Keeps it for another time, where it is to be kept."""
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([path, exact, spent]), encoding="utf-8")


def means_of(within: Within) -> np.ndarray:
    """The mean of the bars of each piece, in the order of the numbers; float32 (pieces, dim)."""
    pieces = within.library.read(within.numbers.tolist(), frozenset({"bars"}))
    return np.stack([known(piece.bars).vectors.mean(axis=0) for piece in pieces])


def by_mean(query: Asked, means: np.ndarray, within: Within, *, count: int) -> list[int]:
    """The numbers of the pieces whose means are nearest to that of a query."""
    apart = np.linalg.norm(means - known(query.mine.bars).vectors.mean(axis=0), axis=1)
    nearest: list[int] = within.numbers[np.argsort(apart, kind="stable")[:count]].tolist()
    return nearest


def note(rows: list[tuple[float, float, float]], right: Sequence[int], chosen: Sequence[int]) -> None:
    """Whether all of the right ones are among the chosen, which share is, whether the first is."""
    hits = [number in set(chosen) for number in right]
    rows.append((all(hits), float(np.mean(hits)), hits[0]))


def drawn_queries(
    music: Path, splits: Sequence[str], *, count: int, random: np.random.Generator
) -> Iterator[tuple[str, BarredScore]]:
    """Pieces of some splits, the sets in turn, each moved to another key or left."""
    sets: dict[Path, list[str]] = {}
    for meta in sorted(music.glob("*/meta.jsonl")):
        lines = [json.loads(line) for line in meta.read_text(encoding="utf-8").splitlines()]
        paths = [str(meta.parent / line["path"]) for line in lines if line["split"] in splits]
        sets[meta] = [paths[number] for number in random.permutation(len(paths))]
    while count and any(sets.values()):
        for paths in sets.values():
            query = moved(paths.pop(), semitones=int(random.integers(-5, 7))) if paths and count else None
            if query:
                count -= 1
                yield query


def moved(path: str, *, semitones: int) -> tuple[str, BarredScore] | None:
    """A piece in another key; None where it cannot be read, or has no notes."""
    try:
        barred = cut(transposed(parse(file_bytes(path), source=path), semitones).score())
    except InputError:
        return None
    return (path, barred) if barred.score.note_count else None


def print_table(
    found: dict[tuple[str, int], list[tuple[float, float, float]]],
    tenths: Sequence[float],
    seconds: dict[str, list[float]],
) -> None:
    near = np.array(tenths) < RELATED
    print(
        f"\n{len(tenths)} queries, of {near.sum()} the tenth is nearer than {RELATED}; CPU seconds a query: "
        + ", ".join(f"{by} {np.mean(some):.2f} (median {np.median(some):.2f})" for by, some in seconds.items())
    )
    print(f"{'candidates by':<14} {'number':>6}   {'all ten':>11}  {'share':>11}  {'first':>11}   of these near")
    for (way, count), rows in found.items():
        columns = np.array(rows, float)
        said = "  ".join(with_error(column) for column in columns.T)
        of_near = "  ".join(with_error(column) for column in columns[near].T) if near.any() else ""
        print(f"{way:<14} {count:>6}   {said}   {of_near}", flush=True)


def with_error(column: np.ndarray) -> str:
    return f"{column.mean():.3f} ± {column.std() / max(len(column), 1) ** 0.5:.3f}"


if __name__ == "__main__":
    main()
