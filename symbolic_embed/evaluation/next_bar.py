"""Which of many bars comes next?

The query is a window, the candidates are the window that follows it in the same part and 49 (or 999) from pieces of
other clusters; they are sorted by distance from the query. Asked of cells and of whole bars, and once more with
candidates of the query's own set and metre, where style and barring give nothing away. Pairs that hold the same notes
are not asked. The measures are the mean reciprocal rank of the right one (a tie counts against it), and how often it
comes first, over queries drawn once from all windows of the split, with a fixed seed. Their spread is the standard
error over pieces (bootstrap). After a cell of one or two notes, as choirs sing them, much else may follow, so of cells
the answers are told once more by how many notes begin in the query.

The wrong candidates of all questions come from a pool of POOL windows, drawn once: a thousand questions with a thousand
candidates each then have six thousand windows to be embedded, not a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from symbolic_embed.corpus.prepared import PreparedCorpus, WindowTable
from symbolic_embed.corpus.sampling import clusters_of, distinct, drawn, windows_of
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation import rivals
from symbolic_embed.evaluation.rows import Row, error_over_groups

POOL = 4000
TRAINING_WINDOWS = 8000  # from which the rivals' statistics are taken
NOTES = {"1 or 2 notes": (1, 2), "3 to 6 notes": (3, 6), "7 notes or more": (7, 10_000)}
PLAIN = ("model", "n-grams", "chroma", "piano-roll")  # of whom it is told by notes


@dataclass(frozen=True, eq=False)
class Questions:
    """Queries and their candidates as window numbers: int64 (queries,) and (queries, candidates), the right one first;
    and the piece of each query."""

    table: WindowTable
    queries: np.ndarray
    candidates: np.ndarray
    piece: np.ndarray

    @property
    def notes(self) -> np.ndarray:
        """How many notes begin in each query; (queries,)."""
        return self.table.onsets[self.queries]

    @cached_property
    def wanted(self) -> np.ndarray:
        """The number of every window that occurs, once, rising."""
        return np.unique(np.concatenate([self.queries, self.candidates.ravel()]))


@dataclass(frozen=True)
class Answer:
    """Mean reciprocal rank, the share of queries whose first candidate is the right one, their standard errors, n."""

    mrr: float
    mrr_error: float
    recall_at_1: float
    recall_at_1_error: float
    queries: int

    @classmethod
    def of(cls, ranks: np.ndarray, pieces: np.ndarray) -> Answer:
        """From the rank of the right candidate and the piece of each query, both (queries,)."""
        reciprocal, first = 1 / ranks, (ranks == 1).astype(float)
        figures = [(each.mean() if len(each) else 0.0, error_over_groups(each, pieces)) for each in (reciprocal, first)]
        return cls(*(float(figure) for pair in figures for figure in pair), queries=len(ranks))


def draw_questions(
    corpus: PreparedCorpus,
    table: WindowTable,
    *,
    split: str,
    count: int,
    candidates: int = 50,
    same_style: bool = False,
    seed: int = 0,
) -> Questions:
    """`count` questions (fewer where the split has fewer), drawn from all windows of a split that can be asked of."""
    random = np.random.default_rng(seed)
    successors = table.successors()
    askable = windows_of(corpus, table, split=split)
    askable = askable[successors[askable] >= 0]
    askable = askable[table.content[askable] != table.content[successors[askable]]]
    clusters = clusters_of(corpus, table, np.arange(len(table)))
    sets = np.unique([piece.set_name for piece in corpus.pieces], return_inverse=True)[1][table.piece]
    styles = sets * 256 + table.steps if same_style else np.zeros(len(table), np.int64)
    queries = drawn(askable, count=count, random=random)
    kept, of_kept = [], []
    pools = {
        int(style): drawn(askable[styles[askable] == style], count=POOL, random=random)
        for style in np.unique(styles[queries])
    }
    for query in queries:
        pool = pools[int(styles[query])]
        strangers = pool[clusters[pool] != clusters[query]]
        if len(strangers) >= candidates - 1:
            kept.append(query)
            wrong = random.choice(strangers, candidates - 1, replace=False)
            of_kept.append(np.concatenate([[successors[query]], successors[wrong]]))
    kept = np.array(kept, np.int64)
    return Questions(table, kept, np.array(of_kept, np.int64).reshape(-1, candidates), table.piece[kept])


def answer(questions: Questions, vectors: np.ndarray | sparse.csr_array) -> Answer:
    """How well distances between `vectors` (wanted, dim), one for each window of `questions.wanted`, find what comes
    next."""
    return Answer.of(ranks_of(questions, vectors), questions.piece)


def ranks_of(questions: Questions, vectors: np.ndarray | sparse.csr_array) -> np.ndarray:
    """The rank of the right candidate of each query, from 1, a tie counting against it; float64 (queries,)."""
    of_query = np.searchsorted(questions.wanted, questions.queries)
    of_candidates = np.searchsorted(questions.wanted, questions.candidates)
    count = len(questions.queries)
    ranks = np.empty(count)
    for row in range(count):
        distance = _squares(vectors[of_candidates[row]], vectors[of_query[row : row + 1]])
        ranks[row] = 1 + (distance[1:] <= distance[0]).sum()
    return ranks


def next_bar_rows(
    embedder: Embedder,
    corpus: PreparedCorpus,
    *,
    level: str,
    split: str,
    queries: int,
    candidates: int = 50,
    same_style: bool = False,
) -> Iterator[Row]:
    """The rows of one kind of question, of cells or of bars."""
    table = corpus.cells if level == "cell" else corpus.bars
    asked = {"split": split, "count": queries, "candidates": candidates, "same_style": same_style}
    questions = draw_questions(corpus, table, **asked)
    test = f"next {level} among {candidates}" + (", same set and metre" if same_style else "")
    if len(questions.queries):
        by_notes = NOTES if level == "cell" and not same_style else {}
        for who, vectors in _contenders(embedder, corpus, questions):
            ranks = ranks_of(questions, vectors)
            yield from _rows(test, who, Answer.of(ranks, questions.piece))
            for name, (fewest, most) in by_notes.items() if who in PLAIN else ():
                asked_of = (questions.notes >= fewest) & (questions.notes <= most)
                yield from _rows(f"{test}, {name}", who, Answer.of(ranks[asked_of], questions.piece[asked_of]))


def _rows(test: str, who: str, found: Answer) -> Iterator[Row]:
    if found.queries:
        yield Row(test, who, "MRR", found.mrr, found.queries, found.mrr_error)
        yield Row(test, who, "recall@1", found.recall_at_1, found.queries, found.recall_at_1_error)


def _contenders(
    embedder: Embedder, corpus: PreparedCorpus, questions: Questions
) -> Iterator[tuple[str, np.ndarray | sparse.csr_array]]:
    """Everyone who answers, and their vectors. Those who need statistics of training music are left out where the data
    have none to speak of."""
    windows = questions.table.windows(questions.wanted)
    vectors, context = embedder.embed_windows(windows), embedder.settings.context_dim
    yield "model", vectors[:, :context]
    yield "model, all coordinates", vectors
    known = distinct(questions.table, windows_of(corpus, questions.table, split="train"))
    known = drawn(known, count=TRAINING_WINDOWS, random=np.random.default_rng(0))
    if len(known) > 2 * embedder.dim:
        trained_on = questions.table.windows(known)
        seen = embedder.embed_windows(trained_on)
        yield "model, centred", rivals.Whitening.of(seen[:, :context], only_centre=True)(vectors[:, :context])
        yield "model, whitened", rivals.Whitening.of(seen[:, :context])(vectors[:, :context])
        yield "model, all coordinates, whitened", rivals.Whitening.of(seen)(vectors)
        weights = rivals.GramWeights.of(rivals.window_grams(trained_on))
        yield "n-grams", weights.vectors(rivals.window_grams(windows))
    yield "chroma", rivals.chroma(windows)
    yield "piano-roll", rivals.roll(windows)


def _squares(candidates: np.ndarray | sparse.csr_array, query: np.ndarray | sparse.csr_array) -> np.ndarray:
    """The squared distance of each candidate (n, dim) to the query (1, dim); (n,)."""
    if sparse.issparse(candidates):
        lengths = candidates.power(2).sum(axis=1) + query.power(2).sum()
        return lengths - 2 * (candidates @ query.T).toarray()[:, 0]
    difference = candidates - query
    return np.einsum("ij,ij->i", difference, difference)
