"""What returns: recomputed by hand from probabilities, with a gradient where there is something to learn."""

import pytest
import torch

from symbolic_embed.objectives.returning import returning_loss

NONE = -torch.inf


def test_the_loss_of_a_track_that_says_a_b_a_a():
    """Steps 0 and 1 are new; at step 2 the first cell returns; at step 3 it is that of step 0 or of step 2."""
    shares = torch.tensor([[0.0, 0.0, 0.0, 1.0], [0.25, 0.0, 0.0, 0.75], [0.5, 0.25, 0.0, 0.25], [0.2, 0.3, 0.1, 0.4]])
    loss = returning_loss(shares.log()[None], torch.tensor([[7, 9, 7, 7]]))
    expected = -torch.tensor([1.0, 0.75, 0.5, 0.2 + 0.1]).log().mean()
    assert float(loss) == pytest.approx(float(expected))


def test_scores_need_not_be_probabilities_and_tracks_count_alike():
    scores = torch.tensor([[[NONE, 3.0], [1.0, 1.0]], [[NONE, -2.0], [5.0, 5.0]]])
    assert float(returning_loss(scores, torch.tensor([[1, 1], [1, 2]]))) == pytest.approx(
        float(torch.log(torch.tensor(2.0))) / 2
    )


def test_the_gradient_raises_what_happened_and_lowers_the_rest():
    scores = torch.zeros(1, 3, 3)
    scores[0, 0, :2] = scores[0, 1, 1] = NONE
    scores.requires_grad_()
    returning_loss(scores, torch.tensor([[4, 5, 4]])).backward()
    assert torch.sign(scores.grad[0]).tolist() == [[0, 0, 0], [1, 0, -1], [-1, 1, 1]]
