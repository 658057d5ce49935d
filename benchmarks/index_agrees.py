"""Does an index that a user builds from an archive of `embed` find what `find` finds?

    python benchmarks/index_agrees.py --music FOLDER --checkpoint DIR [--split valid] [--pieces 200] [--fragments 100]
                                      [--bars 4] [--precision float32] [--seed 0]

FOLDER holds data sets, each with a meta.jsonl; the checkpoint has a passage encoder. The pieces and fragments are those
of `benchmarks/finding.py`. The pieces become an archive, as `embed --level passage` makes it; the index is its
passage_vector of BARS bars, of each part and of all together, and is asked for the nearest to the vector of the whole
fragment, all its parts together. Prints a row for each kind of fragment: in how many the index names the same piece as
`find` first; in how many `find` names the right one, the index does, has it among its first five pieces, names the
right bar as well; and CPU seconds a fragment of either.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from finding import Fragment, alterations, chosen_pieces, cut_fragments
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.arrays import Precision, embedded
from symbolic_embed.library.building import build, featured
from symbolic_embed.library.features import Needs, known
from symbolic_embed.library.find import find
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import FindRequest

FIRST_PIECES = 5


class Index:
    """The passages of so many bars of an archive."""

    def __init__(self, arrays: dict[str, NDArray[Any]], *, bars: int) -> None:
        chosen = arrays["passage_bars"] == bars
        self.bars, self.paths = bars, arrays["paths"]
        self.vectors = arrays["passage_vector"][chosen].astype(np.float32)
        self.piece, self.bar = arrays["passage_piece"][chosen], arrays["passage_bar"][chosen]

    def places(self, vector: NDArray[np.float32]) -> list[tuple[str, int]]:
        """The first pieces, and in each the bar, from 1, of the passage nearest to a vector."""
        order = np.argsort(-(self.vectors @ vector), kind="stable")
        _, first = np.unique(self.piece[order], return_index=True)
        return [(str(self.paths[self.piece[row]]), int(self.bar[row])) for row in order[np.sort(first)[:FIRST_PIECES]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--pieces", type=int, default=200)
    parser.add_argument("--fragments", type=int, default=100)
    parser.add_argument("--bars", type=int, choices=(2, 4, 8), default=4)
    parser.add_argument("--precision", choices=("float32", "float16"), default="float32")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    embedder = Embedder.load(given.checkpoint)
    pieces = chosen_pieces(given.music, split=given.split, count=given.pieces, random=random)
    index = Index(archive_of(pieces, embedder, precision=given.precision), bars=given.bars)
    store = MemoryStore(embedder.embedding_hash, frozenset({"bars", "cells"}))
    build(pieces.items(), embedder, store)
    print(f"{len(store)} pieces, {len(index.vectors):,} passages of {index.bars} bars in {given.precision}\n")
    print("parts  fragments                n  agree  find: first  index: first  first five    bar   CPU s: find  index")
    for parts in ("all", "one", "two"):
        fragments = list(cut_fragments(pieces, parts=parts, count=given.fragments, bars=given.bars, random=random))
        for name, altered in alterations(fragments, random=random).items():
            print(f"{parts:<5}  {name:<20} {row(altered, store, index, embedder)}", flush=True)


def archive_of(pieces: dict[str, BarredScore], embedder: Embedder, *, precision: Precision) -> dict[str, NDArray[Any]]:
    """What `embed --level passage` writes."""
    with embedded(pieces.items(), embedder=embedder, level="passage", precision=precision) as arrays:
        return {name: np.array(array) for name, array in arrays.items()}


def row(fragments: list[Fragment], store: MemoryStore, index: Index, embedder: Embedder) -> str:
    """The figures of one kind of fragments, as text."""
    scores = [cut(fragment.score) for fragment in fragments]
    started = time.process_time()
    found = [find(score, store, embedder, FindRequest(top=1))[0].path for score in scores]
    between = time.process_time()
    asked = [index.places(vector_of(score, embedder, bars=index.bars)) for score in scores]
    ended = time.process_time()
    named = [fragment.path for fragment in fragments]
    by_index = [places[0][0] for places in asked]
    shares = (
        np.mean([one == other for one, other in zip(found, by_index, strict=True)]),
        np.mean([one == path for one, path in zip(found, named, strict=True)]),
        np.mean([one == path for one, path in zip(by_index, named, strict=True)]),
        np.mean([path in dict(places) for places, path in zip(asked, named, strict=True)]),
        np.mean([places[0] == (one.path, one.bar + 1) for places, one in zip(asked, fragments, strict=True)]),
    )
    agree, by_find, first, five, bar = (f"{share:.2f}" for share in shares)
    seconds = f"{(between - started) / len(scores):>10.2f}  {(ended - between) / len(scores):>5.2f}"
    return f"{len(fragments):>5}  {agree:>5}  {by_find:>11}  {first:>12}  {five:>10}  {bar:>5}   {seconds}"


def vector_of(score: BarredScore, embedder: Embedder, *, bars: int) -> NDArray[np.float32]:
    """The vector of the first passage of so many bars, all parts together; nothing where there is none."""
    (features,) = featured([("fragment", score)], embedder, Needs.of("passages"))
    passages = known(features.passages)
    whole = passages.where((passages.track == -1) & (passages.bars == bars))
    return np.append(whole.blind, np.zeros((1, passages.blind.shape[1]), np.float32), axis=0)[0]


if __name__ == "__main__":
    main()
