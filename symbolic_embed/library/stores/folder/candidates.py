"""The nearest rows by an index, beside those that came after it: what the index finds is measured again by the vectors
themselves, so that a likeness is never an estimate; only that a row is missed can happen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.library.stores.folder.engine import Engine
from symbolic_embed.library.stores.folder.flat import Found, Stretches, nearest_of_all
from symbolic_embed.library.stores.folder.records import Mapped, floats

PROBES = 4.0  # lists that are looked through, times the root of how many there are
MEASURED = 300  # candidates that are measured again, four times as many as are wanted at least
QUESTIONS_AT_A_TIME = 64


def nearest_by_index(
    engine: Engine, mapped: Mapped, questions: NDArray[np.float32], rows: Stretches, *, count: int
) -> Found:
    """The nearest of some rows to each question, float32 (questions, dim). Raises DamagedError where the index is
    damaged."""
    indexed = engine.lists.foot.count
    allowed = _bits(rows.between(0, indexed), indexed)
    later = rows.between(indexed, mapped.count)
    found = []
    for begin in range(0, len(questions), QUESTIONS_AT_A_TIME):
        some = questions[begin : begin + QUESTIONS_AT_A_TIME]
        best = _measured(engine, mapped, some, allowed, count=count)
        found.append(best.beside(nearest_of_all(mapped, some, later, count=count)).best(count))
    return Found.one_below_the_other(found, count)


def _measured(
    engine: Engine,
    mapped: Mapped,
    questions: NDArray[np.float32],
    allowed: NDArray[np.uint8] | None,
    *,
    count: int,
) -> Found:
    """The candidates of an index, by what they really are."""
    lists = len(engine.lists.foot.lengths)
    wanted, probes = max(MEASURED, 4 * count), min(round(PROBES * lists**0.5), lists)
    while True:
        candidates = engine.candidates(questions, count=wanted, probes=probes, allowed=allowed)
        if probes >= lists or (candidates[:, count - 1] >= 0).all():
            break
        probes = lists  # few are allowed: they may be anywhere
    there = candidates >= 0
    rows = np.unique(candidates[there])
    similarity = questions @ floats(mapped.at(rows)["vector"]).T
    column = np.searchsorted(rows, np.where(there, candidates, rows[0] if len(rows) else 0))
    if not len(rows):
        return Found.none(len(questions))
    of_candidates = np.take_along_axis(similarity, column, axis=1)
    return Found(candidates, np.where(there, of_candidates, np.float32(-np.inf)))


def _bits(rows: Stretches, total: int) -> NDArray[np.uint8] | None:
    """A bit for each of so many rows, the lowest first: whether it is one of `rows`; None where all are."""
    if rows.total == total:
        return None
    is_allowed = np.zeros(total, bool)
    is_allowed[ranges.rows(rows.first, rows.count)] = True
    return np.packbits(is_allowed, bitorder="little")
