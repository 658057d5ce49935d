"""Are duplicates found, and nothing else?

    python benchmarks/libraries/duplicates.py --music FOLDER [--split valid] [--pieces 200] [--seed 0] [--library LIB]

FOLDER holds data sets, each with a meta.jsonl. PIECES pieces of the split take part, drawn from the sets in turn, no
two of one cluster or group, each with a copy beside it, the kinds of `altering.WRONG` in turn; and all files of the
split that another one of it is a version of (editions, `version_group`). Prints for `duplicates` within .05, .1, .2 and
for two simple rivals, files whose notes are equal (pitch, onset and length in steps) and whose steps from note to note
are, how many copies of each kind, and of pairs of versions, share a group (recall), and how many of all pairs that
share one are a piece and its copy or have a label in common (precision).

With --library only the CPU seconds `duplicates` takes over that library, and the share of its groups all of whose files
have a label in common with another one of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from contextlib import closing
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from altering import WRONG, altered, labels_of
from finding import barred_score, chosen_pieces

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import build
from symbolic_embed.library.duplicates import duplicates
from symbolic_embed.library.features import KINDS
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.requests import DuplicatesRequest

WITHIN = (0.05, 0.1, 0.2)
VERSIONS = "versions"
Labels = Mapping[str, frozenset[tuple[str, str]]]
Pair = tuple[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--pieces", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--library")
    given = parser.parse_args()
    embedder, labels = Embedder.load(None, jobs=1), labels_of(given.music)
    if given.library:
        time_library(given.library, embedder, labels)
        return
    random = np.random.default_rng(given.seed)
    chosen = chosen_pieces(given.music, split=given.split, count=given.pieces, random=random)
    pieces = {str(given.music / path): barred for path, barred in chosen.items()}
    right: dict[str, list[Pair]] = {kind: [] for kind in (*WRONG, VERSIONS)}
    for number, (path, barred) in enumerate(list(pieces.items())):
        kind = list(WRONG)[number % len(WRONG)]
        copy = f"{path} {kind}"
        pieces[copy] = cut(altered(barred.score, kind, random=random))
        labels[copy] = labels[path]
        right[kind].append((path, copy))
    versions = versions_of(given.music, split=given.split)
    pieces |= {path: barred for some in versions for path, barred in some.items()}
    right[VERSIONS] = [pair for some in versions for pair in combinations(sorted(some), 2)]
    store = MemoryStore(embedder.embedding_hash, frozenset(KINDS) - {"bar_notes", "cell_notes"})
    build(pieces.items(), embedder, store, together=True)
    print(f"{len(pieces)} files; copies: {', '.join(f'{len(pairs)} {kind}' for kind, pairs in right.items())}\n")
    print(f"{'':<12} {'precision':>14}  " + "  ".join(f"{kind:>14}" for kind in right))
    for within in WITHIN:
        groups = [group.paths for group in duplicates(store, embedder, DuplicatesRequest(within=within))]
        print_row(f"within {within}", groups, right, labels)
    print_row("equal notes", equal(pieces, moved=False), right, labels)
    print_row("equal steps", equal(pieces, moved=True), right, labels)


def versions_of(music: Path, *, split: str) -> list[dict[str, BarredScore]]:
    """The readable files of a split that are versions of each other, by their label."""
    found: defaultdict[str, dict[str, BarredScore]] = defaultdict(dict)
    for meta in sorted(music.glob("*/meta.jsonl")):
        for line in map(json.loads, meta.read_text(encoding="utf-8").splitlines()):
            barred = None
            if line["split"] == split and line.get("version_group"):
                barred = barred_score(meta.parent / line["path"])
            if barred is not None:
                found[line["version_group"]][str(meta.parent / line["path"])] = barred
    return [some for some in found.values() if len(some) > 1]


def equal(pieces: Mapping[str, BarredScore], *, moved: bool) -> list[tuple[str, ...]]:
    """Files whose notes, but for drums, are the same, wherever the lowest of them lies where they were `moved`."""
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    for path, barred in pieces.items():
        notes = barred.notes
        pitched = ~barred.part_is_drum[notes.track]
        columns = np.stack([notes.onset_steps, notes.length_steps, notes.pitch.astype(np.int64)])[:, pitched]
        if moved and columns.size:
            columns[2] -= columns[2].min()
        groups[columns[:, np.lexsort(columns)].tobytes() if columns.size else path].append(path)
    return [tuple(some) for some in groups.values() if len(some) > 1]


def print_row(name: str, groups: Iterable[tuple[str, ...]], right: Mapping[str, list[Pair]], labels: Labels) -> None:
    """Precision and recall of groups, with standard errors over pairs."""
    told = {tuple(sorted(pair)) for paths in groups for pair in combinations(paths, 2)}
    precision = share([bool(labels[one] & labels[other]) for one, other in told])
    recall = "  ".join(f"{share([tuple(sorted(pair)) in told for pair in pairs]):>14}" for pairs in right.values())
    print(f"{name:<12} {precision:>14}  {recall}", flush=True)


def share(hits: list[bool]) -> str:
    """A share and its standard error."""
    return f"{np.mean(hits):.3f} ± {np.std(hits) / len(hits) ** 0.5:.3f}" if hits else "-"


def time_library(place: str, embedder: Embedder, labels: Labels) -> None:
    """How long a library takes, and which of its groups are right."""
    with closing(open_library(place)) as library:
        for within in WITHIN:
            started = time.process_time()
            groups = [group.paths for group in duplicates(library, embedder, DuplicatesRequest(within=within))]
            seconds = time.process_time() - started
            right = sum(all(is_one_of(path, group, labels) for path in group) for group in groups)
            print(f"within {within}: {len(library):,} files, {seconds:.1f} CPU s; {len(groups)} groups, {right} right")


def is_one_of(path: str, group: tuple[str, ...], labels: Labels) -> bool:
    """Whether a file has a label in common with another one of its group."""
    return any(labels[path] & labels[other] for other in group if other != path)


if __name__ == "__main__":
    main()
