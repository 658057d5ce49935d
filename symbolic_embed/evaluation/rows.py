"""The rows of a report, and the spread of their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BOOTSTRAPS = 1000


@dataclass(frozen=True)
class Row:
    """One figure: which test, of whom, what was measured, how large the sample, its standard error where it has one."""

    test: str
    who: str
    measure: str
    value: float
    sample: int
    error: float | None = None


def as_records(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows for JSON, figures rounded to four places."""
    return [
        {**asdict(row), "value": round(row.value, 4), "error": None if row.error is None else round(row.error, 4)}
        for row in rows
    ]


def error_over_groups(values: NDArray[np.float64], groups: NDArray[Any]) -> float:
    """The standard error of the mean of `values` (n,) when whole groups (n,) are drawn again, since the bars of one
    piece resemble each other (bootstrap); 0 of nothing."""
    if len(values) == 0:
        return 0.0
    random = np.random.default_rng(0)
    _, number = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(number, values), np.bincount(number)
    drawn = random.integers(0, len(sums), (BOOTSTRAPS, len(sums)))
    return float((sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)).std())
