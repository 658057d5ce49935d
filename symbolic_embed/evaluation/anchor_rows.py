"""Which of many bars comes next, with more than the last one to go by?

The questions and candidates are those of `next_bar`; what is known of the music before each query grows: the query
alone, four windows of its part (fewer where the piece begins) and the whole bar, and the other parts too, also those of
the bar that is asked for, as who accompanies has them. Of whole bars: one, four, eight. The rival is a mixture that
needs no training: a weighted mean of the same embeddings, of their numbers for context. Of cells directions are
compared, of bars points, whichever is the better rival.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.corpus.tables import WindowTable
from symbolic_embed.embedding.anchor import ALL_PARTS, Anchor, Sequences
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation.anchor_context import Before, before
from symbolic_embed.evaluation.next_bar import (
    Answer,
    QuestionKind,
    Questions,
    answer_rows,
    draw_questions,
    ranks_from,
)
from symbolic_embed.evaluation.rivals import of_length_one
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.subject import Subject

PAST_WEIGHTS = (1.0, 0.5, 0.3, 0.3)  # of the query and of those before it, in the mixture
WHOLE_WEIGHT, OTHERS_WEIGHT = 0.3, 0.3  # of the last whole bar, and of each other part


@dataclass(frozen=True)
class Knowledge:
    """What is known: how many windows, the last one counted; whether the last whole bar, and the other parts."""

    words: str
    steps: int
    whole: bool = False
    others: bool = False


WAYS = {
    "cell": (
        Knowledge("", 1),
        Knowledge(" from four and the bar", 4, whole=True),
        Knowledge(" from four, the bar and the other parts", 4, whole=True, others=True),
    ),
    "bar": (Knowledge("", 1), Knowledge(" from four", 4), Knowledge(" from eight", 8)),
}


@dataclass(frozen=True, eq=False)
class Embedded:
    """Windows of a table by number, and their embeddings with a row of 0 after them, which is that of -1."""

    numbers: NDArray[np.int64]
    vectors: NDArray[np.float32]
    roles: NDArray[np.int64]

    @classmethod
    def of(cls, embedder: Embedder, table: WindowTable, *windows: NDArray[np.int64]) -> Embedded:
        """The embeddings of all `windows`, arrays of window numbers or -1."""
        numbers = np.unique(np.concatenate([some.ravel() for some in windows]))
        numbers = numbers[numbers >= 0]
        vectors = embedder.embed_windows(table.windows(numbers))
        vectors = np.append(vectors, np.zeros((1, vectors.shape[1]), np.float32), axis=0)
        return cls(numbers, vectors, table.role[numbers].astype(np.int64))

    def rows(self, windows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of window numbers among the vectors; -1 of -1."""
        return np.where(windows < 0, -1, np.searchsorted(self.numbers, windows))


@dataclass(frozen=True, eq=False)
class AnchorQuestions:
    """Questions with what was played before them, everything embedded: as rows of `level` (queries, candidates and what
    the part or the piece played before them), of `bars` and of `cells` (the other parts)."""

    questions: Questions
    before: Before
    roles: NDArray[np.int64]
    level: Embedded
    bars: Embedded
    cells: Embedded

    @classmethod
    def of(cls, subject: Subject, questions: Questions, *, steps: int) -> AnchorQuestions:
        """With `steps` windows before each query, it counted."""
        corpus, embedder, table = subject.corpus, subject.embedder, questions.table
        past = before(corpus, table, questions.queries, steps=steps)
        of_parts = table is corpus.cells
        roles = table.role[questions.queries].astype(np.int64) if of_parts else np.full(len(past.own), ALL_PARTS)
        level = Embedded.of(embedder, table, questions.wanted, past.own)
        if not of_parts:
            return cls(questions, past, roles, level, level, level)
        bars = Embedded.of(embedder, corpus.bars, past.whole)
        return cls(questions, past, roles, level, bars, Embedded.of(embedder, corpus.cells, past.others))

    @property
    def candidates(self) -> NDArray[np.float32]:
        """The embeddings of `questions.wanted`."""
        return self.level.vectors[self.level.rows(self.questions.wanted)]

    def sequences(self, anchor: Anchor, knowledge: Knowledge) -> Sequences:
        """What an anchor is asked for."""
        longest = self.before.own.shape[1]
        count = np.minimum(self.before.length, knowledge.steps)
        columns = (self.before.length - count)[:, None] + np.arange(longest + 1)
        counted, ahead = (np.arange(longest + 1) < count[:, None] + extra for extra in (0, 1))
        columns = np.minimum(columns, longest)

        def back(windows: NDArray[np.int64]) -> NDArray[np.int64]:
            taken = np.take_along_axis(windows, np.minimum(columns, longest - 1), axis=1)
            return np.where(counted, taken, -1)[:, :-1]

        company = None
        if knowledge.others:
            others = np.take_along_axis(self.before.others, columns[..., None], axis=1)
            company = self._company(anchor, np.where(ahead[..., None], others, -1))
        whole = self.bars.rows(back(self.before.whole)) if knowledge.whole else None
        own = self.level.rows(back(self.before.own))
        return Sequences(self.level.vectors, own, count, self.roles, self.bars.vectors, whole, company)

    def mixture(self, knowledge: Knowledge, *, numbers: int) -> NDArray[np.float32]:
        """The weighted mean of what is known, of the first `numbers` of the embeddings; float32 (queries, numbers)."""
        row, last = np.arange(len(self.roles)), self.before.length - 1
        parts = []
        for back, weight in enumerate(PAST_WEIGHTS[: knowledge.steps]):
            windows = np.where(last >= back, self.before.own[row, np.maximum(last - back, 0)], -1)
            parts.append((weight, self.level, windows[:, None]))
        if knowledge.whole:
            parts.append((WHOLE_WEIGHT, self.bars, self.before.whole[row, last][:, None]))
        if knowledge.others:
            parts.append((OTHERS_WEIGHT, self.cells, self.before.others[row, last + 1]))
        total, weights = np.zeros((len(row), numbers)), np.zeros((len(row), 1))
        for weight, embedded, windows in parts:
            total += weight * embedded.vectors[embedded.rows(windows), :numbers].sum(axis=1)
            weights += weight * (windows >= 0).sum(axis=1, keepdims=True)
        return (total / weights).astype(np.float32)

    def _company(self, anchor: Anchor, others: NDArray[np.int64]) -> NDArray[np.float32]:
        """The sum over the members among `others`, window numbers (queries, steps, tracks)."""
        made = anchor.members(self.cells.vectors[:-1], self.cells.roles)
        members, rows = np.append(made, np.zeros((1, made.shape[1]), np.float32), axis=0), self.cells.rows(others)
        total = np.zeros((*rows.shape[:2], made.shape[1]), np.float32)
        for track in range(rows.shape[2]):
            total += members[rows[..., track]]
        return total


def anchor_rows(subject: Subject, kind: QuestionKind, *, queries: int) -> Iterator[Row]:
    """The rows of one kind of question, for a subject that has an anchor; none for another."""
    anchor = subject.anchor
    questions = draw_questions(subject.corpus, kind, split=subject.split, count=queries)
    if anchor is None or not len(questions.queries):
        return
    asked = AnchorQuestions.of(subject, questions, steps=anchor.settings.longest)
    embeddings, numbers = asked.candidates, subject.embedder.settings.context_dim
    targets = anchor.targets(embeddings)
    for knowledge in WAYS[kind.level]:
        ranks = ranks_from(questions, anchor.anchors(asked.sequences(anchor, knowledge)), targets)
        yield from answer_rows(kind.named(knowledge.words), "anchor", Answer.of(ranks, questions.piece))
        if knowledge.steps > 1:
            points = asked.mixture(knowledge, numbers=numbers), embeddings[:, :numbers]
            mixture, known = map(of_length_one, points) if kind.level == "cell" else points
            ranks = ranks_from(questions, mixture, known)
            yield from answer_rows(kind.named(knowledge.words), "model, mixture", Answer.of(ranks, questions.piece))
