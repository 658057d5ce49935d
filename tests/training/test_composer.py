"""Training a composer: a run that gives a checkpoint with both parts, and a card that says who was trained on what."""

import numpy as np
import pieces
import pytest
import tiny
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError, TrainingError
from symbolic_embed.originality.fingerprint import FILE, fingerprint_of, load_fingerprint, save_fingerprint
from symbolic_embed.training.composer import train_composer
from symbolic_embed.training.composer_module import ComposerModule
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import ComposerTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("composer"))


@pytest.fixture(scope="module", params=[tiny.PIANOROLL, tiny.EVENTS], ids=lambda kind: kind.representation)
def checkpoint(request, tmp_path_factory):
    return tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder"), request.param)


def chosen(**settings):
    small = {"composer": {"hidden": 12, "width": 8, "heads": 2}, "pieces": 3, "windows": (3, 4), "parts": 3}
    return ComposerTraining(**{**small, "batches": 4, "warmup": 2, "averaging": 0.5, "round_batches": 2, **settings})


def trained(corpus, folder, *, checkpoint, settings=None, **plan):
    return train_composer(TrainingData(corpus), settings or chosen(), RunPlan(folder, **plan), checkpoint=checkpoint)


def test_a_run_writes_a_checkpoint_with_both(corpus, checkpoint, tmp_path):
    made = trained(corpus, tmp_path / "one", checkpoint=checkpoint)
    opened = open_checkpoint(tmp_path / "one")
    assert opened.holds("embedder")
    assert opened.holds("composer")
    assert opened.card["weights"]["embedder"] == checkpoint.card["weights"]["embedder"]
    assert opened.card["composer"] == chosen().composer.model_dump()
    assert (opened.card["composer_training"]["batches"], opened.card["composer_training"]["ended"]) == (
        4,
        "budget spent",
    )
    again = trained(corpus, tmp_path / "two", checkpoint=checkpoint)
    assert again.hash == made.hash
    other = trained(corpus, tmp_path / "three", checkpoint=checkpoint, settings=chosen(seed=1))
    assert other.hash != made.hash


def with_fingerprint(folder, *, trained_on):
    """A checkpoint with a fingerprint of three runs, whose card names the hash of its training split."""
    opened = tiny.embedder_checkpoint(folder)
    content, said = save_fingerprint(fingerprint_of([np.arange(3, dtype=np.uint64)]))
    card = {**opened.card, "fingerprint": said, "training": {"splits": {"train": trained_on}}}
    return rewrite_card(opened, card, beside={FILE: content})


def test_the_fingerprint_goes_with_a_composer_of_the_same_data_and_with_no_other(corpus, tmp_path):
    same = with_fingerprint(tmp_path / "same", trained_on=corpus.split_hash("train"))
    made = trained(corpus, tmp_path / "one", checkpoint=same, settings=chosen(batches=1))
    assert load_fingerprint(made.folder, made.card).runs == 3
    assert made.card["weights"]["embedder"] == same.card["weights"]["embedder"]  # which hashes of bars depend on
    other = with_fingerprint(tmp_path / "other", trained_on="elsewhere")
    made = trained(corpus, tmp_path / "two", checkpoint=other, settings=chosen(batches=1))
    assert "fingerprint" not in made.card
    assert not (made.folder / FILE).exists()


def test_a_fingerprint_that_is_missing_is_said_before_training(corpus, tmp_path):
    lost = with_fingerprint(tmp_path / "lost", trained_on=corpus.split_hash("train"))
    (lost.folder / FILE).unlink()
    with pytest.raises(CheckpointError, match=r"lost/fingerprint.safetensors: cannot be read"):
        trained(corpus, tmp_path / "made", checkpoint=lost)
    assert not (tmp_path / "made").exists()


def test_an_interrupted_run_goes_on_as_if_nothing_had_been(corpus, checkpoint, tmp_path, monkeypatch):
    whole = trained(corpus, tmp_path / "whole", checkpoint=checkpoint)
    really = ComposerModule.training_step

    def step(module, batch, index):
        if module.batches_done == 2:
            raise KeyboardInterrupt
        return really(module, batch, index)

    monkeypatch.setattr(ComposerModule, "training_step", step)
    with pytest.raises(KeyboardInterrupt):
        trained(corpus, tmp_path / "parts", checkpoint=checkpoint)
    monkeypatch.undo()
    assert open_checkpoint(tmp_path / "parts").card["composer_training"]["ended"] == "interrupted"
    resumed = trained(corpus, tmp_path / "parts", checkpoint=checkpoint, resume=True)
    assert resumed.hash == whole.hash


def test_a_loss_that_is_no_number_stops_the_run(corpus, checkpoint, tmp_path, monkeypatch):
    really = ComposerModule.losses
    spoilt = lambda *arguments: {name: loss * torch.nan for name, loss in really(*arguments).items()}  # noqa: E731
    monkeypatch.setattr(ComposerModule, "losses", spoilt)
    with pytest.raises(TrainingError, match="the loss became nan in batch 0"):
        trained(corpus, tmp_path, checkpoint=checkpoint)
    assert not (tmp_path / "card.json").exists()


def test_a_composer_starts_from_another_and_keeps_its_decoder_where_the_embedder_is_the_same_or_goes_on_from_it(
    corpus, checkpoint, tmp_path
):
    first = trained(corpus, tmp_path / "first", checkpoint=checkpoint)
    still = chosen(batches=1, learning_rate=1e-9, seed=5)
    again = trained(corpus, tmp_path / "again", checkpoint=first, settings=still, start=first)
    assert again.card["composer_training"]["started_from"]["checkpoint"] == first.hash
    before, after = first.weights("composer"), again.weights("composer")
    assert all(torch.allclose(before[name], after[name], atol=1e-3) for name in before)
    other = tiny.embedder_checkpoint(tmp_path / "other", Embedder.of(checkpoint).settings, seed=9)
    moved = trained(corpus, tmp_path / "moved", checkpoint=other, settings=still, start=first)
    after, decoder = moved.weights("composer"), other.weights("embedder")
    for name in before:
        expected = decoder[name] if name.startswith("decoder.") else before[name]
        assert torch.allclose(expected, after[name], atol=1e-3), name
    near = rewrite_card(other, {**other.card, "training": {"started_from": {"checkpoint": first.hash}}})
    kept = trained(corpus, tmp_path / "kept", checkpoint=near, settings=still, start=first).weights("composer")
    assert all(torch.allclose(before[name], kept[name], atol=1e-3) for name in before)
    larger = chosen(batches=1, composer={"hidden": 16, "width": 8, "heads": 2})
    with pytest.raises(CheckpointError, match="its composer is of another size"):
        trained(corpus, tmp_path / "larger", checkpoint=first, settings=larger, start=first)
