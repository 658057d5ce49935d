"""Training an anchor: the loss is the objective's on fair questions, and a run adds one part and touches no other."""

import numpy as np
import pieces
import pytest
import tiny
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.anchor import Anchor
from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import OutputError
from symbolic_embed.networks.anchor import AnchorContext
from symbolic_embed.training.anchor import train_anchor
from symbolic_embed.training.anchor_batches import AnchorBatches
from symbolic_embed.training.anchor_module import AnchorModule
from symbolic_embed.training.anchor_music import embedded_stretches
from symbolic_embed.training.parts import part_plan
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import AnchorTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("anchor"))


def chosen(**settings):
    small = {"anchor": {"width": 8, "heads": 2, "out": 6, "longest": 3}, "stretches": 12, "stretch_windows": 5}
    small |= {
        "pieces": 6,
        "batches": 4,
        "warmup": 2,
        "averaging": 0.5,
        "round_batches": 2,
        "precision": "float32",
        "dropout": 0.0,
    }
    return AnchorTraining(**{**small, **settings})


@pytest.fixture(scope="module")
def module_and_batch(corpus, tmp_path_factory):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder")))
    stretches = embedded_stretches(corpus, embedder, count=12, steps=5, random=np.random.default_rng(0))
    torch.manual_seed(0)
    module = AnchorModule(chosen(), dim=embedder.dim)
    with torch.no_grad():
        for weights in module.networks.parameters():
            weights.add_(0.1 * torch.randn(weights.shape))
    return module, AnchorBatches(stretches, settings=chosen()).batch(0)


def test_the_loss_is_the_objective_on_each_sequence_asked_by_itself(module_and_batch):
    module, batch = module_and_batch
    networks, cells = module.networks, batch.cells
    anchors, targets = [], []
    for row, part in enumerate(batch.asked_parts.tolist()):
        company = torch.zeros(4, networks.out + networks.width)
        for other in range(len(batch.piece)):
            if other != part and batch.piece[other] == batch.piece[part]:
                for step in range(4):
                    if batch.plays[other, step]:
                        company[step] += networks.member(batch.members[other, step], batch.roles[other])
        context = AnchorContext(
            own=cells.own[row : row + 1, :3],
            sounds=cells.sounds[row : row + 1, :3],
            whole=batch.bars.own[batch.piece[part], :3][None],
            whole_known=cells.conditions.whole_known[row].expand(1, 3),
            company=company[None],
            company_known=cells.conditions.company_known[row : row + 1],
            roles=batch.roles[part : part + 1],
        )
        for step in torch.argwhere(cells.at[row])[:, 0].tolist():
            anchors.append(networks(context)[0, step])
            targets.append(networks.targets(cells.own[row, step + 1]))
    wanted = module.of_cells(torch.stack(anchors), torch.stack(targets), ignored=cells.ignored)
    losses = module.losses(batch)
    torch.testing.assert_close(losses["cells"], wanted)
    torch.testing.assert_close(losses["phase_one"], wanted + 0.5 * losses["bars"])


def test_a_gradient_reaches_every_weight_and_nothing_asked_is_no_loss(module_and_batch):
    module, batch = module_and_batch
    module.losses(batch)["phase_one"].backward()
    assert tiny.without_gradient(module.networks) == ["rest"]  # the band never pauses
    assert module.of_cells.log_temperature.grad
    assert module.of_bars.log_temperature.grad
    silent = batch.bars._replace(at=torch.zeros_like(batch.bars.at), ignored=torch.zeros(0, 0, dtype=torch.bool))
    assert module.losses(batch._replace(bars=silent))["bars"] == 0.0


def trained(corpus, checkpoint, *, settings=None, **plan):
    planned = part_plan(checkpoint, RunPlan(checkpoint.folder, **plan), "anchor")
    return train_anchor(TrainingData(corpus), settings or chosen(), planned, checkpoint=checkpoint)


def test_a_run_adds_one_part_and_leaves_the_others_as_they_are(corpus, tmp_path):
    made = []
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        before = tiny.embedder_checkpoint(tmp_path / name)
        weights = (before.folder / "embedder.safetensors").read_bytes()
        made.append(trained(corpus, before, settings=chosen(seed=seed)))
        assert (before.folder / "embedder.safetensors").read_bytes() == weights
    one, two, three = made
    opened = open_checkpoint(tmp_path / "one")
    assert opened.card["weights"]["embedder"] == before.card["weights"]["embedder"]
    assert opened.card["anchor"] == chosen().anchor.model_dump()
    assert (opened.card["anchor_training"]["batches"], opened.card["anchor_training"]["ended"]) == (4, "budget spent")
    assert one.hash == two.hash != three.hash
    assert Anchor.of(opened).targets(np.ones((2, 16), np.float32)).shape == (2, 6)


def test_a_run_goes_on_as_if_it_had_not_stopped_and_is_not_begun_twice(corpus, tmp_path):
    whole = trained(corpus, tiny.embedder_checkpoint(tmp_path / "whole"))
    parts = tiny.embedder_checkpoint(tmp_path / "parts")
    half = trained(corpus, parts, session_minutes=1e-9)
    assert half.card["anchor_training"]["ended"] == "session over"
    with pytest.raises(OutputError, match=r"anchor/run: a run lies there already, nothing was done; `resume` goes on"):
        trained(corpus, half)
    again = half
    while again.card["anchor_training"]["ended"] == "session over":
        again = trained(corpus, again, resume=True, session_minutes=1e-9)
    assert again.card["anchor_training"]["batches"] == 4
    ours, theirs = again.weights("anchor"), whole.weights("anchor")
    for name, weights in ours.items():  # the rate falls by the share of the run that is over, which batches set here
        torch.testing.assert_close(weights, theirs[name], atol=1e-3, rtol=0)
