"""Classifiers: sure where there is a difference, at a loss where there is none, and not to be helped by a piece that is
on both sides."""

import numpy as np
import pytest

from symbolic_embed.evaluation.telling_apart import crossed_area, held_out_area, judgements

RANDOM = np.random.default_rng


def groups(count, size):
    return np.repeat(np.arange(count), size)


def test_what_differs_is_told_apart_and_what_does_not_is_not():
    one, same, other = (
        RANDOM(0).normal(0, 1, (400, 3)),
        RANDOM(1).normal(0, 1, (400, 3)),
        RANDOM(2).normal(3, 1, (400, 3)),
    )
    of = {"first_groups": groups(40, 10), "second_groups": groups(40, 10) + 100}
    assert crossed_area(one, other, **of) > 0.97
    assert crossed_area(one, same, **of) == pytest.approx(0.5, abs=0.1)
    half = np.arange(400) < 200
    assert held_out_area(one, other, trained_on_first=half, trained_on_second=half) > 0.97
    assert held_out_area(one, same, trained_on_first=half, trained_on_second=half) == pytest.approx(0.5, abs=0.1)


def test_the_network_sees_more_than_means():
    """Two rings around one centre."""
    angle = RANDOM(0).uniform(0, 2 * np.pi, 1200)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    half = np.arange(600) < 300
    area = held_out_area(ring[:600], 2 * ring[600:], trained_on_first=half, trained_on_second=half)
    assert area > 0.95


def test_nobody_is_judged_by_who_has_seen_its_group():
    """A group's number gives its rows away: to a judge who has met the group, not to others."""
    number = groups(60, 8)
    kind = RANDOM(0).permutation(60) % 2
    rows = RANDOM(1).normal(0, 1, (60, 20))[number]
    first, second = kind[number] == 0, kind[number] == 1
    parted = crossed_area(rows[first], rows[second], first_groups=number[first], second_groups=number[second])
    mixed = RANDOM(2).permutation(len(rows))
    shuffled = crossed_area(
        rows[first], rows[second], first_groups=mixed[: first.sum()], second_groups=mixed[first.sum() :]
    )
    assert shuffled > 0.95
    assert parted < 0.75


def test_one_group_alone_cannot_be_divided():
    rows = np.zeros((4, 1))
    assert crossed_area(rows, rows, first_groups=np.zeros(4), second_groups=np.ones(4)) is None
    assert judgements(None, rows, np.array([0, 0, 1, 1]), groups=np.array([0, 1, 2, 2])) is None
