"""The module in which a composer learns: what it is conditioned on, what learns, each weight applied once."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
import tiny
import torch

from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.training.composer_batches import ComposerBatches
from symbolic_embed.training.composer_module import COPYING_RATE, DECODER_RATE, ComposerModule, at_sources
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
    return ComposerModule(chosen(), embedder), batches


def test_the_composer_and_its_decoder_learn_and_the_encoder_does_not(checkpoint, tmp_path):
    """From bars that return, once the gates of what is copied are no longer shut."""
    module, batches = module_and_batches(pieces.band_corpus(tmp_path, bars=4, returning=True), checkpoint)
    for name, weights in module.networks.copying.named_parameters():
        if "gates" in name:
            torch.nn.init.normal_(weights, std=0.1)
    module.losses(batches.batch(0))["phase_one"].backward()
    assert tiny.without_gradient(module.networks) == []
    assert all(torch.isfinite(weights.grad).all() for weights in module.networks.parameters())
    assert all(weights.grad is None for weights in module.encoder.parameters())


def test_the_decoders_copy_learns_more_slowly_than_the_composer(corpus, checkpoint):
    module, _ = module_and_batches(corpus, checkpoint)
    groups = module.configure_optimizers().param_groups
    assert [group["share"] for group in groups] == [1.0, DECODER_RATE, 1.0, COPYING_RATE] == [1.0, 0.3, 1.0, 3.0]
    networks = (getattr(module.networks, name) for name in ("composer", "decoder", "plan", "copying"))
    for group, network in zip(groups, networks, strict=True):
        assert {id(weights) for weights in group["params"]} == {id(weights) for weights in network.parameters()}


def test_what_the_composer_is_conditioned_on(corpus, checkpoint, monkeypatch):
    """Of each part and step: the embedding of its cell before, of the bar before, and of what the parts before it do
    now, all three recomputed from the windows that were drawn, without transposing."""
    monkeypatch.setattr("symbolic_embed.training.composer_batches.TRANSPOSITIONS", np.array([0]))
    module, batches = module_and_batches(corpus, checkpoint)
    drawn = []
    really = batches.sampler.draw
    batches.sampler.draw = lambda **options: drawn.append(really(**options)) or drawn[-1]
    monkeypatch.setattr("symbolic_embed.training.composer_batches.DOUBLED", 0.0)
    batch = batches.batch(1)
    whole, context = module.context(batch)
    (passages,) = drawn
    embedder = Embedder.of(checkpoint)
    lengths = passages.length[passages.piece].ravel()  # of a rest, too
    asked = replace(corpus.cells.windows(passages.cells.ravel()), steps=lengths)
    cells = embedder.embed_windows(asked).reshape(*passages.cells.shape, -1)
    np.testing.assert_allclose(context.last_cell, cells[:, :-1], atol=1e-4)
    asked = replace(corpus.bars.windows(passages.bars.ravel()), steps=passages.length.ravel())
    bars = embedder.embed_windows(asked).reshape(*passages.bars.shape, -1)
    np.testing.assert_allclose(context.last_bar, bars[passages.piece, :-1], atol=1e-4)
    np.testing.assert_allclose(whole, bars, atol=1e-4)
    for part, piece in enumerate(passages.piece):
        for step, source in enumerate(batch.plan.sources[piece].tolist()):
            expected = (
                (0 * cells[part, 0], 0 * bars[piece, 0]) if source < 0 else (cells[part, source], bars[piece, source])
            )
            np.testing.assert_allclose(context.source_cell[part, step], expected[0], atol=1e-4)
            np.testing.assert_allclose(context.source_bar[part, step], expected[1], atol=1e-4)
    assert torch.equal(context.chords, batch.plan.chords[passages.piece, 1:])
    assert torch.equal(context.places, batch.places[passages.piece])
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


def test_each_weight_is_applied_once(corpus, checkpoint):
    module, batches = module_and_batches(corpus, checkpoint)
    losses = {name: float(loss.detach()) for name, loss in module.losses(batches.batch(0)).items()}
    total = losses["onset"] + losses["pitch"] + losses["length"] + 0.5 * losses["returning"]
    total += 0.3 * (losses["source"] + losses["chord"] + losses["plays"])
    assert losses["phase_one"] == pytest.approx(total, rel=1e-5)


def test_vectors_are_those_at_the_sources_and_nought_where_there_is_none():
    vectors = torch.arange(12.0).reshape(1, 4, 3)
    assert at_sources(vectors, torch.tensor([[2, -1, 0]])).tolist() == [[[6, 7, 8], [0, 0, 0], [0, 1, 2]]]
