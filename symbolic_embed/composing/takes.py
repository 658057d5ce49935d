"""Takes: more is drawn than is wanted, each is tested as a composer would listen to it, and the best are kept.

Candidates are cheap, and what makes a continuation useless can be counted before anything is written (`failures.py`).
So of several takes those with the fewest failures are kept; of equals those that bring as much that is new as the seed
itself does, since a copy of the seed has no failures either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from symbolic_embed.bars.patterns import Stretch, cells
from symbolic_embed.composing.checks import Checks
from symbolic_embed.composing.failures import failures_of_continuation
from symbolic_embed.requests import DrawingRequest

DRAWN = 4  # takes for each result, where nothing was said
AT_ONCE = 16  # takes that are drawn side by side


def batches_of(request: DrawingRequest) -> list[int]:
    """How many takes are drawn for a request, in batches of so many side by side."""
    takes = (request.takes or DRAWN * request.variations) if request.temperature else request.variations
    return [min(AT_ONCE, takes - first) for first in range(0, takes, AT_ONCE)]


@dataclass(frozen=True)
class Take:
    """One of the takes that were drawn: its number among them (from 1), its place among the kept ones, its checks, and
    which share of its cells is new, that is neither the seed's nor an earlier one; None where it has no cell."""

    number: int
    drawn: int
    rank: int
    checks: Checks
    new_cells: float | None

    def why(self) -> str:
        """In words why it was kept."""
        failures = self.checks.failures
        heard = "no failure" if not failures else ", ".join(str(failure) for failure in failures)
        new = "no new cell" if not self.new_cells else f"{self.new_cells:.0%} of its cells are new"
        return f"{heard}; {new}"

    def record(self) -> dict[str, Any]:
        """As a record has it."""
        return {
            "number": self.number,
            "of": self.drawn,
            "rank": self.rank,
            **self.checks.record(),
            "new_cells": None if self.new_cells is None else round(self.new_cells, 3),
            "why": self.why(),
        }


def best_takes(seed: Stretch, drawn: Sequence[Stretch], *, keep: int) -> list[Take]:
    """The `keep` best of several continuations of a seed, best first."""
    tested = [(failures_of_continuation(seed, new), cells.cells_that_return(new, before=seed)) for new in drawn]
    return ranked(seed, tested, keep=keep)


def ranked(
    seed: Stretch,
    tested: Sequence[tuple[Checks, float | None]],
    *,
    keep: int,
    fits: Sequence[float] | None = None,
) -> list[Take]:
    """The `keep` best of several takes, best first, by the checks of each, by how well each `fits`, if that is told,
    and by the share of its cells that return."""
    usual = _new(cells.cells_that_return(seed)) or 0.0
    takes = [
        Take(number, len(tested), 0, checks, _new(returning))
        for number, (checks, returning) in enumerate(tested, start=1)
    ]

    def badness(take: Take) -> tuple[int, float, float, int]:
        fit = 0.0 if fits is None else fits[take.number - 1]
        return len(take.checks.failures), -fit, abs((take.new_cells or 0.0) - usual), take.number

    kept = sorted(takes, key=badness)[:keep]
    return [replace(take, rank=rank) for rank, take in enumerate(kept, start=1)]


def _new(returning: float | None) -> float | None:
    return None if returning is None else 1.0 - returning
