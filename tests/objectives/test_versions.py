"""Versions told from each other: by loops, in every turning, and what does not count."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.objectives.versions import FIRST_TEMPERATURE, VersionContrast

PLACES, OUT = 6, 3


def unit(*shape, seed=0):
    random = torch.Generator().manual_seed(seed)
    return torch.nn.functional.normalize(torch.randn(*shape, generator=random, dtype=torch.float64), dim=-1)


def objective(*, places=None, temperature=FIRST_TEMPERATURE):
    made = VersionContrast(places=places).double()
    with torch.no_grad():
        made.log_temperature.fill_(math.log(temperature))
    return made


def nothing(count):
    return torch.zeros(count, count, dtype=torch.bool)


def turned(vectors, by):
    """Vectors (n, PLACES * OUT) with what lies at place p moved to place p + by."""
    by_place = [vector.split(OUT) for vector in vectors]
    return torch.stack([torch.cat([of[(place - by) % PLACES] for place in range(PLACES)]) for of in by_place])


def cosine(one, other, *, places):
    if places is None:
        return float(one @ other)
    return max(float(turned(one[None], by)[0] @ other) for by in range(PLACES))


def naive_loss(anchors, positives, ignored, *, places, temperature):
    count, losses = len(anchors), []
    exps = [[math.exp(cosine(a, p, places=places) / temperature) for p in positives] for a in anchors]
    for i in range(count):
        fair = [j for j in range(count) if i == j or not ignored[i][j]]
        losses.append(-math.log(exps[i][i] / sum(exps[i][j] for j in fair)))
        fair = [j for j in range(count) if i == j or not ignored[j][i]]
        losses.append(-math.log(exps[i][i] / sum(exps[j][i] for j in fair)))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("places", [None, PLACES])
@given(st.integers(2, 5), st.integers(0, 1000), st.sampled_from([0.05, 0.1, 0.7]))
def test_the_loss_is_that_of_naive_loops(places, count, seed, temperature):
    anchors, positives = unit(count, PLACES * OUT, seed=seed), unit(count, PLACES * OUT, seed=seed + 1)
    ignored = torch.rand(count, count, generator=torch.Generator().manual_seed(seed)) < 0.4
    loss = objective(places=places, temperature=temperature)(anchors, positives, ignored=ignored)
    expected = naive_loss(anchors, positives, ignored.tolist(), places=places, temperature=temperature)
    assert loss.item() == pytest.approx(expected)


def test_the_loss_in_the_head():
    """All alike: the right one of four is found as often as by chance. Each its own direction: e^(1 / T) to 3 e^0."""
    same = torch.ones(4, 1, dtype=torch.float64)
    assert objective()(same, same, ignored=nothing(4)).item() == pytest.approx(math.log(4))
    own = torch.eye(4, dtype=torch.float64)
    loss = objective(temperature=0.5)(own, own, ignored=nothing(4))
    assert loss.item() == pytest.approx(math.log(1 + 3 / math.exp(2)))


@given(st.lists(st.integers(0, PLACES - 1), min_size=4, max_size=4))
def test_a_turned_positive_is_found_whatever_the_turn(turns):
    anchors = unit(4, PLACES * OUT)
    positives = torch.cat([turned(anchors[i : i + 1], by) for i, by in enumerate(turns)])
    similarities = objective(places=PLACES).similarities(anchors, positives)
    torch.testing.assert_close(similarities.diagonal(), torch.ones(4, dtype=torch.float64))
    assert similarities.argmax(dim=1).tolist() == [0, 1, 2, 3]
    torch.testing.assert_close(similarities, objective(places=PLACES).similarities(anchors, anchors))
    plain = objective().similarities(anchors, positives).diagonal()
    assert [bool(one > 0.999) for one in plain] == [by == 0 for by in turns]


def test_ignored_pairs_do_not_count_and_a_pair_cannot_ignore_itself():
    anchors, positives = unit(3, 8), unit(3, 8, seed=1)
    ignored = torch.tensor([[True, True, False], [True, False, False], [False, False, True]])
    loss = objective()(anchors, positives, ignored=ignored)
    assert torch.equal(loss, objective()(anchors, positives, ignored=ignored & ~torch.eye(3, dtype=torch.bool)))
    assert loss < objective()(anchors, positives, ignored=nothing(3))
    alone = objective()(anchors[:2], positives[:2], ignored=torch.ones(2, 2, dtype=torch.bool))
    assert alone.item() == 0


def test_a_temperature_near_nothing_is_stopped_where_exp_still_has_room():
    anchors, positives = unit(3, 8), unit(3, 8, seed=1)
    losses = [objective(temperature=t)(anchors, positives, ignored=nothing(3)).item() for t in (1e-6, 0.02, 0.03)]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("places", [None, PLACES])
def test_a_gradient_reaches_the_vectors_and_the_temperature(places):
    made = objective(places=places)
    anchors, positives = unit(3, PLACES * OUT).requires_grad_(), unit(3, PLACES * OUT, seed=1).requires_grad_()
    made(anchors, positives, ignored=nothing(3)).backward()
    for tensor in (anchors, positives, made.log_temperature):
        assert tensor.grad.any()
        assert torch.isfinite(tensor.grad).all()
    assert VersionContrast().log_temperature.exp().item() == pytest.approx(FIRST_TEMPERATURE)
