"""Deep structured similarity, with embeddings on a circle: anchors at 0 and 40 degrees, positives at 20 and 60.

On the sphere of radius sqrt(dim) the squared distance of two embeddings is 2 dim (1 - cos angle), so that
R = -distance² / (dim * temperature) = -2 (1 - cos angle) / temperature. At a temperature of 2, R = cos angle - 1.
"""

import math

import pytest
import torch
from tiny import circle
from torch.func import functional_call

from symbolic_embed.objectives.dssm import FIRST_TEMPERATURE, DeepStructuredSimilarity


def objective(*, temperature=2.0, similarity="euclidean"):
    made = DeepStructuredSimilarity(similarity=similarity).double()
    with torch.no_grad():
        made.log_temperature.fill_(math.log(temperature))
    return made


def cos(degrees):
    return math.cos(math.radians(degrees))


def naive_loss(similarities, ignored=None):
    """-log P(D+ | Q) of every anchor, and of every positive as the query, as the paper's equation has it; the mean."""
    count = len(similarities)

    def fair(anchor, candidate):
        return anchor == candidate or not (ignored and ignored[anchor][candidate])

    losses = []
    for i in range(count):
        candidates = [math.exp(similarities[i][j]) for j in range(count) if fair(i, j)]
        queries = [math.exp(similarities[j][i]) for j in range(count) if fair(j, i)]
        losses += [-math.log(math.exp(similarities[i][i]) / sum(both)) for both in (candidates, queries)]
    return sum(losses) / len(losses)


def test_similarities_of_angles():
    """Anchor 0 is 20 degrees from its positive and 60 from the other's; anchor 40 is 20 from either."""
    expected = torch.tensor([[cos(20) - 1, cos(60) - 1], [cos(20) - 1, cos(20) - 1]])
    torch.testing.assert_close(objective().similarities(circle(0, 40), circle(20, 60)), expected.double())
    cosine = objective(similarity="cosine", temperature=0.5).similarities(circle(0, 40) * 3, circle(20, 60))
    torch.testing.assert_close(cosine, 2 * (expected.double() + 1))


def test_the_loss_in_the_head():
    """Candidates equally far from every query: P is one half, the loss log 2. In place, sixty degrees apart: less."""
    assert objective()(circle(0, 0), circle(30, -30)).item() == pytest.approx(math.log(2))
    # 0 against 0 and 60 at temperature 2: P = e^0 / (e^0 + e^-1/2).
    expected = -math.log(1 / (1 + math.exp(-0.5)))
    assert objective()(circle(0, 60), circle(0, 60)).item() == pytest.approx(expected)


@pytest.mark.parametrize("similarity", ["euclidean", "cosine"])
@pytest.mark.parametrize("temperature", [0.1, 2.0])
def test_the_loss_is_that_of_the_equation(similarity, temperature):
    made = objective(temperature=temperature, similarity=similarity)
    anchors, positives = circle(0, 20, 40, 60), circle(5, 45, 30, 100)
    similarities = made.similarities(anchors, positives).tolist()
    assert made(anchors, positives).item() == pytest.approx(naive_loss(similarities))


def test_ignored_pairs_are_no_negatives_but_a_pair_is_always_its_own():
    made, anchors, positives = objective(), circle(0, 20, 40, 60), circle(5, 45, 30, 100)
    ignored = torch.zeros(4, 4, dtype=torch.bool)
    ignored[0, 2] = ignored[3, 1] = True
    ignored.fill_diagonal_(True)
    similarities = made.similarities(anchors, positives).tolist()
    expected = naive_loss(similarities, ignored.tolist())
    assert made(anchors, positives, ignored=ignored).item() == pytest.approx(expected)
    assert made(anchors, positives).item() != pytest.approx(expected)
    everything = torch.ones(4, 4, dtype=torch.bool)
    assert made(anchors, positives, ignored=everything).item() == 0


def test_nearer_positives_make_a_smaller_loss():
    losses = [objective()(circle(0, 90), circle(angle, 90 + angle)).item() for angle in (0, 20, 40, 60)]
    assert losses == sorted(losses)
    assert losses[0] < losses[1]


@pytest.mark.parametrize("similarity", ["euclidean", "cosine"])
def test_gradients_are_the_slopes_of_the_loss(similarity):
    """On both sides and for the temperature; also where some pairs are ignored. None of them is zero."""
    made = objective(similarity=similarity)
    ignored = torch.tensor([[True, True], [False, True]])
    inputs = (circle(0, 40), circle(20, 80), made.log_temperature.detach())
    inputs = tuple(tensor.clone().requires_grad_() for tensor in inputs)

    def loss(anchors, positives, log_temperature):
        return functional_call(made, {"log_temperature": log_temperature}, (anchors, positives), {"ignored": ignored})

    assert torch.autograd.gradcheck(loss, inputs)
    loss(*inputs).backward()
    for tensor in inputs:
        assert tensor.grad.reshape(len(tensor) if tensor.ndim else 1, -1).any(dim=1).all()


def test_a_step_against_the_gradient_pulls_pairs_together():
    made, anchors, positives = objective(), circle(0, 40).requires_grad_(), circle(20, 80)
    loss = made(anchors, positives)
    loss.backward()
    assert made((anchors - 0.01 * anchors.grad).detach(), positives) < loss
    assert made.log_temperature.grad.abs() > 0


def test_the_first_temperature_and_unknown_similarities():
    assert DeepStructuredSimilarity().log_temperature.exp().item() == pytest.approx(FIRST_TEMPERATURE)
    with pytest.raises(ValueError, match="similarity 'manhattan'; it must be euclidean or cosine"):
        DeepStructuredSimilarity(similarity="manhattan")
