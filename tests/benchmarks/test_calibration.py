"""Calibration: a curve lies where the odds are even, and what cannot be told does not move it."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import calibration

NEAR, FAR = np.random.default_rng(0).normal([[0.4], [0.6]], 0.1, (2, 4000))
EVEN = np.full(4000, 1 / 4000)


@pytest.mark.parametrize("prior", [0.5, 0.1])
def test_a_curve_is_that_of_two_normal_distributions(prior):
    """Of N(.4, .1) and N(.6, .1) the log odds are (.5 - d) .2 / .01, and a prior moves them."""
    curve = calibration.fitted_curve(NEAR, FAR, EVEN, prior=prior)
    assert curve.width == pytest.approx(0.05, rel=0.15)
    assert curve.middle == pytest.approx(0.5 + 0.05 * np.log(prior / (1 - prior)), abs=0.02)


def test_what_lies_among_the_others_does_not_move_it():
    curves = [
        calibration.fitted_curve(near, FAR, EVEN, prior=0.01)
        for near in (NEAR, np.concatenate([NEAR, np.full(2000, 0.7)]))
    ]
    assert curves[0] == curves[1]
