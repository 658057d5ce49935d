"""The nearest bar of a seed, against every bar of it looked at one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.originality.nearness import nearest_bars

points = st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=8)


@given(written=points, seed=points)
def test_the_nearest_is_found_and_of_equally_near_ones_the_first(written, seed):
    nearest, distance = nearest_bars(np.array(written, np.float32), np.array(seed, np.float32))
    for number, (x, y) in enumerate(written):
        distances = [((x - a) ** 2 + (y - b) ** 2) ** 0.5 for a, b in seed]
        assert nearest[number] == distances.index(min(distances))
        assert abs(distance[number] - min(distances)) < 1e-6


def test_nothing_written_is_near_nothing():
    nearest, distance = nearest_bars(np.zeros((0, 2), np.float32), np.ones((3, 2), np.float32))
    assert len(nearest) == len(distance) == 0
