"""One report of a checkpoint: every test, its rivals beside it, each figure with its sample size and spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.collection import Entry
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import SettingsError
from symbolic_embed.evaluation.decoded_music import decoded_music_rows
from symbolic_embed.evaluation.groups import GROUP_TESTS, group_rows
from symbolic_embed.evaluation.next_bar import next_bar_rows
from symbolic_embed.evaluation.prior_fit import prior_fit_rows
from symbolic_embed.evaluation.probes import PROBES, probe_rows
from symbolic_embed.evaluation.rows import Row
from symbolic_embed.evaluation.writing_back import writing_back_rows

TESTS = ("next", "writing", "prior", "music", "probes", "groups")

Step = Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Sizes:
    """How much is asked: questions of each kind of what comes next; cells of a role and data set to write back; cells
    beside the prior; draws and midpoints to decode; bars for a probe."""

    queries: int = 1000
    cells_per_set: int = 300
    prior_cells: int = 2000
    decoded: int = 1000
    probe_bars: int = 3000


def chosen_tests(names: str) -> tuple[str, ...]:
    """The tests that "next,prior" names, in the order of TESTS. Raises SettingsError for an unknown one."""
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in TESTS:
            raise SettingsError.unknown(name, TESTS, where="--tests")
    return tuple(test for test in TESTS if test in wanted)


def evaluate(
    embedder: Embedder,
    corpus: PreparedCorpus,
    *,
    split: str,
    tests: Sequence[str] = TESTS,
    sizes: Sizes = Sizes(),
    labelled: Sequence[Entry] = (),
    progress: Callable[[Iterable[Step], int], Iterable[Step]] = lambda steps, total: steps,
) -> list[Row]:
    """All rows of `tests` for one checkpoint on one split. The groups are those of the files `labelled`.

    `progress` wraps the iteration over the steps of the tests, of which it is told how many there are.
    """
    subject = {"embedder": embedder, "corpus": corpus, "split": split}
    steps = [step for test in tests for step in _steps(test, subject, sizes, labelled)]
    return [row for step in progress(steps, len(steps)) for row in step()]


def _steps(test: str, subject: dict[str, Any], sizes: Sizes, labelled: Sequence[Entry]) -> list[Step]:
    """The parts of a test, each of which takes some seconds."""
    if test == "next":
        kinds = ({"candidates": 50}, {"candidates": 50, "same_style": True}, {"candidates": 1000})
        levels = ("cell", "bar")
        asked = [{"level": level, "queries": sizes.queries, **kind} for level in levels for kind in kinds]
        return [partial(next_bar_rows, **subject, **one) for one in asked]
    if test == "writing":
        return [partial(writing_back_rows, **subject, role=role, per_set=sizes.cells_per_set) for role in ROLES]
    if test == "prior":
        return [partial(prior_fit_rows, **subject, count=sizes.prior_cells)]
    if test == "music":
        kinds = ("draws", "midpoints", "cells written back")
        return [partial(decoded_music_rows, **subject, kind=kind, count=sizes.decoded) for kind in kinds]
    if test == "probes":
        return [partial(probe_rows, **subject, asked=asked, count=sizes.probe_bars) for asked in PROBES]
    about = {"embedder": subject["embedder"], "entries": labelled, "split": subject["split"]}
    return [partial(group_rows, **about, test=one, transposed=turn) for one in GROUP_TESTS for turn in (False, True)]
