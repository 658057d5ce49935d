"""Arrays as bytes come back to the last bit, and equal rows are kept once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from symbolic_embed.library.stores.buffers import DTYPES, joined, kept_once, narrow, parted, repeated, wide

SHAPES = arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
ANY = st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, SHAPES))


def same(one, other):
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


@given(st.lists(ANY, max_size=4))
def test_arrays_come_back(several):
    content = joined(several)
    assert len(content) % 8 == 0
    assert all(map(same, parted(memoryview(content)), several))


@given(arrays.arrays(np.int64, st.integers(0, 9)))
def test_numbers_come_back(numbers):
    assert same(wide(narrow(numbers)), numbers)


@pytest.mark.parametrize(("most", "bytes_each"), [(255, 1), (256, 2), (65_536, 4), (2**40, 8)])
def test_small_numbers_take_little(most, bytes_each):
    assert narrow(np.array([0, most])).itemsize == bytes_each


@given(arrays.arrays(np.float32, st.tuples(st.integers(0, 12), st.just(2)), elements=st.sampled_from([0.0, -0.0, 1.5])))
def test_rows_come_back(rows):
    assert same(repeated(*kept_once(rows)), rows)


def test_equal_rows_are_kept_once():
    different, which = kept_once(np.array([[1.0], [2.0], [1.0], [1.0]], np.float32))
    assert different.tolist() == [[1.0], [2.0]]
    assert which.tolist() == [0, 1, 0, 0]
    assert len(kept_once(np.array([[1.0], [2.0]], np.float32))[1]) == 0
