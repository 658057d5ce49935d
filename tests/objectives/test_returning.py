"""What returns: recomputed by hand from probabilities, with a gradient where there is something to learn."""

import pytest
import torch

from symbolic_embed.objectives.returning import returning_loss

NONE = -torch.inf


def test_the_loss_of_windows_that_are_like_none_like_one_and_like_several():
    shares = torch.tensor([[0.0, 0.0, 0.0, 1.0], [0.25, 0.0, 0.0, 0.75], [0.5, 0.25, 0.0, 0.25], [0.2, 0.3, 0.1, 0.4]])
    right = torch.tensor([[0, 0, 0], [0, 0, 0], [1, 0, 0], [1, 0, 1]], dtype=torch.bool)
    loss = returning_loss(shares.log(), right)
    expected = -torch.tensor([1.0, 0.75, 0.5, 0.2 + 0.1]).log().mean()
    assert float(loss) == pytest.approx(float(expected))


def test_scores_need_not_be_probabilities_and_questions_count_alike():
    scores = torch.tensor([[NONE, 3.0], [1.0, 1.0], [NONE, -2.0], [5.0, 5.0]])
    right = torch.tensor([[False], [True], [False], [False]])
    assert float(returning_loss(scores, right)) == pytest.approx(float(torch.log(torch.tensor(2.0))) / 2)


def test_the_gradient_raises_what_happened_and_lowers_the_rest():
    scores = torch.zeros(3, 3)
    scores[0, :2] = scores[1, 1] = NONE
    scores.requires_grad_()
    returning_loss(scores, torch.tensor([[False, False], [False, False], [True, False]])).backward()
    assert torch.sign(scores.grad).tolist() == [[0, 0, 0], [1, 0, -1], [-1, 1, 1]]
