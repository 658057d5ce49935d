"""The adjacency classifier: two numbers a pair, which know which bar comes first."""

import tiny
import torch

from symbolic_embed.networks.adjacency import AdjacencyClassifier


def test_it_knows_which_bar_comes_first_and_judges_each_pair_alone():
    torch.manual_seed(0)
    classifier, first, second = AdjacencyClassifier(dim=16, hidden=8), torch.randn(5, 16), torch.randn(5, 16)
    logits = classifier(first, second)
    assert logits.shape == (5, 2)
    assert not torch.allclose(logits, classifier(second, first))
    torch.testing.assert_close(classifier(first[2:3], second[2:3]), logits[2:3])
    (logits[:, 0] - logits[:, 1] ** 2).sum().backward()
    assert tiny.without_gradient(classifier) == []
