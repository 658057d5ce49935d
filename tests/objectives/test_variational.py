"""The variational bound: the divergence against torch's own, draws around their means, and whom it teaches."""

import math

import pytest
import tiny
import torch
from torch.distributions import Normal, kl_divergence

from symbolic_embed.objectives.variational import FIRST_LOG_VARIANCE, Posterior, divergence


def test_the_divergence_is_that_of_two_gaussians():
    generator = torch.Generator().manual_seed(0)
    means, log_variance = torch.randn(5, 3, generator=generator), torch.randn(5, 3, generator=generator)
    expected = kl_divergence(Normal(means, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(divergence(means, log_variance), expected)


def test_the_divergence_in_the_head():
    """The prior itself: 0. A shift by 2 in one coordinate: 2² / 2. A variance of e: (e - 1 - 1) / 2."""
    nothing = torch.zeros(1, 2)
    assert divergence(nothing, nothing).item() == 0
    assert divergence(torch.tensor([[2.0, 0.0]]), nothing).item() == pytest.approx(2)
    assert divergence(nothing, torch.tensor([[1.0, 0.0]])).item() == pytest.approx((math.e - 2) / 2)


def test_draws_lie_around_their_means_as_widely_as_the_posterior_says():
    means = torch.tensor([[3.0, -1.0]]).expand(20_000, 2)
    posterior = Posterior(dim=2)
    draws, of_each = posterior(means, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(draws.mean(dim=0), means[0], atol=0.01, rtol=0)
    assert draws.std(dim=0).tolist() == pytest.approx([math.exp(FIRST_LOG_VARIANCE / 2)] * 2, rel=0.02)
    assert of_each.shape == (20_000,)
    again, _ = posterior(means, generator=torch.Generator().manual_seed(0))
    assert torch.equal(again, draws)


def test_the_gradient_reaches_means_and_posterior_through_draws_and_divergence():
    for chosen in range(2):
        torch.manual_seed(0)
        posterior, means = Posterior(dim=4), torch.randn(6, 4, requires_grad=True)
        posterior(means)[chosen].square().sum().backward()
        assert means.grad.abs().sum(dim=1).all()
        assert tiny.without_gradient(posterior) == []
