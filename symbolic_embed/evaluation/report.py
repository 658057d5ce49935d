"""One report of a checkpoint: every test, its rivals beside it, each figure with its sample size and spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedder import Embedder
from symbolic_embed.evaluation import rivals
from symbolic_embed.evaluation.next_bar import Answer, Embed, answer, draw_questions
from symbolic_embed.evaluation.prior_fit import prior_fit
from symbolic_embed.evaluation.writing_back import written_back


@dataclass(frozen=True)
class Row:
    """One figure: which test, of whom, what was measured, how large the sample, its standard error where it has one."""

    test: str
    who: str
    measure: str
    value: float
    sample: int
    error: float | None = None


def evaluate(
    embedder: Embedder,
    corpus: PreparedCorpus,
    *,
    split: str,
    queries: int = 1000,
    cells_per_set: int = 300,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> list[Row]:
    """All rows for one checkpoint on one split."""
    prior = embedder.card.get("training", {}).get("settings", {}).get("prior", "gaussian")
    tests: list[Callable[[], Iterator[Row]]] = [
        lambda: _next_bar(embedder, corpus, "cells", split=split, queries=queries, same_style=False),
        lambda: _next_bar(embedder, corpus, "cells", split=split, queries=queries, same_style=True),
        lambda: _next_bar(embedder, corpus, "bars", split=split, queries=queries, same_style=False),
        lambda: _next_bar(embedder, corpus, "bars", split=split, queries=queries, same_style=True),
        lambda: _writing_back(embedder, corpus, split=split, per_set=cells_per_set),
        lambda: _prior(embedder, corpus, split=split, prior="gaussian" if prior == "none" else prior),
    ]
    return [row for test in progress(tests) for row in test()]


def as_records(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows for JSON, figures rounded to four places."""
    return [
        {**asdict(row), "value": round(row.value, 4), "error": None if row.error is None else round(row.error, 4)}
        for row in rows
    ]


def _next_bar(
    embedder: Embedder, corpus: PreparedCorpus, level: str, *, split: str, queries: int, same_style: bool
) -> Iterator[Row]:
    table = corpus.cells if level == "cells" else corpus.bars
    questions = draw_questions(corpus, table, split=split, count=queries, same_style=same_style)
    test = f"next {level[:-1]} among 50" + (", same set and metre" if same_style else "")
    context = embedder.settings.context_dim
    contenders: dict[str, Embed] = {
        "model": lambda windows: embedder.embed_windows(windows)[:, :context],
        "model, all coordinates": embedder.embed_windows,
        "chroma": rivals.chroma,
        "piano-roll": rivals.roll,
    }
    for who, embed in contenders.items():
        found: Answer = answer(questions, embed)
        yield Row(test, who, "MRR", found.mrr, found.queries, found.error)
        yield Row(test, who, "recall@1", found.recall_at_1, found.queries)


def _writing_back(embedder: Embedder, corpus: PreparedCorpus, *, split: str, per_set: int) -> Iterator[Row]:
    for role, score in written_back(embedder, corpus, split=split, per_set=per_set).items():
        test = f"reconstruction, {role}"
        yield Row(test, "model", "F1, onset and pitch", score.f1, score.cells, score.error)
        yield Row(test, "model", "precision", score.precision, score.cells)
        yield Row(test, "model", "recall", score.recall, score.cells)
        yield Row(test, "model", "F1, with length", score.f1_with_length, score.cells)


def _prior(embedder: Embedder, corpus: PreparedCorpus, *, split: str, prior: str) -> Iterator[Row]:
    fit = prior_fit(embedder, corpus, split=split, prior=prior)
    test = f"fit to the {prior} prior"
    yield Row(test, "model", "energy distance", fit.energy, fit.cells)
    yield Row(test, "two samples of draws", "energy distance", fit.energy_of_draws, fit.cells)
    yield Row(test, "model", "mean Kolmogorov-Smirnov", fit.kolmogorov_smirnov, fit.cells)
    yield Row(test, "two samples of draws", "mean Kolmogorov-Smirnov", fit.kolmogorov_smirnov_of_draws, fit.cells)
