"""The discriminator: one number a row, and rows that do not see each other."""

import tiny
import torch

from symbolic_embed.networks.discriminator import Discriminator


def test_each_embedding_is_judged_alone():
    torch.manual_seed(0)
    discriminator, embeddings = Discriminator(dim=16, hidden=8), torch.randn(5, 16)
    logits = discriminator(embeddings)
    assert logits.shape == (5,)
    torch.testing.assert_close(torch.cat([discriminator(row[None]) for row in embeddings]), logits)
    logits.sum().backward()
    assert tiny.without_gradient(discriminator) == []


def test_what_is_below_zero_still_has_a_slope():
    """Leaky, so that an embedding the discriminator is sure of still gets a gradient from it."""
    discriminator = Discriminator(dim=2, hidden=4)
    with torch.no_grad():
        for name, weights in discriminator.named_parameters():
            weights.fill_(-1.0 if name.endswith("bias") else 0.01)
    embedding = torch.zeros(1, 2, requires_grad=True)
    discriminator(embedding).sum().backward()
    assert embedding.grad.all()
