"""Local alignment beside several lines at once: against the table filled cell by cell."""

import naive
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.similarity.alignment import local_scores

lines = st.lists(st.integers(0, 3), min_size=1, max_size=9)


def walked(line, other):
    """What each place of `line` earns beside each of `other`, 1 for equal ones, else -1; leaving one out costs 1."""
    return ((np.where(np.array(other) == place, 1, -1), 1) for place in line)


@given(lines, st.lists(lines, min_size=1, max_size=4))
def test_scores_equal_the_table(line, others):
    starts = np.cumsum([0, *map(len, others[:-1])])
    together = [place for other in others for place in other]
    scores = local_scores(walked(line, together), gaps=np.ones(len(together), np.int64), starts=starts)
    assert scores.tolist() == [naive.local_alignment(line, other) for other in others]


def test_no_stretch_crosses_from_one_line_to_the_next():
    """1 2 3 4 is there, if one reads on from the first line to the second: each alone has two of the four."""
    scores = local_scores(
        walked([1, 2, 3, 4], [1, 2, 3, 4]), gaps=np.ones(4, np.int64), starts=np.array([0, 2], np.int64)
    )
    assert scores.tolist() == [2, 2]
