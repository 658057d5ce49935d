"""Every pair of pieces: the matrix of the distances that `rank` sorts by.

The pieces are put in the order in which they would be transposed (`similarity.transposing`), so each is transposed
against those after it and every pair is measured once; the matrix is symmetric, with an exact 0 on its diagonal. Memory
holds the pieces as they are, the matrix, and a few pieces in all keys: these are embedded from the notes as the turn of
their piece comes, and forgotten again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces, featured, in_keys
from symbolic_embed.library.comparing import comparable
from symbolic_embed.library.features import Kind, Needs, known
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.requests import CompareRequest
from symbolic_embed.similarity.joint import Comparable, needed, needs_bars_in_all_keys, parts
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.transposing import TRANSPOSITIONS, Precedence

AT_A_TIME = 256  # pieces that one piece is compared with
AHEAD = 2  # pieces a thread that wait in all keys

Task = TypeVar("Task")
Result = TypeVar("Result")


def compare(
    pieces: Pieces, embedder: Embedder, request: CompareRequest, *, progress: Progress = in_silence
) -> tuple[list[str], NDArray[np.float32]]:
    """The paths of `pieces`, (path, score) or a store, and the distance of every two of them, float32 (pieces, pieces),
    in their order. `progress` wraps the iteration over the pieces that have been compared with all others."""
    return distances(pieces, embedder, Likeness.of(request), progress=progress)


def distances(
    pieces: Pieces, embedder: Embedder, likeness: Likeness, *, progress: Progress = in_silence
) -> tuple[list[str], NDArray[np.float32]]:
    """As `compare`, by any likeness: by one of its parts alone, or by the numbers of an embedding that see context."""
    names = needed(likeness, has_passages=embedder.has_passages)
    moves_bars = needs_bars_in_all_keys(likeness, has_passages=embedder.has_passages)
    kinds: tuple[Kind, ...] = ("bars", *names, "precedence", *(("bar_notes",) if moves_bars else ()))
    keys = len(TRANSPOSITIONS) if likeness.transpose else 1
    paths: list[str] = []
    precedences: list[Precedence] = []
    compared: list[Comparable] = []
    notes = []
    for piece in featured(pieces, embedder, Needs.of(*kinds, together=True)):
        paths.append(piece.path)
        precedences.append(known(piece.precedence))
        compared.append(comparable(piece, likeness, embedder, names=names, keys=keys))
        notes.append(piece.bar_notes)
    order = sorted(range(len(paths)), key=precedences.__getitem__)
    matrix = np.zeros((len(paths), len(paths)), np.float32)

    def fill(turn: tuple[int, NDArray[np.float32]]) -> None:
        position, versions = turn
        number, later = order[position], order[position + 1 :]
        points = [compared[number].bars, likeness.points(versions, model=embedder.settings)]
        mine = replace(compared[number], bars=np.concatenate(points)) if len(versions) else compared[number]
        for start in range(0, len(later), AT_A_TIME):
            others = later[start : start + AT_A_TIME]
            both = parts(mine, [compared[other] for other in others], likeness=likeness, names=names)
            matrix[number, others] = matrix[others, number] = both.distances(likeness).min(axis=0)

    moves = [TRANSPOSITIONS[1:] if moves_bars else ()] * len(order)
    moves[-1:] = [()]  # after the last piece there is none to be compared with
    turns = in_keys(embedder, ((position, notes[number], moves[position]) for position, number in enumerate(order)))
    for _ in progress(_in_threads(fill, turns, embedder.jobs), len(order)):
        pass
    return paths, matrix


def _in_threads(do: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """What is done with each of `tasks`, in their order; no more than a few of them are taken in advance."""
    with ThreadPoolExecutor(jobs) as threads:
        running: deque[Future[Result]] = deque()
        for task in tasks:
            running.append(threads.submit(do, task))
            if len(running) > AHEAD * jobs:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
