"""A rounded encoder: its trunk multiplies in bfloat16, what goes in and comes out is float32, the original stays."""

import pytest
import tiny
import torch
from strategies import of_notes

from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.networks.bfloat16 import rounded_encoder

WINDOWS = of_notes(*[[(0, 0, 40 + n, 12), (n % 40, 0, 90, 3)] for n in range(20)])
UNBOUNDED = tiny.PIANOROLL.model_copy(update={"bounded": False})


@pytest.mark.parametrize("kind", [tiny.PIANOROLL, tiny.EVENTS, UNBOUNDED], ids=["pianoroll", "events", "unbounded"])
def test_embeddings_are_rounded_by_no_more_than_eight_digits_allow(kind):
    encoder, windows = tiny.encoder(kind), encoder_input(WINDOWS, representation=kind.representation)
    with torch.no_grad():
        full, rounded = encoder(windows), rounded_encoder(encoder)(windows)
    assert rounded.dtype == torch.float32
    cosines = torch.cosine_similarity(full, rounded)
    assert 0.999 < float(cosines.min()) < 1 - 1e-7
    if kind.bounded:
        torch.testing.assert_close(rounded.norm(dim=1), torch.full((20,), 4.0))


def test_standardisation_stays_in_single_precision():
    encoder = tiny.encoder()
    encoder.trunk.standard.mean.fill_(1 / 3)
    rounded = rounded_encoder(encoder)
    assert {weights.dtype for weights in rounded.trunk.trunk.parameters()} == {torch.bfloat16}
    assert torch.equal(rounded.trunk.standard.mean, encoder.trunk.standard.mean)
    assert rounded.trunk.trunk.standard is None
    assert rounded.onset_table.weight.dtype == torch.float32


def test_it_is_a_copy_and_not_to_be_trained():
    encoder = tiny.encoder()
    before = {name: weights.clone() for name, weights in encoder.state_dict().items()}
    rounded = rounded_encoder(encoder.train())
    assert not rounded.training
    assert not any(weights.requires_grad for weights in rounded.parameters())
    assert encoder.training
    assert all(weights.requires_grad for weights in encoder.parameters())
    assert all(torch.equal(weights, before[name]) for name, weights in encoder.state_dict().items())
