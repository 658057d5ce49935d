"""Standardising points on a sphere: what it promises of mean and deviation, and that it loses nothing."""

import torch
from torch import nn

from symbolic_embed.networks.blocks import on_sphere
from symbolic_embed.networks.standardisation import NARROWEST, Standardisation

DIM = 12


def uneven_points(count: int = 4000) -> torch.Tensor:
    """Points on the sphere that lean to one side, some coordinates three times as wide as others."""
    random = torch.Generator().manual_seed(0)
    widths = torch.linspace(0.5, 1.5, DIM)
    return on_sphere(torch.randn(count, DIM, generator=random) * widths + torch.linspace(-0.5, 0.5, DIM))


def fitted() -> Standardisation:
    standard = Standardisation(dim=DIM)
    standard.fit(uneven_points())
    return standard


def test_until_it_is_fitted_it_changes_nothing():
    points, standard = uneven_points(5), Standardisation(dim=DIM)
    torch.testing.assert_close(standard(points), points)
    torch.testing.assert_close(standard.inverse(points), points)


def test_fitted_points_have_mean_0_and_variance_1_and_stay_on_the_sphere():
    embeddings = fitted()(uneven_points())
    torch.testing.assert_close(embeddings.mean(dim=0), torch.zeros(DIM), atol=1e-3, rtol=0)
    torch.testing.assert_close(embeddings.std(dim=0), torch.ones(DIM), atol=2e-3, rtol=0)
    torch.testing.assert_close(embeddings.norm(dim=1), torch.full((4000,), DIM**0.5))


def test_the_way_back_is_the_inverse_on_either_side_and_forgets_only_length():
    standard, points = fitted(), uneven_points(50)
    torch.testing.assert_close(standard.inverse(standard(points)), points)
    embeddings = on_sphere(torch.randn(50, DIM, generator=torch.Generator().manual_seed(1)))
    torch.testing.assert_close(standard(standard.inverse(embeddings)), embeddings)
    torch.testing.assert_close(standard.inverse(3 * embeddings), standard.inverse(embeddings))


def test_gradients_pass_both_ways():
    points = uneven_points(3).requires_grad_()
    standard = fitted()
    (standard.inverse(standard(points)) * torch.arange(DIM)).sum().backward()
    assert points.grad.any(dim=1).all()


def test_a_coordinate_that_says_nothing_is_not_blown_up():
    points = uneven_points()
    points[:, 0] = 0.0
    standard = Standardisation(dim=DIM)
    standard.fit(points)
    assert standard.deviation[0] == NARROWEST
    assert standard(points)[:, 0].abs().max() < 1e-3


def test_weights_of_before_there_was_one_are_the_identity():
    old = nn.Sequential(nn.Linear(DIM, DIM))
    new = nn.Sequential(nn.Linear(DIM, DIM), fitted())
    new.load_state_dict(old.state_dict())
    points = uneven_points(5)
    torch.testing.assert_close(new[1](points), points)
