"""Discriminator and adjacency classifier: one number a row, two numbers a pair, and rows that do not see each other."""

import tiny
import torch

from symbolic_embed.networks.adjacency import AdjacencyClassifier
from symbolic_embed.networks.discriminator import Discriminator


def test_the_discriminator_judges_each_embedding_alone():
    torch.manual_seed(0)
    discriminator, embeddings = Discriminator(dim=16, hidden=8), torch.randn(5, 16)
    told = discriminator(embeddings)
    assert told.shape == (5,)
    torch.testing.assert_close(torch.cat([discriminator(row[None]) for row in embeddings]), told)
    told.sum().backward()
    assert tiny.without_gradient(discriminator) == []


def test_the_adjacency_classifier_knows_which_bar_comes_first():
    torch.manual_seed(0)
    classifier, first, second = AdjacencyClassifier(dim=16, hidden=8), torch.randn(5, 16), torch.randn(5, 16)
    told = classifier(first, second)
    assert told.shape == (5, 2)
    assert not torch.allclose(told, classifier(second, first))
    torch.testing.assert_close(classifier(first[2:3], second[2:3]), told[2:3])
    (told[:, 0] - told[:, 1] ** 2).sum().backward()
    assert tiny.without_gradient(classifier) == []
