"""Adjacency: cross-entropy over related and unrelated pairs, recomputed pair by pair."""

import math

import pytest
import tiny
import torch
from tiny import circle

from symbolic_embed.networks.adjacency import AdjacencyClassifier
from symbolic_embed.objectives.adjacency import adjacency_loss


class Nearness(torch.nn.Module):
    """Says "related" of two embeddings with logits (0, twice the cosine of their angle)."""

    def forward(self, first, second):
        cosine = (first * second).sum(dim=1)
        return torch.stack([torch.zeros_like(cosine), cosine], dim=1)


def naive_loss(anchors, positives, *, negatives, ignored=None):
    def cross_entropy(first, second, related):
        logit = float(first @ second)
        probability = math.exp(logit) / (1 + math.exp(logit))
        return -math.log(probability if related else 1 - probability)

    count = len(anchors)
    related = [cross_entropy(anchors[i], positives[i], True) for i in range(count)]
    unrelated = [
        cross_entropy(anchors[i], positives[(i + shift) % count], False)
        for shift in range(1, min(negatives, count - 1) + 1)
        for i in range(count)
        if ignored is None or not ignored[i][(i + shift) % count]
    ]
    return (sum(related) / count + (sum(unrelated) / len(unrelated) if unrelated else 0)) / 2


@pytest.mark.parametrize("negatives", [1, 2, 3, 8])
def test_the_loss_is_the_cross_entropy_of_every_pair(negatives):
    """Related pairs count as much as all unrelated ones, however many there are."""
    anchors, positives = circle(0, 20, 40, 60), circle(5, 45, 30, 100)
    found = adjacency_loss(Nearness(), anchors, positives, negatives=negatives)
    assert found.item() == pytest.approx(naive_loss(anchors, positives, negatives=negatives))


def test_in_the_head():
    """Right angles everywhere: the classifier knows nothing, and each pair costs log 2."""
    assert adjacency_loss(Nearness(), circle(0, 180), circle(90, 90)).item() == pytest.approx(math.log(2))


def test_ignored_pairs_are_left_out():
    anchors, positives = circle(0, 20, 40, 60), circle(5, 45, 30, 100)
    ignored = torch.zeros(4, 4, dtype=torch.bool)
    ignored[0, 1] = ignored[2, 3] = ignored[3, 0] = True
    found = adjacency_loss(Nearness(), anchors, positives, ignored=ignored)
    assert found.item() == pytest.approx(naive_loss(anchors, positives, negatives=8, ignored=ignored.tolist()))
    alone = adjacency_loss(Nearness(), anchors, positives, ignored=torch.ones(4, 4, dtype=torch.bool))
    assert alone.item() == pytest.approx(naive_loss(anchors, positives, negatives=0))


def test_a_batch_of_one_has_only_its_own_pair():
    assert adjacency_loss(Nearness(), circle(0), circle(90)).item() == pytest.approx(math.log(2) / 2)


def test_gradients_reach_both_embeddings_and_the_whole_classifier():
    torch.manual_seed(0)
    classifier = AdjacencyClassifier(dim=2, hidden=8).double()
    anchors, positives = circle(0, 40, 80).requires_grad_(), circle(20, 60, 100).requires_grad_()
    assert torch.autograd.gradcheck(lambda *sides: adjacency_loss(classifier, *sides), (anchors, positives))
    adjacency_loss(classifier, anchors, positives).backward()
    assert tiny.without_gradient(classifier) == []
    assert anchors.grad.abs().sum(dim=1).all()
    assert positives.grad.abs().sum(dim=1).all()
