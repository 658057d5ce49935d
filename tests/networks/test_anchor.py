"""The anchor's network: it looks back, never ahead, and at nothing that is not known; it begins as a weighted sum."""

import pytest
import tiny
import torch

from symbolic_embed.networks.anchor import (
    FIRST_WEIGHT_BESIDE,
    FIRST_WEIGHTS,
    AnchorContext,
    AnchorNetwork,
    sums_of_the_others,
)
from symbolic_embed.networks.blocks import on_sphere

DIM, STEPS, OUT, WIDTH = 12, 5, 6, 8


def network(*, fresh=False):
    torch.manual_seed(0)
    made = AnchorNetwork(dim=DIM, roles=3, width=WIDTH, layers=2, heads=2, out=OUT, longest=STEPS)
    if not fresh:
        with torch.no_grad():
            for weights in made.parameters():
                weights.add_(0.3 * torch.randn(weights.shape))
    return made.eval()


def context(**fields):
    random = torch.Generator().manual_seed(1)
    drawn = AnchorContext(
        own=torch.randn(4, STEPS, DIM, generator=random),
        sounds=torch.tensor([[True] * STEPS, [True, False, True, False, True], [True] * STEPS, [True] * STEPS]),
        whole=torch.randn(4, STEPS, DIM, generator=random),
        whole_known=torch.tensor([True, False, True, True])[:, None].expand(4, STEPS),
        company=torch.randn(4, STEPS + 1, OUT + WIDTH, generator=random),
        company_known=torch.tensor([True, True, False, True]),
        roles=torch.tensor([0, 1, 2, 0]),
    )
    return drawn._replace(**fields)


@pytest.mark.parametrize("step", range(STEPS))
def test_no_anchor_depends_on_what_comes_later(step):
    """But on the company of the next step, which who accompanies hears."""
    made, given = network(), context()
    own, whole, company = (one.clone() for one in (given.own, given.whole, given.company))
    own[:, step + 1 :], whole[:, step + 1 :], company[:, step + 2 :] = 9.0, 9.0, 9.0
    before, after = made(given), made(given._replace(own=own, whole=whole, company=company))
    torch.testing.assert_close(before[:, : step + 1], after[:, : step + 1])
    company[:, step + 1] = 9.0
    changed = (made(given._replace(company=company)) != before)[:, step].any(dim=-1)
    assert changed.tolist() == [True, True, False, True]  # to the third the company is not known


def test_what_is_not_known_is_not_looked_at():
    made, given = network(), context()
    own, whole, company = given.own.clone(), given.whole.clone(), given.company.clone()
    own[~given.sounds], whole[1], company[2] = 7.0, 7.0, 7.0
    assert torch.equal(made(given._replace(own=own, whole=whole, company=company)), made(given))
    for field, known in (("own", given.sounds), ("whole", given.whole_known), ("company", None)):
        moved = getattr(given, field).clone()
        moved[0] += 1.0
        assert (made(given._replace(**{field: moved}))[0] != made(given)[0]).any(), (field, known)


def test_it_begins_as_a_weighted_sum_of_what_was_played():
    made, given = network(fresh=True), context()
    straight = made.straight.weight
    assert torch.equal(straight[: OUT // 2], torch.eye(OUT // 2, DIM))
    anchors = made(given)
    for sequence in range(4):
        for step in range(STEPS):
            total = torch.zeros(OUT)
            for back, weight in enumerate(FIRST_WEIGHTS[: step + 1]):
                if given.sounds[sequence, step - back]:
                    total += weight * straight @ given.own[sequence, step - back]
            if given.whole_known[sequence, step]:
                total += FIRST_WEIGHT_BESIDE * straight @ given.whole[sequence, step]
            if given.company_known[sequence]:
                total += FIRST_WEIGHT_BESIDE * given.company[sequence, step + 1, :OUT]
            torch.testing.assert_close(anchors[sequence, step], on_sphere(total))
    torch.testing.assert_close(made.targets(given.own), on_sphere(given.own @ straight.T))


def test_the_company_is_the_sum_over_the_others_that_play():
    members = torch.randn(5, 2, 3)
    plays = torch.tensor([[True, True], [True, False], [False, True], [True, True], [True, True]])
    piece = torch.tensor([0, 0, 0, 1, 2])
    sums = sums_of_the_others(members, plays, piece=piece)
    for part in range(5):
        for step in range(2):
            others = [i for i in range(5) if i != part and piece[i] == piece[part] and plays[i, step]]
            torch.testing.assert_close(sums[part, step], sum((members[i, step] for i in others), torch.zeros(3)))


def test_a_gradient_reaches_every_weight():
    made, given = network(), context()
    members = made.member(given.own, given.roles[:, None].expand(4, STEPS))
    company = torch.cat([members, members[:, :1]], dim=1)
    anchors = made(given._replace(company=company))
    (anchors - made.targets(torch.randn(4, STEPS, DIM))).square()[..., 0].sum().backward()
    assert tiny.without_gradient(made) == []
