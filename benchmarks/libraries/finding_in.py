"""Is the piece found that a fragment is from, in a library, and how quickly?

    python benchmarks/libraries/finding_in.py --library LIB --music FOLDER [--fragments 60] [--bars 4]
                                              [--candidates 100] [--top 10] [--seed 0]

FOLDER holds the data sets, each with a meta.jsonl, that files of the library are of. Fragments are cut and altered as
`benchmarks/finding.py` does, of files of the library, drawn by chance: of all parts, of one of several, of two out of
four or more; as they are, and moved with 5 % of the notes wrong. Prints for each kind how often the piece of the
fragment was among the candidates, how often it came first (or no farther than the first), and how often the first is
that piece or has a label in common with it (another version), and which share of the first --top by laying the fragment
along all candidates is found, with standard errors; and CPU seconds a fragment in a process that goes on, of these and
of laying it along all candidates.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from altering import labels_of
from duplicates import share
from finding import Fragment, alterations, barred_score, cut_fragments

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.find import find
from symbolic_embed.library.laying import Place
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.requests import FindRequest

DRAWN = 5  # times as many pieces as fragments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--fragments", type=int, default=60)
    parser.add_argument("--bars", type=int, default=4)
    parser.add_argument("--candidates", type=int, default=100)
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random, embedder, labels = np.random.default_rng(given.seed), Embedder.load(None, jobs=1), labels_of(given.music)
    request = FindRequest(top=given.top, candidates=given.candidates)
    along_all = FindRequest(top=given.candidates, candidates=given.candidates)
    with closing(open_library(given.library)) as library:
        pieces = drawn(library, count=DRAWN * given.fragments, random=random)
        print(f"{len(library):,} files\n")
        print(
            f"{'parts':<6} {'fragments':<16} {'n':>4}  {'candidates':>14}  {'first':>14}  {'or label':>14}"
            f"  {'of the top':>14}   CPU s, along all"
        )
        for parts in ("all", "one", "two"):
            fragments = list(cut_fragments(pieces, parts=parts, count=given.fragments, bars=given.bars, random=random))
            for name, some in alterations(fragments, random=random).items():
                if name == "moved":
                    continue
                answers = [timed(fragment, library, embedder, request) for fragment in some]
                whole = [timed(fragment, library, embedder, along_all) for fragment in some]
                found, laid = ([places for places, _ in each] for each in (answers, whole))
                columns = "  ".join(share(hits) for hits in hits_of(some, found, laid, labels))
                spent, spent_on_all = (np.mean([seconds for _, seconds in each]) for each in (answers, whole))
                print(f"{parts:<6} {name:<16} {len(some):>4}  {columns}   {spent:.2f}  {spent_on_all:.2f}", flush=True)


def timed(fragment: Fragment, library: Library, embedder: Embedder, request: FindRequest) -> tuple[list[Place], float]:
    """The places of a fragment, and CPU seconds."""
    started = time.process_time()
    return find(cut(fragment.score), library, embedder, request), time.process_time() - started


def drawn(library: Library, *, count: int, random: np.random.Generator) -> dict[str, BarredScore]:
    """Files of a library that a fragment can be cut of."""
    files = [file.path for file in library.files() if file.piece is not None]
    read = ((files[number], barred_score(Path(files[number]))) for number in random.permutation(len(files))[:count])
    return {path: barred for path, barred in read if barred is not None}


def hits_of(
    fragments: list[Fragment],
    found: list[list[Place]],
    laid: list[list[Place]],
    labels: dict[str, frozenset[tuple[str, str]]],
) -> tuple[list[bool], list[bool], list[bool], list[float]]:
    """Of each fragment whether its piece was looked through, came first, and whether the first is a version of it; and
    which share of what is found is no farther than as many by laying it along all candidates."""
    looked, first, related, near = [], [], [], []
    for fragment, places, everywhere in zip(fragments, found, laid, strict=True):
        looked.append(any(place.path == fragment.path for place in everywhere))
        first.append(any(place.path == fragment.path and place.distance <= places[0].distance for place in places))
        related.append(first[-1] or bool(places and labels[places[0].path] & labels[fragment.path]))
        farthest = everywhere[: len(places)][-1].distance if places else 0.0
        near.append(float(np.mean([place.distance <= farthest for place in places])) if places else 0.0)
    return looked, first, related, near


if __name__ == "__main__":
    main()
