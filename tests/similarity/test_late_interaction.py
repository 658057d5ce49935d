"""Late interaction: the fast version against four loops, and what its docstring promises."""

import naive
import numpy as np
import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from symbolic_embed.similarity import late_interaction
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness


def bars(*, least=1, most=7):
    """Some bars of three coordinates, on half numbers: near ties and equal bars are common."""
    values = st.integers(-8, 8).filter(bool).map(lambda number: number / 2)
    return st.integers(least, most).flatmap(lambda count: arrays(np.float32, (count, 3), elements=values))


def distance(query, piece, likeness):
    points = [likeness.points(bars, model=tiny.PIANOROLL) for bars in (query, piece)]
    return float(nearest_bars(points[0][None], [points[1]]).distances(likeness)[0, 0])


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@given(query=st.lists(bars(least=3, most=3), min_size=1, max_size=3), pieces=st.lists(bars(), min_size=1, max_size=5))
def test_equals_four_loops(metric, query, pieces):
    likeness = Likeness(metric=metric)
    versions = likeness.points(np.stack(query), model=tiny.PIANOROLL)
    others = [likeness.points(piece, model=tiny.PIANOROLL) for piece in pieces]
    expected = [[naive.late_interaction(a.tolist(), b.tolist(), metric=metric) for b in pieces] for a in query]
    assert nearest_bars(versions, others).distances(likeness) == pytest.approx(np.array(expected), abs=2e-6)


@given(st.lists(bars(least=4, most=4), min_size=1, max_size=3), st.lists(bars(), min_size=1, max_size=6))
def test_tiles_of_any_size_say_the_same(query, pieces):
    whole = nearest_bars(np.stack(query), pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(late_interaction, "TILE", 6)
        patch.setattr(late_interaction, "COLUMNS", 4)
        tiled = nearest_bars(np.stack(query), pieces)
    assert np.allclose(whole.to_pieces, tiled.to_pieces)
    assert np.allclose(whole.to_query, tiled.to_query)
    assert whole.starts.tolist() == tiled.starts.tolist()


@given(bars(), bars())
def test_is_the_same_from_either_side(a, b):
    assert distance(a, b, Likeness()) == pytest.approx(distance(b, a, Likeness()), abs=1e-6)


@given(bars(), st.randoms(use_true_random=False))
def test_is_0_for_the_same_bars_in_any_order_and_however_often(piece, random):
    again = [*range(len(piece)), *random.choices(range(len(piece)), k=3)]
    random.shuffle(again)
    assert distance(piece, piece[again], Likeness()) == 0


def test_an_answer_for_the_head():
    """Bars at 0 and 90 degrees against one at 30: there 1 - cos 30 and 1 - cos 60, back 1 - cos 30."""
    likeness = Likeness(metric="cosine")
    at = tiny.circle(0, 90, 30).numpy().astype(np.float32)
    there, back = (0.133975 + 0.5) / 2, 0.133975
    assert distance(at[:2], at[2:], likeness) == pytest.approx((there + back) / 2, abs=1e-5)
