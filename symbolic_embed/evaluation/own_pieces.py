"""What a model of one's own knows of held-out pieces of the same music, beside another model and what needs no model.

For whoever has just trained it: a few figures, within a minute. Which of 50 windows comes next (`next_bar`)? Which
notes survive being embedded and written, once and greedily (`writing_back`)? While it still learns there is a score
that takes a second: the same questions, fewer of them, and of candidates from a smaller pool.

Whether another model has learnt from these very pieces, and so is no fair rival, its fingerprint tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.correcting import decoded
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation import rivals
from symbolic_embed.evaluation.next_bar import (
    LEVELS,
    QuestionKind,
    Questions,
    Vectors,
    answer,
    draw_questions,
    ranks_of,
    training_windows,
)
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.evaluation.writing_back import MEASURES, writing_back_rows
from symbolic_embed.originality.fingerprint import Fingerprint, corpus_lines, run_hashes

QUERIES, CELLS = 1000, 100
QUICK_QUERIES, QUICK_POOL = 200, 400
F1 = next(iter(MEASURES))
KNOWN = 0.5  # of a piece's runs: other pieces of the same style share a tenth at most


def quick_score(corpus: PreparedCorpus, *, split: str) -> Callable[[Embedder], dict[str, float]] | None:
    """A function that gives an embedder's mean reciprocal ranks on a split, by "next_cell" and "next_bar"; None where
    nothing can be asked, since the split has no two pieces of some bars."""
    drawn = {
        f"next_{level}": draw_questions(corpus, QuestionKind(level), split=split, count=QUICK_QUERIES, pool=QUICK_POOL)
        for level in LEVELS
    }
    asked = {name: questions for name, questions in drawn.items() if len(questions.queries)}

    def score(embedder: Embedder) -> dict[str, float]:
        return {
            name: float((1 / ranks_of(questions, _context(embedder, questions))).mean())
            for name, questions in asked.items()
        }

    return score if asked else None


def own_rows(models: Mapping[str, Embedder], corpus: PreparedCorpus, *, split: str) -> Iterator[Row]:
    """The rows of the `models`, by their names, and of their rivals, on a split: what comes next, and what survives
    being written; none of what the split has too little music for."""
    for kind in map(QuestionKind, LEVELS):
        questions = draw_questions(corpus, kind, split=split, count=QUERIES)
        if len(questions.queries):
            contenders = {who: _context(embedder, questions) for who, embedder in models.items()}
            for who, vectors in (contenders | dict(_rivals(corpus, questions))).items():
                found = answer(questions, vectors)
                error = found.mrr_error if len(np.unique(questions.piece)) > 1 else None
                yield Row(kind.name, who, "MRR", found.mrr, found.queries, error)
    for role in ROLES:
        for who, embedder in models.items():
            subject = Subject(embedder, corpus, split)
            rows = writing_back_rows(subject, role=role, per_set=CELLS, ways={who: decoded})
            yield from (row for row in rows if row.measure == F1)


def pieces_known(fingerprint: Fingerprint, corpus: PreparedCorpus, *, split: str) -> int:
    """How many pieces of a split are in the music that the fingerprint was made of, in whatever key."""
    runs = (run_hashes(corpus_lines(corpus, np.array([piece])))[0] for piece in corpus.pieces_of(split))
    return sum(len(of_piece) > 0 and float(fingerprint.holds(of_piece).mean()) > KNOWN for of_piece in runs)


def _context(embedder: Embedder, questions: Questions) -> NDArray[np.float32]:
    """The numbers that an embedder keeps for what comes next, of each window that occurs."""
    windows = questions.table.windows(questions.wanted)
    return embedder.embed_windows(windows)[:, : embedder.settings.context_dim]


def _rivals(corpus: PreparedCorpus, questions: Questions) -> Iterator[tuple[str, Vectors]]:
    """Who needs no training, and their vectors; n-grams where the train split has any."""
    windows = questions.table.windows(questions.wanted)
    known = rivals.window_grams(training_windows(corpus, questions.table))
    if any(known):
        yield "n-grams", rivals.GramWeights.of(known).vectors(rivals.window_grams(windows))
    yield "chroma", rivals.chroma(windows)
    yield "piano-roll", rivals.roll(windows)
