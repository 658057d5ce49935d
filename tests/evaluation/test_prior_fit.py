"""The fit to the prior: distances against loops, and models that fit well, and not at all."""

import math
from dataclasses import replace

import numpy as np
import pieces
import pytest
from evaluation.models import Embedding

from symbolic_embed.embedding.prior_map import PriorMap
from symbolic_embed.evaluation.prior_fit import (
    AREA,
    NEAREST,
    SEEN,
    draws_of,
    energy_distance,
    mean_kolmogorov_smirnov,
    nearest_area,
    prior_fit_rows,
    prior_of,
)
from symbolic_embed.evaluation.subject import Subject


def test_the_energy_distance_in_the_head_and_in_loops():
    """A point at 0 and one at 3: 2 * 3 - 0 - 0. A sample and itself: 0."""
    assert energy_distance(np.array([[0.0]]), np.array([[3.0]])) == 6
    random = np.random.default_rng(0)
    first, second = random.normal(size=(4, 2)), random.normal(size=(3, 2))

    def mean(a, b):
        return sum(math.dist(x, y) for x in a for y in b) / (len(a) * len(b))

    expected = 2 * mean(first, second) - mean(first, first) - mean(second, second)
    assert energy_distance(first, second) == pytest.approx(expected)
    assert energy_distance(first, first) == pytest.approx(0, abs=1e-12)


def test_kolmogorov_smirnov_in_the_head():
    """All at 0: the step from 0 to 1 is half a unit from the middle of a symmetrical law. All far out: one unit."""
    for prior in ("gaussian", "uniform"):
        assert mean_kolmogorov_smirnov(np.zeros((5, 1)), prior) == pytest.approx(0.5)
        assert mean_kolmogorov_smirnov(np.array([[0.0, 99.0]]), prior) == pytest.approx(0.75)


@pytest.mark.parametrize("prior", ["gaussian", "uniform"])
def test_draws_have_variance_1_and_lie_on_the_sphere_where_asked(prior):
    draws = draws_of(prior, (5000, 4), np.random.default_rng(0))
    assert np.cov(draws, rowvar=False) == pytest.approx(np.eye(4), abs=0.08)
    on_sphere = draws_of(prior, (50, 4), np.random.default_rng(0), on_sphere=True)
    assert np.linalg.norm(on_sphere, axis=1) == pytest.approx(np.full(50, 2.0))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("prior"), count=14, bars=10)


def rows_of(corpus, function, **settings):
    embedder = Embedding(function, card={"training": {"settings": settings}})
    return {(row.who, row.measure): row.value for row in prior_fit_rows(Subject(embedder, corpus, "train"), count=400)}


@pytest.mark.parametrize("prior", ["gaussian", "uniform"])
def test_who_embeds_as_the_prior_draws_is_as_near_as_draws(corpus, prior):
    random = np.random.default_rng(5)
    rows = rows_of(corpus, lambda windows: draws_of(prior, (len(windows), 16), random, on_sphere=True), prior=prior)
    draws = f"two samples of {prior} draws"
    assert rows["model", "energy distance"] < 3 * rows[draws, "energy distance"]
    assert rows["model", "mean Kolmogorov-Smirnov"] < 2 * rows[draws, "mean Kolmogorov-Smirnov"]
    assert rows["model", AREA] == pytest.approx(0.5, abs=0.15)
    assert rows[draws, AREA] == pytest.approx(0.5, abs=0.15)


def test_who_has_collapsed_is_found_out(corpus):
    rows = rows_of(corpus, lambda windows: np.full((len(windows), 16), 1.0), prior="none")
    draws = "two samples of gaussian draws"
    assert rows["model", "energy distance"] > 10 * rows[draws, "energy distance"]
    assert rows["model", "mean Kolmogorov-Smirnov"] > 0.8
    assert rows["model", AREA] > 0.99


def test_which_prior_a_model_is_held_to():
    cards = {"uniform": "uniform", "kl": "gaussian", "none": "gaussian", "gaussian": "gaussian"}
    for said, expected in cards.items():
        assert prior_of(Embedding(None, card={"training": {"settings": {"prior": said}}})) == expected
    assert prior_of(Embedding(None)) == "gaussian"


def test_cells_that_were_trained_on_are_told_apart_from_the_unseen(corpus):
    """Here what was trained on lies as the prior does, and what was not in one place."""
    splits = [replace(piece, split="valid" if number % 2 else "train") for number, piece in enumerate(corpus.pieces)]
    halves = replace(corpus, pieces=tuple(splits))
    piece_of = dict(zip(corpus.cells.content.tolist(), corpus.cells.piece.tolist(), strict=True))
    random = np.random.default_rng(5)

    def embed(windows):
        unseen = np.array([piece_of[content] % 2 for content in windows.content_hashes().tolist()], bool)
        points = draws_of("gaussian", (len(windows), 16), random, on_sphere=True)
        return np.where(unseen[:, None], 1.0, points)

    rows = {
        (row.who, row.measure): row.value
        for row in prior_fit_rows(Subject(Embedding(embed), halves, "valid"), count=400)
    }
    draws = rows["two samples of gaussian draws", "energy distance"]
    assert rows[SEEN, "energy distance"] < 3 * draws
    assert rows["model", "energy distance"] > 10 * draws
    assert rows[f"{SEEN}, from the unseen", "energy distance"] > 10 * draws
    assert not any(who.startswith(SEEN) for who, _ in rows_of(corpus, embed))


def test_what_lies_in_clumps_is_told_by_its_nearest_neighbour_in_the_head():
    """Pairs one apart, and draws two and more from all of them; or as many nearer as farther."""
    pairs = np.array([[0.0], [1.0], [10.0], [11.0]])
    assert nearest_area(pairs, np.array([[3.0], [8.0], [20.0]])) == 1
    assert nearest_area(pairs, np.array([[0.5], [8.0]])) == 0.5
    assert nearest_area(pairs, pairs) == 0


def test_through_the_map_the_model_is_asked_again(corpus):
    """Points that lean, in which pairs lie side by side: the map undoes the one, and nothing undoes the other."""
    random = np.random.default_rng(5)
    mixing = np.random.default_rng(9).standard_normal((16, 16)) / 3 + np.eye(16)

    def embed(windows):
        points = random.standard_normal((-(-len(windows) // 2), 16)) @ mixing + 0.4
        points = np.repeat(points, 2, axis=0)[: len(windows)] + 1e-3 * random.standard_normal((len(windows), 16))
        return points * 4 / np.linalg.norm(points, axis=1, keepdims=True)

    prior_map = PriorMap.fitted(embed(range(20_000)))
    rows = {
        (row.who, row.measure): row.value
        for row in prior_fit_rows(Subject(Embedding(embed, prior_map=prior_map), corpus, "train"), count=400)
    }
    draws = "two samples of gaussian draws"
    for measure in ("energy distance", "mean Kolmogorov-Smirnov"):
        assert rows["model", measure] > 1.8 * rows[draws, measure]
        assert rows["model, through the map", measure] < 1.8 * rows[draws, measure]
    assert rows["model, through the map", AREA] < rows["model", AREA] - 0.1
    for who in ("model", "model, through the map"):
        assert rows[who, NEAREST] > 0.99
    assert rows[draws, NEAREST] == pytest.approx(0.5, abs=0.1)
    assert not any("map" in who for who, _ in rows_of(corpus, embed))
