"""Which of fifty bars comes next?

The query is a window, the candidates are the window that follows it in the same part and 49 from pieces of other
clusters; they are sorted by distance from the query. Asked of cells and of whole bars, and once more with candidates of
the query's own set and metre, where style and barring give nothing away. Pairs that hold the same notes are not asked.
The measure is the mean reciprocal rank of the right one (a tie counts against it), over queries drawn once from all
windows of the split, with a fixed seed. Its spread is the standard error over pieces (bootstrap).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import Windows
from symbolic_embed.corpus.prepared import PreparedCorpus, WindowTable

CANDIDATES = 50
BOOTSTRAPS = 1000

Embed = Callable[[Windows], np.ndarray]  # windows to vectors, (windows, dim)


@dataclass(frozen=True, eq=False)
class Questions:
    """Queries and their candidates as window numbers: int64 (queries,) and (queries, 50), the right one first; and the
    piece of each query."""

    table: WindowTable
    queries: np.ndarray
    candidates: np.ndarray
    piece: np.ndarray


@dataclass(frozen=True)
class Answer:
    """Mean reciprocal rank, its standard error, the share of queries whose first candidate is the right one, and n."""

    mrr: float
    error: float
    recall_at_1: float
    queries: int


def draw_questions(
    corpus: PreparedCorpus, table: WindowTable, *, split: str, count: int, same_style: bool = False, seed: int = 0
) -> Questions:
    """`count` questions (fewer where the split has fewer), drawn from all windows of a split that can be asked of."""
    random = np.random.default_rng(seed)
    members = np.zeros(len(corpus.pieces), bool)
    members[corpus.pieces_of(split)] = True
    successors = table.successors()
    askable = np.flatnonzero((successors >= 0) & members[table.piece])
    askable = askable[table.content[askable] != table.content[successors[askable]]]
    clusters = _numbered([piece.cluster for piece in corpus.pieces])[table.piece]
    sets = _numbered([piece.set_name for piece in corpus.pieces])[table.piece]
    styles = sets * 256 + table.steps if same_style else np.zeros(len(table), np.int64)
    queries = random.choice(askable, min(count, len(askable)), replace=False)
    kept, candidates = [], []
    pools = {int(style): askable[styles[askable] == style] for style in np.unique(styles[queries])}
    for query in queries:
        pool = pools[int(styles[query])]
        strangers = pool[clusters[pool] != clusters[query]]
        if len(strangers) >= CANDIDATES - 1:
            kept.append(query)
            wrong = random.choice(strangers, CANDIDATES - 1, replace=False)
            candidates.append(np.concatenate([[successors[query]], successors[wrong]]))
    kept = np.array(kept, np.int64)
    return Questions(table, kept, np.array(candidates, np.int64).reshape(-1, CANDIDATES), table.piece[kept])


def answer(questions: Questions, embed: Embed) -> Answer:
    """How well distances between the vectors of `embed` find what comes next."""
    wanted, place = np.unique(np.concatenate([questions.queries, questions.candidates.ravel()]), return_inverse=True)
    vectors = np.concatenate([embed(questions.table.windows(part)) for part in np.array_split(wanted, _parts(wanted))])
    count = len(questions.queries)
    of_candidates = place[count:].reshape(-1, CANDIDATES)
    ranks = np.empty(count)
    for row in range(count):
        difference = vectors[of_candidates[row]] - vectors[place[row]]
        distance = np.einsum("ij,ij->i", difference, difference)
        ranks[row] = 1 + (distance[1:] <= distance[0]).sum()
    return Answer(
        mrr=float((1 / ranks).mean()),
        error=_error_over_pieces(1 / ranks, questions.piece),
        recall_at_1=float((ranks == 1).mean()),
        queries=count,
    )


def _parts(wanted: np.ndarray) -> int:
    return max(1, len(wanted) // 8192)


def _numbered(names: list[str]) -> np.ndarray:
    return np.unique(names, return_inverse=True)[1]


def _error_over_pieces(values: np.ndarray, pieces: np.ndarray) -> float:
    """The standard error of the mean when whole pieces are drawn again."""
    if len(values) == 0:
        return 0.0
    random = np.random.default_rng(0)
    _, number = np.unique(pieces, return_inverse=True)
    sums, counts = np.bincount(number, values), np.bincount(number)
    drawn = random.integers(0, len(sums), (BOOTSTRAPS, len(sums)))
    return float((sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)).std())
