"""Training an embedder: a checkpoint that embeds and decodes, the same from the same seed, and a card that says how."""

import numpy as np
import pieces
import pytest
import tiny
from runs import chosen, curves, same_weights, trained

from symbolic_embed.bars import ROLES, bar_windows, cut
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CorpusError
from symbolic_embed.score import read
from symbolic_embed.training.settings import EmbedderTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("embedder"))


@pytest.fixture(scope="module")
def finished(corpus, tmp_path_factory):
    return trained(corpus, tmp_path_factory.mktemp("finished"))


def test_a_run_writes_a_checkpoint_that_embeds_and_decodes(corpus, finished):
    embedder = Embedder.load(finished.folder)
    barred = cut(read(corpus.pieces[0].path))
    vectors = embedder.embed_bars(barred)
    assert vectors.shape == (6, 16)
    assert np.isfinite(vectors).all()
    steps = bar_windows(barred).steps
    assert len(embedder.decode(vectors, DecodingRules(steps, np.zeros(6, bool)))) == 6


def test_the_card_says_what_was_done(corpus, finished):
    card = finished.card
    assert card["model"] == tiny.PIANOROLL.model_dump()
    record = card["training"]
    assert (record["batches"], record["ended"]) == (6, "budget spent")
    assert EmbedderTraining(**record["settings"]) == chosen()
    assert record["pieces"] == {"even": 2, "odd": 1}
    assert record["prepared"] == corpus.stamp
    assert record["splits"] == {split: corpus.split_hash(split) for split in ("train", "valid", "test")}
    for role in ROLES:
        quantiles = card["cell_distance_quantiles"][role]
        assert len(quantiles) == 101
        assert quantiles == sorted(quantiles)
        assert 0 < quantiles[-1] <= 2 * 16**0.5 + 1e-3  # no two points of the sphere are further apart


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(corpus, finished, tmp_path):
    again, other = trained(corpus, tmp_path / "again"), trained(corpus, tmp_path / "other", seed=1)
    assert again.hash == finished.hash
    assert same_weights(again, finished)
    assert not same_weights(other, finished)


@pytest.mark.parametrize(
    "settings",
    [
        {"objective": "adjacency"},
        {"similarity": "cosine"},
        {"prior": "uniform"},
        {"prior": "none"},
        {"model": tiny.EVENTS},
        {"bar_share": 0.0},
    ],
    ids=str,
)
def test_every_kind_of_run_trains_and_embeds(corpus, tmp_path, settings):
    checkpoint = trained(corpus, tmp_path, batches=4, **settings)
    assert checkpoint.card["training"]["batches"] == 4
    vectors = Embedder.of(checkpoint).embed_bars(cut(read(corpus.pieces[0].path)))
    np.testing.assert_allclose(np.square(vectors).sum(axis=1), 16, rtol=1e-4)


def test_training_learns(corpus, tmp_path):
    """Forty batches of the same few bars: the loss falls by a quarter."""
    trained(corpus, tmp_path, batches=40, round_batches=10, prior="none", learning_rate=1e-2)
    losses = [float(row["phase_one"]) for row in curves(tmp_path)]
    assert losses[-1] < 0.75 * losses[0]


def test_too_little_music_is_refused(tmp_path):
    corpus = pieces.band_corpus(tmp_path, count=4, bars=1)
    with pytest.raises(CorpusError, match="no two adjacent bars with notes in the train split"):
        trained(corpus, tmp_path / "model")
