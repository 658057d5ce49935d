"""Arcs on the sphere, in the head: points on a circle, by their angle."""

import numpy as np
import pytest
import tiny

from symbolic_embed.embedding.sphere import slerp


def on_circle(*degrees):
    return tiny.circle(*degrees).numpy()


def test_a_share_of_the_arc_is_that_share_of_its_angle():
    assert slerp(on_circle(0), on_circle(60), 0.5) == pytest.approx(on_circle(30), abs=1e-6)
    assert slerp(on_circle(0), on_circle(60), 0.25) == pytest.approx(on_circle(15), abs=1e-6)
    assert slerp(on_circle(0) / 2, on_circle(90) / 2, 0.5) == pytest.approx(on_circle(45) / 2, abs=1e-6)


def test_each_row_may_have_its_own_share():
    shares = np.array([0, 0.1, 2 / 3, 1])
    found = slerp(on_circle(0, 0, 0, 0), on_circle(90, 100, 60, 30), shares)
    assert found == pytest.approx(on_circle(0, 10, 40, 30), abs=1e-6)


def test_from_a_point_to_itself_or_through_the_centre():
    assert slerp(on_circle(20), on_circle(20), 0.3) == pytest.approx(on_circle(20), abs=1e-6)
    assert slerp(on_circle(0), on_circle(180), 0.25) == pytest.approx(on_circle(0) / 2, abs=1e-6)
