"""Is the piece found that a fragment is from, in a library, and how quickly?

    python benchmarks/libraries/finding_in.py --library LIB --music FOLDER [--fragments 60] [--bars 4]
                                              [--candidates 100] [--seed 0]

FOLDER holds the data sets, each with a meta.jsonl, that files of the library are of. Fragments are cut and altered as
`benchmarks/finding.py` does, of files of the library, drawn by chance: of all parts, of one of several, of two out of
four or more; as they are, and moved with 5 % of the notes wrong. Prints for each kind how often the piece of the
fragment was among the candidates, how often it came first (or no farther than the first), and how often the first is
that piece or has a label in common with it (another version), with standard errors; and CPU seconds a fragment in a
process that goes on, of all and for candidates alone.
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
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random, embedder, labels = np.random.default_rng(given.seed), Embedder.load(None, jobs=1), labels_of(given.music)
    request = FindRequest(top=given.candidates, candidates=given.candidates)
    with closing(open_library(given.library)) as library:
        pieces = drawn(library, count=DRAWN * given.fragments, random=random)
        print(f"{len(library):,} files\n")
        print(f"{'parts':<6} {'fragments':<16} {'n':>4}  {'candidates':>14}  {'first':>14}  {'or label':>14}   CPU s")
        for parts in ("all", "one", "two"):
            fragments = list(cut_fragments(pieces, parts=parts, count=given.fragments, bars=given.bars, random=random))
            for name, some in alterations(fragments, random=random).items():
                if name == "moved":
                    continue
                found, seconds = [], []
                for fragment in some:
                    started = time.process_time()
                    found.append(find(cut(fragment.score), library, embedder, request))
                    seconds.append(time.process_time() - started)
                columns = "  ".join(share(hits) for hits in hits_of(some, found, labels))
                print(f"{parts:<6} {name:<16} {len(some):>4}  {columns}   {np.median(seconds):.2f}", flush=True)


def drawn(library: Library, *, count: int, random: np.random.Generator) -> dict[str, BarredScore]:
    """Files of a library that a fragment can be cut of."""
    files = [file.path for file in library.files() if file.piece is not None]
    read = ((files[number], barred_score(Path(files[number]))) for number in random.permutation(len(files))[:count])
    return {path: barred for path, barred in read if barred is not None}


def hits_of(
    fragments: list[Fragment], found: list[list[Place]], labels: dict[str, frozenset[tuple[str, str]]]
) -> tuple[list[bool], list[bool], list[bool]]:
    """Of each fragment whether its piece was looked through, came first, and whether the first is a version of it."""
    looked, first, related = [], [], []
    for fragment, places in zip(fragments, found, strict=True):
        own = [place.distance for place in places if place.path == fragment.path]
        looked.append(bool(own))
        first.append(bool(own) and own[0] <= places[0].distance)
        related.append(first[-1] or bool(places and labels[places[0].path] & labels[fragment.path]))
    return looked, first, related


if __name__ == "__main__":
    main()
