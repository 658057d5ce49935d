"""The first of what was found: against sorting by similarity, then by row."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.library.stores.folder.flat import Found

similarities = st.sampled_from([-np.inf, -1.0, -0.5, -0.0, 0.0, 1e-30, 0.5, 1.0])
rows = st.one_of(st.just(-1), st.integers(0, (1 << 32) - 2))


@given(st.lists(st.tuples(rows, similarities), max_size=12), st.integers(1, 14))
def test_the_nearest_come_first_and_equally_near_ones_by_row(found, count):
    pairs = [(row, similarity if row >= 0 else -np.inf) for row, similarity in found]
    row, similarity = np.array(pairs, float).reshape(-1, 2).T
    best = Found(row.astype(np.int64)[None], similarity.astype(np.float32)[None]).best(count)
    there = sorted((-similarity, row) for row, similarity in pairs if row >= 0)
    first = [(row, -nearness) for nearness, row in there][:count]
    expected = first + [(-1, -np.inf)] * (count - len(first))
    got = list(zip(best.row[0].tolist(), best.similarity[0].tolist(), strict=True))
    assert [row for row, _ in got] == [row for row, _ in expected]
    assert np.allclose([near for _, near in got], [near for _, near in expected])
