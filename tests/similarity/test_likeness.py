"""Distances of bars, on points whose angles a reader knows."""

import math

import numpy as np
import pytest
import tiny

from symbolic_embed.errors import SettingsError
from symbolic_embed.similarity.likeness import Likeness, squares

AT = tiny.circle(0, 60, 90, 180).numpy().astype(np.float32)  # radius sqrt(2)


def distances(likeness, embeddings):
    points = likeness.points(embeddings, model=tiny.PIANOROLL)
    return likeness.distances(squares(points, points))


def test_euclidean_is_the_chord():
    expected = [0, math.sqrt(2), 2, 2 * math.sqrt(2)]  # 2 r sin(angle / 2)
    assert distances(Likeness(), AT)[0] == pytest.approx(expected, abs=1e-6)


def test_cosine_is_one_minus_the_cosine_whatever_the_lengths():
    expected = [0, 0.5, 1, 2]
    assert distances(Likeness(metric="cosine"), AT)[0] == pytest.approx(expected, abs=1e-6)
    assert distances(Likeness(metric="cosine"), AT * [[1], [7], [0.1], [3]])[0] == pytest.approx(expected, abs=1e-6)


def test_context_counts_the_first_coordinates_only():
    bars = np.zeros((2, tiny.PIANOROLL.dim), np.float32)
    bars[1, tiny.PIANOROLL.context_dim :] = 5
    assert distances(Likeness(coordinates="context"), bars)[0, 1] == 0
    assert distances(Likeness(coordinates="all"), bars)[0, 1] > 0


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_what_differs_in_its_last_bits_is_the_same(metric):
    random = np.random.default_rng(0)
    bars = random.normal(size=(40, 256)).astype(np.float32)
    again = np.nextafter(bars, np.where(random.random(bars.shape) < 0.5, np.float32(np.inf), np.float32(-np.inf)))
    likeness = Likeness(metric=metric)
    points, others = (likeness.points(these, model=tiny.PIANOROLL) for these in (bars, again))
    found = likeness.distances(squares(points, others))
    assert (found.diagonal() == 0).all()
    assert (found[~np.eye(40, dtype=bool)] > 0.1).all()


def test_an_empty_vector_has_a_cosine_distance():
    assert np.isfinite(distances(Likeness(metric="cosine"), np.zeros((2, 16), np.float32))).all()


def test_a_misspelt_metric_is_refused():
    with pytest.raises(SettingsError, match=r"metric.*'manhattan'"):
        Likeness(metric="manhattan")
