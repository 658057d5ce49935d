"""The likelihood of what unseen pieces go on with: the mean of the composer's own losses, on passages that stay."""

import composers
import numpy as np
import pieces
import pytest
import torch

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ComposerSettings
from symbolic_embed.training.composer_module import ComposerModule
from symbolic_embed.training.likelihood import composer_likelihood, held_out_passages, likelihood
from symbolic_embed.training.settings import ComposerTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("likelihood"))


def test_it_is_the_mean_of_the_losses_of_batches(corpus, tmp_path):
    checkpoint = composers.composer_checkpoint(tmp_path)
    sizes = ComposerSettings(**checkpoint.card["composer"])
    module = ComposerModule(ComposerTraining(composer=sizes), Embedder.of(checkpoint)).eval()
    module.start_from(checkpoint)
    passages = held_out_passages(corpus, split="valid", representation="pianoroll", batches=2)
    found = likelihood(module, passages)
    notes = [sum(module.losses(batch)[name].item() for name in ("onset", "pitch", "length")) for batch in passages]
    assert found["note"].mean == pytest.approx(np.mean(notes), rel=1e-5)
    assert found["note"].error == pytest.approx(abs(notes[0] - notes[1]) / 2, rel=1e-3)
    assert found["note"].passages == 12
    assert sum(found[name].mean for name in ("onset", "pitch", "length")) == pytest.approx(found["note"].mean)


def test_passages_stay_and_a_split_without_any_gives_nothing(corpus, tmp_path):
    first, again = (held_out_passages(corpus, split="valid", representation="pianoroll", batches=2) for _ in range(2))
    for batch, same in zip(first, again, strict=True):
        assert torch.equal(batch.material.rolls, same.material.rolls)
        assert torch.equal(batch.plan.sources, same.plan.sources)
    assert held_out_passages(corpus, split="elsewhere", representation="pianoroll") == []
    assert composer_likelihood(composers.composer_checkpoint(tmp_path), corpus, split="elsewhere") == {}
