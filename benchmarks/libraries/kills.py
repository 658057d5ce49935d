"""Kills while a library is written to: is any row lost, doubled or wrong, and does search answer meanwhile?

    python benchmarks/libraries/kills.py [--kills 300] [--seed 0] [--folder FOLDER]

A writer adds and removes pieces, some at a commit, opens and closes the library again and again, so that it compacts
and makes indices too (both thresholds are lowered), and is killed (SIGKILL) after a random time; the next goes on with
what is left. It says what it is about to commit, and that it has. So after a kill the library must hold exactly what
was committed, or that and the whole of what was about to be. Meanwhile another process reads and searches. Needs an
operating system that forks.

    lost, doubled    pieces that should be there and are not; files or rows that are there twice
    wrong            pieces whose features, facts or rows are not what was given; pieces that had been removed
    answers          how often the reader looked, and how often it was refused or wrong
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import torch

from symbolic_embed.embedding.passages import Passages
from symbolic_embed.errors import LibraryError
from symbolic_embed.library.features import Bars, Features, Kind, known
from symbolic_embed.library.stores.folder import engine, indexing, reader
from symbolic_embed.library.stores.library import File, Library
from symbolic_embed.library.stores.opening import new_library, open_library

KINDS: frozenset[Kind] = frozenset({"content", "bars", "passages"})
CHECKPOINT = "0" * 64
POOL = 48  # pieces that come and go
ROWS = 24  # of each
LONGEST_S = 0.4  # until a kill
INDEXED_FROM, LATER = 300, 100  # rows

Present = frozenset[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        began = time.perf_counter()
        counts = kill_writers(os.path.join(folder, "library"), kills=given.kills, seed=given.seed)
        print(json.dumps({**counts, "seconds": round(time.perf_counter() - began)}))


def kill_writers(folder: str, *, kills: int, seed: int) -> Counter[str]:
    """Kills one writer after the other; how often what was found, as at the head of this file."""
    random = np.random.default_rng(seed)
    torch.set_num_threads(1)
    indexing.INDEXED_FROM = reader.INDEXED_FROM = INDEXED_FROM
    indexing.LATER = LATER
    engine.faiss()  # imported once, for all writers
    counts = Counter(dict.fromkeys(("kills", "commits", "lost", "doubled", "wrong", "answers", "refused"), 0))
    new_library(folder, checkpoint=CHECKPOINT, kinds=KINDS).close()
    committed: Present = frozenset()
    forking = multiprocessing.get_context("fork")
    for number in range(kills):
        ours, theirs = forking.Pipe(duplex=False)
        writer = forking.Process(target=write, args=(folder, theirs, committed, [seed, number]), daemon=True)
        writer.start()
        theirs.close()
        _look(folder, until=time.monotonic() + random.uniform(0, LONGEST_S), counts=counts)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        about_to = committed
        for what, present in _said(ours):
            about_to = present
            if what == "committed":
                committed = present
                counts["commits"] += 1
        counts["kills"] += 1
        counts["with an index"] += any(Path(folder).glob("*.index"))
        committed = _checked(folder, {committed, about_to}, counts)
    counts["generations"] = max(int(path.stem.rpartition("-")[2]) for path in Path(folder).glob("features-*"))
    return counts


def write(folder: str, said: Connection, present: Present, seed: list[int]) -> None:
    """Adds and removes pieces until somebody ends it."""
    random = np.random.default_rng(seed)
    while True:
        library = open_library(folder)
        with library.writing() as writer:
            for _ in range(random.integers(1, 6)):
                chosen = {int(piece) for piece in random.choice(POOL, random.integers(1, 7), replace=False)}
                for piece in sorted(chosen - present):
                    number = writer.add_piece(f"{piece:064}", features_of(piece), {"number": [piece]})
                    writer.put_file(File(str(piece), size=1, changed_ns=1, sha256=f"{piece:064}", piece=number))
                writer.remove_files([str(piece) for piece in sorted(chosen & present)])
                present ^= chosen
                said.send(("about to", present))
                writer.commit()
                said.send(("committed", present))
        library.close()


@cache
def features_of(piece: int) -> Features:
    """What is kept of a piece of the pool."""
    random = np.random.default_rng(piece)
    vectors = random.standard_normal((ROWS, 192)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    number = np.arange(ROWS)
    bars = Bars(number, np.ones(ROWS, bool), random.standard_normal((1, ROWS, 16)).astype(np.float32))
    turning = np.zeros((ROWS, 12, 1), np.float32)
    passages = Passages(np.zeros_like(number), number, np.full(ROWS, 4), turning, vectors)
    return Features("", content=f"{piece:064}", bars=bars, passages=passages)


def _said(said: Connection) -> Iterator[tuple[str, Present]]:
    try:
        while said.poll():
            yield said.recv()
    except (EOFError, OSError):
        pass


def _look(folder: str, *, until: float, counts: Counter[str]) -> None:
    """Reads and searches until a certain time."""
    library = open_library(folder)
    while time.monotonic() < until:
        counts["answers"] += 1
        try:
            for file, piece in zip(library.files()[:3], library, strict=False):
                _compare(piece, int(piece.path), counts)
                _search(library, file, counts)
        except LibraryError as error:
            counts["refused"] += 1
            print(error)
    library.close()


def _checked(folder: str, allowed: set[Present], counts: Counter[str]) -> Present:
    """Counts what is lost, doubled or wrong in a library; returns what is in it."""
    library = open_library(folder)
    files = library.files()
    paths = [int(file.path) for file in files]
    there = frozenset(paths)
    if there not in allowed:
        counts["lost"] += min(len(one - there) for one in allowed)
        counts["wrong"] += min(len(there - one) for one in allowed)
    counts["doubled"] += len(paths) - len(there)
    facts = library.facts([known(file.piece) for file in files])
    for file, piece, said in zip(files, sorted(library, key=lambda piece: piece.path), facts, strict=True):
        _compare(piece, int(file.path), counts)
        counts["wrong"] += said != {"number": [int(file.path)]}
    if files:
        found = library.nearest("passages", known(features_of(paths[0]).passages).blind[:1], count=POOL * ROWS + 1)
        rows = [(piece, bar) for piece, bar in zip(found.piece[0].tolist(), found.bar[0].tolist(), strict=True)]
        rows = [row for row in rows if row[0] >= 0]
        expected = {(known(file.piece), bar) for file in files for bar in range(ROWS)}
        counts["lost"] += len(expected - set(rows))
        counts["wrong"] += len(set(rows) - expected)
        counts["doubled"] += len(rows) - len(set(rows))
    library.close()
    return there


def _compare(piece: Features, number: int, counts: Counter[str]) -> None:
    given = features_of(number)
    same = piece.content == given.content and np.array_equal(known(piece.bars).versions, known(given.bars).versions)
    blind = known(given.passages).blind.astype(np.float16).astype(np.float32)
    counts["wrong"] += not (same and np.array_equal(known(piece.passages).blind, blind))


def _search(library: Library, file: File, counts: Counter[str]) -> None:
    """A row of a piece is nearest to itself, as long as the piece is there."""
    vectors = known(features_of(int(file.path)).passages).blind
    found = library.nearest("passages", vectors[3:4], count=1)
    is_itself = (found.piece[0, 0], found.bar[0, 0]) == (file.piece, 3)
    counts["wrong"] += not is_itself and any(other.piece == file.piece for other in library.files())


if __name__ == "__main__":
    main()
