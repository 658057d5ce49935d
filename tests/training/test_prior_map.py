"""Fitting the map to the prior: in a run, added afterwards, and handed on to a composer."""

from __future__ import annotations

import numpy as np
import pieces
import pytest
import tiny

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.sampling import distinct, windows_of
from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.prior_map import FILE
from symbolic_embed.training import prior_map
from symbolic_embed.training.composer import train_composer
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.prior_map import CELLS_A_COORDINATE, add_prior_map
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import ComposerTraining, EmbedderTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    made = pieces.band_corpus(tmp_path_factory.mktemp("prior"), count=40, bars=10)
    assert len(cells_of(made)) >= CELLS_A_COORDINATE * tiny.PIANOROLL.dim
    return made


def cells_of(corpus):
    return distinct(corpus.cells, windows_of(corpus, corpus.cells, split="train"))


def assert_whitens(embedder, corpus):
    points = embedder.prior_map.points(embedder.embed_windows(corpus.cells.windows(cells_of(corpus))))
    np.testing.assert_allclose(np.cov(points, rowvar=False), np.eye(tiny.PIANOROLL.dim), atol=0.05)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.05)


def test_a_finished_embedder_has_a_map_and_its_composer_has_the_same(corpus, tmp_path):
    settings = EmbedderTraining(model=tiny.PIANOROLL, pairs=16, batches=3, warmup=1)
    made = train_embedder(TrainingData(corpus), settings, RunPlan(tmp_path / "embedder"))
    assert_whitens(Embedder.of(made), corpus)
    small = ComposerTraining(composer={"hidden": 12, "width": 8, "heads": 2}, pieces=3, windows=(3,), batches=1)
    both = train_composer(TrainingData(corpus), small, RunPlan(tmp_path / "both"), checkpoint=made)
    assert both.card["prior_map"] == made.card["prior_map"]
    assert (Embedder.of(both).prior_map.whitening == Embedder.of(made).prior_map.whitening).all()


def test_a_map_is_added_to_a_finished_checkpoint_whose_weights_stay(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(prior_map, "AT_ONCE", 100)  # several batches, the last one short
    before = tiny.embedder_checkpoint(tmp_path)
    weights = (tmp_path / "embedder.safetensors").read_bytes()
    steps = []
    made = add_prior_map(
        before, corpus, split="train", progress=lambda work, total, doing: steps.append((total, doing)) or work
    )
    assert made.card == open_checkpoint(tmp_path).card
    assert made.hash == before.hash
    assert (tmp_path / "embedder.safetensors").read_bytes() == weights
    assert made.card["prior_map"]["cells"] == len(cells_of(corpus))
    assert steps == [(-(-len(cells_of(corpus)) // 100), "embedding")]
    assert_whitens(Embedder.of(made), corpus)


@pytest.mark.parametrize("changed", [{"dim": 512}, {"bounded": False}])
def test_with_too_few_cells_or_anywhere_in_space_there_is_no_map(corpus, tmp_path, changed):
    before = tiny.embedder_checkpoint(tmp_path, tiny.PIANOROLL.model_copy(update=changed))
    assert add_prior_map(before, corpus, split="train") is None
    assert not (tmp_path / FILE).exists()
    assert open_checkpoint(tmp_path).card == before.card
