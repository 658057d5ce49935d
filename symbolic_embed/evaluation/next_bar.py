"""Which of many bars comes next?

The query is a window, the candidates are the window that follows it in the same part and 49 (or 999) from pieces of
other clusters; they are sorted by distance from the query. Asked of cells and of whole bars, and once more with
candidates of the query's own set and metre, where style and barring give nothing away. Pairs that hold the same notes
are not asked. The measures are the mean reciprocal rank of the right one (a tie counts against it), and how often it
comes first, over queries drawn once from all windows of the split, with a fixed seed. Their spread is the standard
error over pieces (bootstrap). After a cell of one or two notes, as choirs sing them, much else may follow, so of cells
the answers are given once more by how many notes begin in the query.

The wrong candidates of all questions come from a pool of POOL windows, drawn once: a thousand questions with a thousand
candidates each then have six thousand windows to be embedded, not a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from symbolic_embed.bars import Windows
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.sampling import clusters_of, distinct, drawn, windows_of
from symbolic_embed.corpus.tables import WindowTable
from symbolic_embed.evaluation import rivals
from symbolic_embed.evaluation.rows import Row, error_over_groups
from symbolic_embed.evaluation.subject import Subject

POOL = 4000
TRAINING_WINDOWS = 8000  # from which the rivals' statistics are taken
NOTES = {"1 or 2 notes": (1, 2), "3 to 6 notes": (3, 6), "7 notes or more": (7, 10_000)}
PLAIN = ("model", "n-grams", "chroma", "piano-roll")  # whose answers are given by notes


Vectors: TypeAlias = NDArray[np.float32] | sparse.csr_array


@dataclass(frozen=True)
class QuestionKind:
    """What is asked: of cells or of whole bars, among how many candidates, and whether these are all of the query's own
    set and metre."""

    level: Literal["cell", "bar"]
    candidates: int = 50
    same_style: bool = False

    @property
    def name(self) -> str:
        return self.named("")

    def named(self, knowing: str) -> str:
        """Its name where more is known than the query, as in " from four"."""
        style = ", same set and metre" if self.same_style else ""
        return f"next {self.level}{knowing} among {self.candidates}{style}"

    def table(self, corpus: PreparedCorpus) -> WindowTable:
        """The windows that are asked of."""
        return corpus.cells if self.level == "cell" else corpus.bars


LEVELS: tuple[Literal["cell", "bar"], ...] = ("cell", "bar")
QUESTIONS = tuple(
    QuestionKind(level, candidates, same_style)
    for level in LEVELS
    for candidates, same_style in ((50, False), (50, True), (1000, False))
)


@dataclass(frozen=True, eq=False)
class Questions:
    """Queries and their candidates as window numbers: int64 (queries,) and (queries, candidates), the right one first;
    and the piece of each query."""

    table: WindowTable
    queries: NDArray[np.int64]
    candidates: NDArray[np.int64]
    piece: NDArray[np.int64]

    @property
    def notes(self) -> NDArray[np.int64]:
        """How many notes begin in each query; (queries,)."""
        return self.table.onsets[self.queries].astype(np.int64)

    @cached_property
    def wanted(self) -> NDArray[np.int64]:
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
    def of(cls, ranks: NDArray[np.float64], pieces: NDArray[np.int64]) -> Answer:
        """From the rank of the right candidate and the piece of each query, both (queries,)."""
        reciprocal, first = 1 / ranks, (ranks == 1).astype(np.float64)
        means = (float(each.mean()) if len(each) else 0.0 for each in (reciprocal, first))
        mrr, recall_at_1 = means
        errors = (error_over_groups(each, pieces) for each in (reciprocal, first))
        mrr_error, recall_at_1_error = errors
        return cls(mrr, mrr_error, recall_at_1, recall_at_1_error, queries=len(ranks))


def draw_questions(
    corpus: PreparedCorpus, kind: QuestionKind, *, split: str, count: int, seed: int = 0, pool: int | None = None
) -> Questions:
    """`count` questions (fewer where the split has fewer), drawn from all windows of a split that can be asked of; the
    wrong candidates from a `pool` of so many, by default POOL."""
    random, table = np.random.default_rng(seed), kind.table(corpus)
    successors = table.successors()
    askable = windows_of(corpus, table, split=split)
    askable = askable[successors[askable] >= 0]
    askable = askable[table.content[askable] != table.content[successors[askable]]]
    clusters = clusters_of(corpus, table, np.arange(len(table)))
    sets = np.unique([piece.set_name for piece in corpus.pieces], return_inverse=True)[1][table.piece]
    styles = sets * 256 + table.steps if kind.same_style else np.zeros(len(table), np.int64)
    queries = drawn(askable, count=count, random=random)
    queries_kept: list[int] = []
    candidates = [np.zeros((0, kind.candidates), np.int64)]
    pools = {
        int(style): drawn(askable[styles[askable] == style], count=pool or POOL, random=random)
        for style in np.unique(styles[queries])
    }
    for query in queries.tolist():
        others = pools[int(styles[query])]
        strangers = others[clusters[others] != clusters[query]]
        if len(strangers) >= kind.candidates - 1:
            wrong = random.choice(strangers, kind.candidates - 1, replace=False)
            queries_kept.append(query)
            candidates.append(np.append(successors[query], successors[wrong])[None])
    numbers = np.array(queries_kept, np.int64)
    return Questions(table, numbers, np.concatenate(candidates), table.piece[numbers].astype(np.int64))


def answer(questions: Questions, vectors: Vectors) -> Answer:
    """How well distances between `vectors` (wanted, dim), one for each window of `questions.wanted`, find what comes
    next."""
    return Answer.of(ranks_of(questions, vectors), questions.piece)


def ranks_of(questions: Questions, vectors: Vectors) -> NDArray[np.float64]:
    """The rank of the right candidate of each query, from 1, a tie counting against it; float64 (queries,)."""
    return ranks_from(questions, vectors[np.searchsorted(questions.wanted, questions.queries)], vectors)


def ranks_from(questions: Questions, anchors: Vectors, vectors: Vectors) -> NDArray[np.float64]:
    """As `ranks_of`, with the points `anchors` (queries, dim) asking in the place of the queries' own vectors."""
    of_candidates = np.searchsorted(questions.wanted, questions.candidates)
    count = len(questions.queries)
    ranks = np.empty(count)
    for row in range(count):
        distance = _squares(vectors[of_candidates[row]], anchors[row : row + 1])
        ranks[row] = 1 + (distance[1:] <= distance[0]).sum()
    return ranks


def next_bar_rows(subject: Subject, kind: QuestionKind, *, queries: int) -> Iterator[Row]:
    """The rows of one kind of question."""
    questions = draw_questions(subject.corpus, kind, split=subject.split, count=queries)
    if not len(questions.queries):
        return
    by_notes = NOTES if kind.level == "cell" and not kind.same_style else {}
    for who, vectors in _contenders(subject, questions):
        ranks = ranks_of(questions, vectors)
        yield from answer_rows(kind.name, who, Answer.of(ranks, questions.piece))
        for name, (fewest, most) in by_notes.items() if who in PLAIN else ():
            some = (questions.notes >= fewest) & (questions.notes <= most)
            yield from answer_rows(f"{kind.name}, {name}", who, Answer.of(ranks[some], questions.piece[some]))


def answer_rows(test: str, who: str, answer: Answer) -> Iterator[Row]:
    """The rows of one answer; none where nothing was asked."""
    if answer.queries:
        yield Row(test, who, "MRR", answer.mrr, answer.queries, answer.mrr_error)
        yield Row(test, who, "recall@1", answer.recall_at_1, answer.queries, answer.recall_at_1_error)


def _contenders(subject: Subject, questions: Questions) -> Iterator[tuple[str, Vectors]]:
    """Everyone who answers, and their vectors. Those who need statistics of training music are left out where the data
    have none to speak of."""
    embedder, corpus = subject.embedder, subject.corpus
    windows = questions.table.windows(questions.wanted)
    vectors, context = embedder.embed_windows(windows), embedder.settings.context_dim
    yield "model", vectors[:, :context]
    yield "model, all coordinates", vectors
    trained_on = training_windows(corpus, questions.table)
    if len(trained_on) > 2 * embedder.dim:
        seen = embedder.embed_windows(trained_on)
        yield "model, centred", rivals.Whitening.of(seen[:, :context], only_centre=True)(vectors[:, :context])
        yield "model, whitened", rivals.Whitening.of(seen[:, :context])(vectors[:, :context])
        yield "model, all coordinates, whitened", rivals.Whitening.of(seen)(vectors)
        weights = rivals.GramWeights.of(rivals.window_grams(trained_on))
        yield "n-grams", weights.vectors(rivals.window_grams(windows))
    yield "chroma", rivals.chroma(windows)
    yield "piano-roll", rivals.roll(windows)


def training_windows(corpus: PreparedCorpus, table: WindowTable) -> Windows:
    """Distinct windows of the train split, at most TRAINING_WINDOWS of them: what rivals take their statistics from."""
    known = distinct(table, windows_of(corpus, table, split="train"))
    return table.windows(drawn(known, count=TRAINING_WINDOWS, random=np.random.default_rng(0)))


def _squares(candidates: Vectors, query: Any) -> NDArray[np.float64]:
    """The squared distance of each candidate (n, dim) to the query (1, dim), which is of the same kind; (n,)."""
    squares: NDArray[np.float64]
    if isinstance(candidates, np.ndarray):
        difference = candidates - query
        squares = np.einsum("ij,ij->i", difference, difference)
    else:
        lengths = candidates.power(2).sum(axis=1) + query.power(2).sum()
        squares = lengths - 2 * (candidates @ query.T).toarray()[:, 0]
    return squares
