"""Pieces in a plane: the same places each time, whatever there is, and others where they belong."""

import sys

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import UsageError
from symbolic_embed.library.building import featured
from symbolic_embed.library.plane import FEWEST, Principal, needs_of, plane_of, vector_of

LINE = np.outer(np.arange(6.0), [3.0, 4.0, 0.0])  # 5 apart
CLOUDS = np.random.default_rng(1).normal(size=(40, 6)) + np.repeat(np.eye(6)[:2] * 20, 20, axis=0)


def test_what_differs_most_is_seen_first():
    places = Principal(LINE).places
    assert np.abs(np.diff(places[:, 0])) == pytest.approx(np.full(5, 5.0), abs=1e-4)
    assert places[:, 1] == pytest.approx(np.zeros(6), abs=1e-4)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_few_pieces_and_equal_ones_have_places(count, method):
    for vectors in (np.ones((count, 5)), np.eye(5)[:count]):
        plane = plane_of(vectors, method=method, random_seed=0)
        assert plane.places.shape == (count, 2)
        assert np.isfinite(plane.places).all()
        assert plane.place(np.eye(5)[:1]).shape == (1, 2)


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_places_are_the_same_each_time_and_clouds_stay_apart(method):
    first, second = (plane_of(CLOUDS, method=method, random_seed=3) for _ in range(2))
    assert np.array_equal(first.places, second.places)
    near, far = first.places[:20], first.places[20:]
    assert np.linalg.norm(near.mean(0) - far.mean(0)) > 2 * np.linalg.norm(near - near.mean(0), axis=1).mean()
    assert np.linalg.norm(first.place(CLOUDS[:1])[0] - near.mean(0)) < np.linalg.norm(
        first.place(CLOUDS[:1])[0] - far.mean(0)
    )


def test_others_come_to_lie_where_the_same_pieces_do():
    plane = plane_of(CLOUDS, method="pca", random_seed=0)
    assert np.array_equal(plane.place(CLOUDS), plane.places)


def test_without_open_tsne_the_way_out_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(UsageError, match=r"install symbolic-embed\[map\]"):
        plane_of(CLOUDS, method="tsne", random_seed=0)
    assert len(plane_of(CLOUDS[: FEWEST - 1], method="tsne", random_seed=0).places) == FEWEST - 1


def test_a_vector_has_passages_where_there_is_an_encoder(embedder, embedder_with_passages):
    for model, lengths in ((embedder, 1), (embedder_with_passages, 2)):
        (piece,) = featured([("a", cut(pieces.piece(1)))], model, needs_of(model))
        assert np.linalg.norm(vector_of(piece)) == pytest.approx(lengths**0.5)
