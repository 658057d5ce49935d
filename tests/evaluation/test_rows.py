"""Rows of a report: rounded for JSON, and the spread of figures whose samples hang together."""

import numpy as np
import pytest

from symbolic_embed.evaluation.rows import Row, as_records, error_over_groups


def test_records_are_rounded():
    assert as_records([Row("t", "w", "m", 0.123456, 9)]) == [
        {"test": "t", "who": "w", "measure": "m", "value": 0.1235, "sample": 9, "error": None}
    ]


def test_the_error_is_that_of_whole_groups():
    """Four groups of 25 equal values are four values: sqrt(1/4) / sqrt(4) = .25; each its own group: a fifth of it."""
    values, groups = [0.0, 1.0, 0.0, 1.0] * 25, [0, 1, 2, 3] * 25
    assert error_over_groups(np.array(values), np.array(groups)) == pytest.approx(0.25, rel=0.1)
    assert error_over_groups(np.array(values), np.arange(100)) == pytest.approx(0.05, rel=0.1)
    assert error_over_groups(np.zeros(0), np.zeros(0)) == 0
