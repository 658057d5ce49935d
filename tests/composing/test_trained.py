"""The composer of a checkpoint: the saved one, or one line that says why not."""

import composers
import pytest
import tiny
import torch

from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card, write_checkpoint
from symbolic_embed.errors import CheckpointError, MissingComposerError


def test_a_loaded_composer_is_the_saved_one(tmp_path):
    saved = composers.composer_checkpoint(tmp_path).weights("composer")
    trained = TrainedComposer.load(tmp_path)
    for name in composers.COMPOSER_PARTS:
        network = getattr(trained, name)
        for key, value in network.state_dict().items():
            assert torch.equal(value, saved[f"{name}.{key}"])
        assert not network.training
        assert not any(weights.requires_grad for weights in network.parameters())


def test_an_embedder_alone_is_not_enough(tmp_path):
    with pytest.raises(MissingComposerError, match="holds an embedder but no composer"):
        TrainedComposer.of(tiny.embedder_checkpoint(tmp_path))


def test_a_composer_of_before_there_were_plans_is_refused_and_told_how_to_go_on(tmp_path):
    checkpoint = composers.composer_checkpoint(tmp_path / "new")
    weights = {name: value for name, value in checkpoint.weights("composer").items() if not name.startswith("plan.")}
    parts = {"embedder": checkpoint.weights("embedder"), "composer": weights}
    old = write_checkpoint(tmp_path / "old", parts=parts, card=checkpoint.card)
    with pytest.raises(CheckpointError) as caught:
        TrainedComposer.of(old)
    folder = tmp_path / "old"
    assert str(caught.value) == (
        f"{folder}: its composer makes no plan of a bar yet; train it on with this version: "
        f"`train composer --from {folder} --checkpoint {folder}`"
    )


@pytest.mark.parametrize(
    ("composer", "words"),
    [
        ({"hidden": 16, "width": 8, "heads": 2}, "size mismatch"),
        ({"hidden": 12, "width": 8, "heads": 2, "layers": 2}, "Missing key"),
        ({"hiden": 12}, "ComposerSettings has no setting `hiden`; did you mean `hidden`?"),
        ({"hidden": "many"}, "`hidden` must be a whole number"),
        (None, "composer"),
    ],
)
def test_a_card_that_describes_another_composer_is_refused_in_one_line(tmp_path, composer, words):
    checkpoint = composers.composer_checkpoint(tmp_path)
    card = {key: value for key, value in checkpoint.card.items() if key != "composer"}
    rewrite_card(checkpoint, card if composer is None else {**card, "composer": composer})
    with pytest.raises(CheckpointError) as caught:
        TrainedComposer.of(open_checkpoint(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}: its card describes another model than it holds (")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
