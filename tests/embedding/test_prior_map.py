"""The map to the prior: what it promises of mean and covariance, that it loses nothing, and that nobody who ranks or
decodes sees it."""

from __future__ import annotations

import numpy as np
import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as some
from strategies import of_notes

from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.prior_map import FILE, PriorMap, load_prior_map, save_prior_map
from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.errors import CheckpointError

DIM = 16


def on_sphere(points):
    return points * np.sqrt(points.shape[1]) / np.linalg.norm(points, axis=1, keepdims=True)


def leaning(count=4000, *, seed=0, dim=DIM):
    """Points on the sphere that lean to one side, and whose coordinates hang together."""
    random = np.random.default_rng(seed)
    mixing = np.random.default_rng(9).standard_normal((dim, dim)) / 3 + np.eye(dim)
    return on_sphere(random.standard_normal((count, dim)) @ mixing + np.linspace(-0.5, 0.5, dim)).astype(np.float32)


@pytest.fixture(scope="module")
def fitted():
    return PriorMap.fitted(leaning())


def test_points_have_neither_mean_nor_correlation_and_lie_on_the_sphere(fitted):
    points = fitted.points(leaning())
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 4.0)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(np.cov(points, rowvar=False), np.eye(DIM), atol=0.01)
    unseen = fitted.points(leaning(seed=1))
    np.testing.assert_allclose(np.cov(unseen, rowvar=False), np.eye(DIM), atol=0.15)
    assert abs(np.cov(leaning(seed=1), rowvar=False) - np.eye(DIM)).max() > 0.4


@given(seed=some.integers(0, 2**32 - 1))
def test_there_and_back(fitted, seed):
    draws = np.random.default_rng(seed).standard_normal((5, DIM))
    embeddings = fitted.embeddings(draws)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 4.0, rtol=1e-6)
    np.testing.assert_allclose(fitted.points(embeddings), on_sphere(draws), atol=1e-5)
    np.testing.assert_allclose(fitted.embeddings(fitted.points(embeddings)), embeddings, atol=2e-6)


def test_in_the_plane_in_the_head():
    """The mean half-way to the top, coordinates alone: the embedding at the top is the point at the top, and the one at
    the right lies half the radius below the mean."""
    shifted = PriorMap(np.array([0.0, 0.5]) * 2**0.5, np.eye(2))
    embeddings = np.array([[0, 1], [1, 0]]) * 2**0.5
    points = np.array([[0, 1], np.array([1, -0.5]) / 1.25**0.5]) * 2**0.5
    np.testing.assert_allclose(shifted.points(embeddings), points)
    np.testing.assert_allclose(shifted.embeddings(points), embeddings, atol=1e-6)


def test_between_is_the_arc_between_points(fitted):
    first, second = leaning()[:20], leaning()[20:40]
    for share, expected in ((0.0, first), (1.0, second)):
        np.testing.assert_allclose(fitted.between(first, second, share), expected, atol=1e-5)
    middle = fitted.points(fitted.between(first, second, 0.5))
    np.testing.assert_allclose(middle, slerp(fitted.points(first), fitted.points(second), 0.5), atol=1e-4)
    assert abs(fitted.between(first, second, 0.5) - slerp(first, second, 0.5)).max() > 0.1


def with_map(folder, fitted, **entry):
    opened = tiny.embedder_checkpoint(folder)
    content, said = save_prior_map(fitted, embedder=opened.card["weights"]["embedder"], cells=4000)
    return rewrite_card(opened, {**opened.card, "prior_map": {**said, **entry}}, beside={FILE: content})


def test_a_map_beside_the_weights_is_the_one_that_was_saved_in_half_precision(tmp_path, fitted):
    checkpoint = with_map(tmp_path, fitted)
    assert checkpoint.card["prior_map"]["cells"] == 4000
    read = load_prior_map(tmp_path, checkpoint.card)
    assert (read.whitening == read.whitening.T).all()
    np.testing.assert_allclose(read.points(leaning()), fitted.points(leaning()), atol=0.03)
    np.testing.assert_allclose(read.embeddings(read.points(leaning())), leaning(), atol=2e-6)


def test_the_real_size_is_small():
    content, _ = save_prior_map(PriorMap(np.zeros(256), np.eye(256)), embedder="", cells=0)
    assert len(content) < 150_000


def test_embeddings_decoded_notes_and_the_hash_are_the_same_with_and_without(tmp_path, fitted):
    """To the last bit: the map is for draws."""
    plain, mapped = Embedder.of(tiny.embedder_checkpoint(tmp_path / "a")), Embedder.of(with_map(tmp_path / "b", fitted))
    assert plain.prior_map is None
    assert mapped.prior_map is not None
    assert plain.hash == mapped.hash
    windows = of_notes(*[[(0, 0, 40 + n, 3), (n, 0, 90, 3)] for n in range(20)])
    vectors = plain.embed_windows(windows)
    assert (mapped.embed_windows(windows) == vectors).all()
    rules = DecodingRules(np.full(20, 48), np.zeros(20, bool))
    written = [embedder.decode(vectors, rules).content_hashes() for embedder in (plain, mapped)]
    assert (written[0] == written[1]).all()


def refusal(folder, fitted, **entry):
    with pytest.raises(CheckpointError) as caught:
        load_prior_map(folder, with_map(folder, fitted, **entry).card)
    return str(caught.value)


def test_a_map_of_another_embedder_or_size_or_bytes_is_refused(tmp_path, fitted):
    path = tmp_path / FILE
    assert refusal(tmp_path, fitted, sha256="0" * 64).startswith(f"{path}: SHA-256 is ")
    said = refusal(tmp_path, fitted, embedder="e" * 64)
    assert said.startswith(f"{path}: fitted to another embedder (eeeeeeeeeeee, this one is ")
    assert said.endswith("write it anew with `train prior`")
    assert refusal(tmp_path, PriorMap.fitted(leaning(dim=8))).startswith(f"{path}: maps (8,) numbers, the model has 16")
    card = with_map(tmp_path, fitted).card
    path.unlink()
    with pytest.raises(CheckpointError, match=r"cannot be read .*though the card knows it; .* `train prior`"):
        load_prior_map(tmp_path, card)
    assert load_prior_map(tmp_path, tiny.embedder_checkpoint(tmp_path / "without").card) is None
    assert Embedder.of(open_checkpoint(tmp_path / "without")).prior_map is None
