"""One report of a checkpoint: every test, its rivals beside it, each figure with its sample size and spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.anchor import Anchor
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation.anchor_rows import anchor_rows
from symbolic_embed.evaluation.decoded_music import KINDS, decoded_music_rows
from symbolic_embed.evaluation.groups import LabelledFile, group_rows, group_tests
from symbolic_embed.evaluation.next_bar import QUESTIONS, next_bar_rows
from symbolic_embed.evaluation.prior_fit import prior_fit_rows
from symbolic_embed.evaluation.probes import PROBES, probe_rows
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.settings import EvaluationSettings
from symbolic_embed.evaluation.subject import Subject
from symbolic_embed.evaluation.writing_back import writing_back_rows

Step = Callable[[], Iterator[Row]]


def evaluate(
    embedder: Embedder,
    corpus: PreparedCorpus,
    settings: EvaluationSettings,
    *,
    anchor: Anchor | None = None,
    labelled: Sequence[LabelledFile] | None = None,
    progress: Callable[[Iterable[Step], int], Iterable[Step]] = lambda steps, total: steps,
) -> list[Row]:
    """All rows of the tests of one checkpoint, and of its `anchor`. The groups are those of the files `labelled`, by
    default of the corpus.

    `progress` wraps the iteration over the steps of the tests, and is given how many there are.
    """
    subject = Subject(embedder, corpus, settings.split, anchor)
    files = corpus.pieces if labelled is None else labelled
    steps = [step for test in settings.tests for step in _steps(test, subject, settings, files)]
    return [row for step in progress(steps, len(steps)) for row in step()]


def _steps(test: str, subject: Subject, settings: EvaluationSettings, labelled: Sequence[LabelledFile]) -> list[Step]:
    """The parts of a test, each of which takes some seconds."""
    if test == "next":
        asked = (next_bar_rows, anchor_rows) if subject.anchor else (next_bar_rows,)
        return [partial(rows, subject, kind, queries=settings.queries) for rows in asked for kind in QUESTIONS]
    if test == "writing":
        return [partial(writing_back_rows, subject, role=role, per_set=settings.cells) for role in ROLES]
    if test == "prior":
        return [partial(prior_fit_rows, subject, count=settings.prior_cells)]
    if test == "music":
        return [partial(decoded_music_rows, subject, kind=kind, count=settings.decoded) for kind in KINDS]
    if test == "probes":
        return [partial(probe_rows, subject, label=label, count=settings.probe_bars) for label in PROBES]
    embedder, split = subject.embedder, subject.split
    return [
        partial(group_rows, embedder, labelled, test=one, split=split, transposed=transposed)
        for one in group_tests(labelled)
        for transposed in (False, True)
    ]


def with_scores(card: Mapping[str, Any], rows: list[dict[str, Any]], *, split: str) -> dict[str, Any]:
    """A checkpoint's card with these figures (`rows.as_records`), after those of tests on the same split that were not
    made again."""
    known, made = card.get("scores"), {row["test"] for row in rows}
    before = known["rows"] if known and known["split"] == split else []
    return {**card, "scores": {"split": split, "rows": [row for row in before if row["test"] not in made] + rows}}
