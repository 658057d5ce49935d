"""The prior: draws, the two adversarial losses and whom they teach, and decorrelation."""

import math

import numpy as np
import pytest
import tiny
import torch
from tiny import circle

from symbolic_embed.bars import Windows
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.networks.discriminator import Discriminator
from symbolic_embed.objectives.prior import decorrelation, discriminator_loss, draw, fooling_loss


def some_embeddings(encoder):
    """The encoder's embeddings of three windows of one note each."""
    notes = (np.array(column, np.uint8) for column in ([0, 5, 9], [60, 62, 70], [3, 4, 5], [0, 0, 0]))
    number = np.arange(3)
    windows = Windows(*notes, np.arange(4), number * 0, number, number * 0, number * 0 + 48)
    return encoder(encoder_input(windows, representation="pianoroll"))


class Leaning(torch.nn.Module):
    """Takes for draws what lies to the right: the logit is the first number."""

    def forward(self, embeddings):
        return embeddings[:, 0]


def test_the_discriminators_loss_in_the_head():
    """Draws at 0 degrees, embeddings at 180: logits sqrt 2 and -sqrt 2, each right with the same probability."""
    probability = 1 / (1 + math.exp(-math.sqrt(2)))
    assert discriminator_loss(Leaning(), circle(180, 180), circle(0)).item() == pytest.approx(-math.log(probability))
    assert discriminator_loss(Leaning(), circle(90), circle(90)).item() == pytest.approx(math.log(2))


def test_the_discriminators_loss_is_binary_cross_entropy():
    embeddings, draws = circle(0, 20, 40, 60), circle(100, 200)
    told = [(float(row[0]), 0) for row in embeddings] + [(float(row[0]), 1) for row in draws]
    naive = [-math.log(1 / (1 + math.exp(-logit if truth else logit))) for logit, truth in told]
    assert discriminator_loss(Leaning(), embeddings, draws).item() == pytest.approx(sum(naive) / len(naive))


def test_the_encoders_loss_is_non_saturating():
    """-log D, not log(1 - D): where the discriminator is sure, its gradient is large."""
    embeddings = circle(0, 180).requires_grad_()
    assert torch.autograd.gradcheck(lambda told: fooling_loss(Leaning(), told), (embeddings,))
    loss = fooling_loss(Leaning(), embeddings)
    naive = [math.log(1 + math.exp(-logit)) for logit in (math.sqrt(2), -math.sqrt(2))]
    assert loss.item() == pytest.approx(sum(naive) / 2)
    loss.backward()
    gradient = embeddings.grad[:, 0].abs()
    assert gradient[1] > 4 * gradient[0]


def test_the_discriminators_loss_teaches_the_discriminator_alone():
    torch.manual_seed(0)
    discriminator, encoder = Discriminator(dim=16, hidden=8), tiny.encoder()
    discriminator_loss(discriminator, some_embeddings(encoder), draw("gaussian", 5, 16)).backward()
    assert tiny.without_gradient(discriminator) == []
    assert all(weights.grad is None for weights in encoder.parameters())


def test_the_fooling_loss_reaches_the_encoder_and_a_step_of_it_changes_nothing_else():
    torch.manual_seed(0)
    discriminator, encoder = Discriminator(dim=16, hidden=8), tiny.encoder()
    before = [weights.clone() for weights in discriminator.parameters()]
    optimiser = torch.optim.SGD(encoder.parameters(), lr=0.1)
    loss = fooling_loss(discriminator, some_embeddings(encoder))
    loss.backward()
    untouched = {"onset_table.weight", "sounding_table.weight"}  # most of their rows: those of notes that are not there
    assert set(tiny.without_gradient(encoder)) <= untouched
    assert encoder.onset_table.weight.grad.any(dim=1).sum() == 9  # three onsets, three lengths, three stops
    optimiser.step()
    assert all(torch.equal(old, new) for old, new in zip(before, discriminator.parameters(), strict=True))
    assert fooling_loss(discriminator, some_embeddings(encoder)) < loss


@pytest.mark.parametrize("prior", ["gaussian", "uniform"])
def test_draws_lie_on_the_sphere_in_all_directions(prior):
    draws = draw(prior, 4000, 8, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(draws.square().sum(dim=1), torch.full((4000,), 8.0))
    assert draws.mean(dim=0).abs().max() < 0.05
    torch.testing.assert_close(draws.T @ draws / 4000, torch.eye(8), atol=0.06, rtol=0)


def test_draws_of_the_two_priors_differ_in_shape():
    """A square has corners: in two dimensions uniform draws prefer the diagonals, Gaussian ones no direction."""
    generator = torch.Generator().manual_seed(0)
    diagonal = {
        prior: (draw(prior, 20_000, 2, generator=generator).prod(dim=1).abs() > 0.7071).float().mean().item()
        for prior in ("gaussian", "uniform")
    }
    assert diagonal["gaussian"] == pytest.approx(0.5, abs=0.02)
    assert diagonal["uniform"] > 0.56


def test_draws_follow_their_generator_and_unknown_priors_are_refused():
    one, same, other = (draw("gaussian", 3, 4, generator=torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    with pytest.raises(ValueError, match="prior 'none' has no draws; it must be gaussian or uniform"):
        draw("none", 1, 4)


def naive_decorrelation(embeddings):
    """|mean|² / sqrt(dim), and the sum over all pairs of (covariance - 1 or 0)², divided by dim."""
    batch, dim = len(embeddings), len(embeddings[0])
    mean = [sum(row[i] for row in embeddings) / batch for i in range(dim)]
    total = 0.0
    for i in range(dim):
        for j in range(dim):
            products = [(row[i] - mean[i]) * (row[j] - mean[j]) for row in embeddings]
            total += (sum(products) / (batch - 1) - (i == j)) ** 2
    return sum(value**2 for value in mean) / dim**0.5 + total / dim


def test_decorrelation_of_whitened_embeddings_is_zero():
    torch.manual_seed(0)
    centred = torch.randn(40, 6, dtype=torch.float64)
    centred = centred - centred.mean(dim=0)
    whitened = torch.linalg.qr(centred).Q * 39**0.5
    assert decorrelation(whitened).item() == pytest.approx(0, abs=1e-12)
    assert decorrelation(whitened + 1).item() == pytest.approx(6 / 6**0.5)
    assert decorrelation(whitened * 2).item() == pytest.approx(9)  # variance 4 instead of 1, squared


@pytest.mark.parametrize("angles", [(0, 20, 40, 60), (0, 90, 180, 270), (10, 10, 10)])
def test_decorrelation_is_that_of_the_loops(angles):
    assert decorrelation(circle(*angles)).item() == pytest.approx(naive_decorrelation(circle(*angles).tolist()))


def test_decorrelation_in_the_head():
    """All at one place: |mean|² is 2, over sqrt 2, and the covariance lacks both ones. At right angles: no mean,
    variance 4/3 in both coordinates."""
    assert decorrelation(circle(45, 45)).item() == pytest.approx(2**0.5 + 1)
    assert decorrelation(circle(0, 90, 180, 270)).item() == pytest.approx((1 / 3) ** 2)


def test_the_gradient_of_decorrelation_reaches_every_embedding_and_spreads_them():
    embeddings = circle(0, 20, 40, 60).requires_grad_()
    assert torch.autograd.gradcheck(decorrelation, (embeddings,))
    loss = decorrelation(embeddings)
    loss.backward()
    assert embeddings.grad.abs().sum(dim=1).all()
    assert decorrelation((embeddings - 0.05 * embeddings.grad).detach()) < loss
