"""Ranges laid end to end: against loops over owners and rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import ranges

lists_of_counts = st.lists(st.integers(0, 5), max_size=8)


def test_the_table_at_the_head_of_the_file():
    counts = np.array([2, 0, 3])
    assert ranges.offsets(counts).tolist() == [0, 2, 2, 5]
    assert ranges.owners(counts).tolist() == [0, 0, 2, 2, 2]
    assert ranges.ordinals(counts).tolist() == [0, 1, 0, 1, 2]
    assert ranges.rows(np.array([10, 50, 90]), counts).tolist() == [10, 11, 90, 91, 92]


@given(counts=lists_of_counts, data=st.data())
def test_rows_are_ranges_one_after_the_other(counts, data):
    starts = data.draw(st.lists(st.integers(0, 1000), min_size=len(counts), max_size=len(counts)))
    columns = np.array(counts, np.int64), np.array(starts, np.int64)
    assert ranges.owners(columns[0]).tolist() == [owner for owner, count in enumerate(counts) for _ in range(count)]
    assert ranges.ordinals(columns[0]).tolist() == [nth for count in counts for nth in range(count)]
    assert ranges.offsets(columns[0]).tolist() == [sum(counts[:owner]) for owner in range(len(counts) + 1)]
    expected = [row for start, count in zip(starts, counts, strict=True) for row in range(start, start + count)]
    assert ranges.rows(columns[1], columns[0]).tolist() == expected


@pytest.mark.parametrize("function", [ranges.offsets, ranges.owners, ranges.ordinals])
def test_numbers_are_int64_whatever_the_counts_are(function):
    """Counts may come as the int32 or uint8 they are stored in; 300 rows of one owner are counted all the same."""
    for kind in (np.int64, np.int32, np.uint8):
        assert function(np.array([200, 100], kind)).dtype == np.int64
    assert ranges.offsets(np.array([200, 100], np.uint8)).tolist() == [0, 200, 300]
    assert function(np.zeros(0, np.int64)).dtype == np.int64


@given(st.lists(st.integers(-3, 3), max_size=20))
def test_how_often_a_value_has_stood_before(values):
    expected = [values[:place].count(value) for place, value in enumerate(values)]
    assert ranges.earlier(np.array(values, np.int64)).tolist() == expected
    assert ranges.earlier(np.array([str(value) for value in values], str)).tolist() == expected
