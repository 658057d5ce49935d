"""Takes: more is drawn than is wanted, each is tested as a composer would listen to it, and the best are kept.

Candidates are cheap, and what makes a continuation useless can be counted before anything is written (`failures.py`).
So of several takes those with the fewest failures are kept; of equals those that bring as much that is new as the seed
itself does, since a copy of the seed has no failures either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symbolic_embed.bars.patterns import Stretch, cells
from symbolic_embed.composing.failures import Checks, failures_of_continuation

DRAWN = 4  # takes for each result, where nothing was said
AT_ONCE = 16  # takes that are drawn side by side


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
        checks = {
            check.name: {
                "measured": round(check.measured or 0.0, 3),
                "bound": round(check.bound or 0.0, 3),
                "fails": check.fails,
            }
            for check in self.checks.checks
            if check.applies
        }
        return {
            "number": self.number,
            "of": self.drawn,
            "rank": self.rank,
            "failures": [check.name for check in self.checks.failures],
            "checks": checks,
            "new_cells": None if self.new_cells is None else round(self.new_cells, 3),
            "why": self.why(),
        }


def best_takes(seed: Stretch, drawn: Sequence[Stretch], *, keep: int) -> list[Take]:
    """The `keep` best of several continuations of a seed, best first."""
    returning = cells.cells_that_return(seed)
    usual = 0.0 if returning is None else 1.0 - returning
    takes = [_tested(seed, new, number=number, of=len(drawn)) for number, new in enumerate(drawn, start=1)]

    def badness(take: Take) -> tuple[int, float, int]:
        new = 0.0 if take.new_cells is None else take.new_cells
        return len(take.checks.failures), abs(new - usual), take.number

    kept = sorted(takes, key=badness)[:keep]
    return [Take(take.number, take.drawn, rank, take.checks, take.new_cells) for rank, take in enumerate(kept, start=1)]


def _tested(seed: Stretch, new: Stretch, *, number: int, of: int) -> Take:
    returning = cells.cells_that_return(new, before=seed)
    new_cells = None if returning is None else 1.0 - returning
    return Take(number, of, 0, failures_of_continuation(seed, new), new_cells)
