"""Training a composer: what it is conditioned on, what learns, and a run that gives a checkpoint with both."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
import tiny
import torch

from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card, write_durably
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError, TrainingError
from symbolic_embed.originality.fingerprint import FILE, fingerprint_of, load_fingerprint, save_fingerprint
from symbolic_embed.training.composer import train_composer
from symbolic_embed.training.composing import ComposingModule
from symbolic_embed.training.passages import ComposerBatches
from symbolic_embed.training.settings import ComposerTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("composing"))


@pytest.fixture(scope="module", params=[tiny.PIANOROLL, tiny.EVENTS], ids=lambda kind: kind.representation)
def checkpoint(request, tmp_path_factory):
    return tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder"), request.param)


def chosen(**settings):
    small = {"composer": {"hidden": 12, "width": 8, "heads": 2}, "pieces": 3, "windows": (3, 4), "parts": 3}
    return ComposerTraining(**{**small, "batches": 4, "warmup": 2, "averaging": 0.5, "round_batches": 2, **settings})


def module_and_batches(corpus, checkpoint):
    torch.manual_seed(0)
    embedder = Embedder.of(checkpoint)
    batches = ComposerBatches(
        PassageSampler(corpus, split="train"), settings=chosen(), representation=embedder.settings.representation
    )
    return ComposingModule(chosen(), embedder), batches


def test_the_composer_and_its_decoder_learn_and_the_encoder_does_not(corpus, checkpoint):
    module, batches = module_and_batches(corpus, checkpoint)
    module.losses(batches.batch(0))["phase_one"].backward()
    assert tiny.without_gradient(module.networks) == []
    assert all(torch.isfinite(weights.grad).all() for weights in module.networks.parameters())
    assert all(weights.grad is None for weights in module.encoder.parameters())


def test_what_the_composer_is_conditioned_on(corpus, checkpoint, monkeypatch):
    """Of each part and step: the embedding of its cell before, of the bar before, and of what the parts before it do
    now, all three recomputed from the windows that were drawn, without transposing."""
    monkeypatch.setattr("symbolic_embed.training.passages.TRANSPOSITIONS", np.array([0]))
    module, batches = module_and_batches(corpus, checkpoint)
    drawn = []
    really = batches.sampler.draw
    batches.sampler.draw = lambda **options: drawn.append(really(**options)) or drawn[-1]
    context = module.context(batches.batch(1))
    (passages,) = drawn
    embedder = Embedder.of(checkpoint)
    lengths = passages.length[passages.piece].ravel()  # of a rest, too
    asked = replace(corpus.cells.windows(passages.cells.ravel()), steps=lengths)
    cells = embedder.embed_windows(asked).reshape(*passages.cells.shape, -1)
    np.testing.assert_allclose(context.last_cell, cells[:, :-1], atol=1e-4)
    asked = replace(corpus.bars.windows(passages.bars.ravel()), steps=passages.length.ravel())
    bars = embedder.embed_windows(asked).reshape(*passages.bars.shape, -1)
    np.testing.assert_allclose(context.last_bar, bars[passages.piece, :-1], atol=1e-4)
    assert context.roles.tolist() == passages.role.tolist()
    parts = [passages.piece[:part].tolist().count(passages.piece[part]) for part in range(len(passages.piece))]
    assert not context.written[np.array(parts) == 0].any()
    second = [part for part, before in enumerate(parts) if before == 1]
    for part in second:  # what one part has written is that part's own cell
        alone = passages.cells[part - 1, 1:]
        expected = cells[part - 1, 1:]
        sounding = alone >= 0
        np.testing.assert_allclose(context.written[part][sounding], expected[sounding], atol=1e-4)
    assert second


def test_each_weight_is_applied_once_and_cells_of_the_same_notes_are_known(corpus, checkpoint):
    module, batches = module_and_batches(corpus, checkpoint)
    batch = batches.batch(0)
    losses = {name: float(loss.detach()) for name, loss in module.losses(batch).items()}
    total = losses["onset"] + losses["pitch"] + losses["length"] + 0.5 * losses["returning"]
    assert losses["phase_one"] == pytest.approx(total, rel=1e-5)
    notes = {}
    for windows, rows, counts in batch.targets:
        for window, row, count in zip(windows.tolist(), rows.tolist(), counts.tolist(), strict=True):
            notes[window] = row[:count]
    contents = batch.contents.flatten().tolist()
    assert sorted(notes) == list(range(len(contents)))
    for one, content in enumerate(contents):
        for other in range(one):
            assert content != contents[other] or notes[one] == notes[other]


def test_batches_follow_from_seed_and_number(corpus, checkpoint):
    _, batches = module_and_batches(corpus, checkpoint)
    one, same, other = (batches.batch(number) for number in (2, 2, 3))
    assert one.roles.tolist() == same.roles.tolist()
    assert all(torch.equal(a, b) for a, b in zip(one.cells, same.cells, strict=True))
    assert any(a.shape != b.shape or not torch.equal(a, b) for a, b in zip(one.cells, other.cells, strict=True))


def test_a_run_writes_a_checkpoint_with_both(corpus, checkpoint, tmp_path):
    made = train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path / "one")
    opened = open_checkpoint(tmp_path / "one")
    assert opened.holds("embedder")
    assert opened.holds("composer")
    assert opened.card["weights"]["embedder"] == checkpoint.card["weights"]["embedder"]
    assert opened.card["composer"] == chosen().composer.model_dump()
    assert (opened.card["composer_training"]["batches"], opened.card["composer_training"]["ended"]) == (
        4,
        "budget spent",
    )
    again = train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path / "two")
    assert again.hash == made.hash
    other = train_composer(corpus, checkpoint=checkpoint, settings=chosen(seed=1), folder=tmp_path / "three")
    assert other.hash != made.hash


def with_fingerprint(folder, *, trained_on):
    """A checkpoint with a fingerprint of three runs, whose card names the hash of its training split."""
    opened = tiny.embedder_checkpoint(folder)
    content, said = save_fingerprint(fingerprint_of([np.arange(3, dtype=np.uint64)]))
    write_durably(folder / FILE, content)
    return rewrite_card(opened, {**opened.card, "fingerprint": said, "training": {"splits": {"train": trained_on}}})


def test_the_fingerprint_goes_with_a_composer_of_the_same_data_and_with_no_other(corpus, tmp_path):
    same = with_fingerprint(tmp_path / "same", trained_on=corpus.split_hash("train"))
    made = train_composer(corpus, checkpoint=same, settings=chosen(batches=1), folder=tmp_path / "one")
    assert load_fingerprint(made.folder, made.card).runs == 3
    assert made.card["weights"]["embedder"] == same.card["weights"]["embedder"]  # which hashes of bars depend on
    other = with_fingerprint(tmp_path / "other", trained_on="elsewhere")
    made = train_composer(corpus, checkpoint=other, settings=chosen(batches=1), folder=tmp_path / "two")
    assert "fingerprint" not in made.card
    assert not (made.folder / FILE).exists()


def test_a_fingerprint_that_is_missing_is_said_before_training(corpus, tmp_path):
    lost = with_fingerprint(tmp_path / "lost", trained_on=corpus.split_hash("train"))
    (lost.folder / FILE).unlink()
    with pytest.raises(CheckpointError, match=r"lost/fingerprint.safetensors: cannot be read"):
        train_composer(corpus, checkpoint=lost, settings=chosen(), folder=tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_an_interrupted_run_goes_on_as_if_nothing_had_been(corpus, checkpoint, tmp_path, monkeypatch):
    whole = train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path / "whole")
    really = ComposingModule.training_step

    def step(module, batch, index):
        if module.batches_done == 2:
            raise KeyboardInterrupt
        return really(module, batch, index)

    monkeypatch.setattr(ComposingModule, "training_step", step)
    with pytest.raises(KeyboardInterrupt):
        train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path / "parts")
    monkeypatch.undo()
    assert open_checkpoint(tmp_path / "parts").card["composer_training"]["ended"] == "interrupted"
    resumed = train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path / "parts", resume=True)
    assert resumed.hash == whole.hash


def test_a_loss_that_is_no_number_stops_the_run(corpus, checkpoint, tmp_path, monkeypatch):
    really = ComposingModule.losses
    spoilt = lambda *arguments: {name: loss * torch.nan for name, loss in really(*arguments).items()}  # noqa: E731
    monkeypatch.setattr(ComposingModule, "losses", spoilt)
    with pytest.raises(TrainingError, match="the loss became nan in batch 0"):
        train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path)
    assert not (tmp_path / "card.json").exists()


def test_a_composer_starts_from_another_and_keeps_its_decoder_where_the_embedder_is_the_same(
    corpus, checkpoint, tmp_path
):
    first = train_composer(corpus, checkpoint=checkpoint, settings=chosen(), folder=tmp_path / "first")
    still = chosen(batches=1, learning_rate=1e-9, seed=5)
    again = train_composer(corpus, checkpoint=first, settings=still, folder=tmp_path / "again", start=first)
    assert again.card["composer_training"]["started_from"]["checkpoint"] == first.hash
    before, after = first.weights("composer"), again.weights("composer")
    assert all(torch.allclose(before[name], after[name], atol=1e-3) for name in before)
    other = tiny.embedder_checkpoint(tmp_path / "other", Embedder.of(checkpoint).settings, seed=9)
    moved = train_composer(corpus, checkpoint=other, settings=still, folder=tmp_path / "moved", start=first)
    after, decoder = moved.weights("composer"), other.weights("embedder")
    for name in before:
        expected = decoder[name] if name.startswith("decoder.") else before[name]
        assert torch.allclose(expected, after[name], atol=1e-3), name
    larger = chosen(batches=1, composer={"hidden": 16, "width": 8, "heads": 2})
    with pytest.raises(CheckpointError, match="its composer is of another size"):
        train_composer(corpus, checkpoint=first, settings=larger, folder=tmp_path / "larger", start=first)
