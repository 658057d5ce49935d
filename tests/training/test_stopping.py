"""A run has converged when its loss has stayed where it is for some rounds."""

import pytest

from symbolic_embed.training.stopping import StoppingRule


@pytest.mark.parametrize(
    ("losses", "converged"),
    [
        ([1.0, 1.0], False),
        ([1.0, 1.0, 1.0], True),
        ([9.0, 1.0, 1.0, 1.0], True),
        ([1.0, 1.01, 1.0], True),
        ([1.0, 1.03, 1.0], False),
        ([3.0, 2.0, 1.0, 1.0], False),
        ([-1.0, -1.01, -1.0], True),
    ],
)
def test_converged_means_three_rounds_within_two_hundredths(losses, converged):
    rule = StoppingRule(rounds=3, threshold=0.02)
    assert [rule.converged(loss) for loss in losses][-1] is converged


def test_a_history_that_is_taken_up_counts():
    rule = StoppingRule(rounds=3, threshold=0.02)
    rule.history = [1.0, 1.0]
    assert rule.converged(1.0)
    assert rule.history == [1.0, 1.0, 1.0]
