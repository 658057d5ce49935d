"""What training leaves behind: embeddings with the coordinates of the prior, and a decoder that still reads them."""

import numpy as np
import pieces
import pytest
import tiny
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.sampling import distinct, windows_of
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.finishing import CELLS_A_COORDINATE
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import EmbedderTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("standardising"), count=10)


def trained(corpus, folder, **changed):
    settings = {"model": tiny.PIANOROLL, "pairs": 16, "batches": 3, "warmup": 1, **changed}
    return Embedder.of(train_embedder(TrainingData(corpus), EmbedderTraining(**settings), RunPlan(folder)))


def cells_of(corpus):
    return distinct(corpus.cells, windows_of(corpus, corpus.cells, split="train"))


def test_coordinates_of_training_cells_have_mean_0_and_variance_1(corpus, tmp_path):
    cells = cells_of(corpus)
    assert len(cells) >= CELLS_A_COORDINATE * tiny.PIANOROLL.dim
    embedder = trained(corpus, tmp_path)
    vectors = embedder.embed_windows(corpus.cells.windows(cells))
    np.testing.assert_allclose(vectors.mean(axis=0), 0, atol=0.02)
    np.testing.assert_allclose(vectors.std(axis=0), 1, atol=0.05)
    ours, theirs = embedder.encoder.trunk.standard, embedder.decoder.standard
    assert torch.equal(ours.mean, theirs.mean)
    assert torch.equal(ours.deviation, theirs.deviation)


@pytest.mark.parametrize("changed", [{"prior": "none"}, {"model": tiny.PIANOROLL.model_copy(update={"dim": 512})}])
def test_without_a_prior_or_with_too_few_cells_points_stay_as_they_are(corpus, tmp_path, changed):
    standard = trained(corpus, tmp_path, **changed).encoder.trunk.standard
    assert not standard.mean.any()
    assert (standard.deviation == 1).all()
