"""How far recordings are from music whose bars are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from symbolic_embed.listening.countings import Counted
from symbolic_embed.similarity.heard import APART, FEWEST, OCTAVE, beside, counted_bars

DIM = 8


def bars(count: int, seed: int = 0) -> np.ndarray:
    """Random bars on the sphere."""
    points = np.random.default_rng(seed).normal(size=(count, DIM))
    return (points / np.linalg.norm(points, axis=1, keepdims=True) * DIM**0.5).astype(np.float32)


def known(vectors: np.ndarray, steps: int = 48) -> list[Counted]:
    return counted_bars(vectors, np.arange(len(vectors)), np.full(len(vectors), steps), tempo=120)


def heard(vectors: np.ndarray, pulses: int, late: int = 0, seed: int = 9) -> Counted:
    """A recording whose bars begin on every so many pulses, from `late` on; noise on the pulses between."""
    every = bars(len(vectors) * pulses + late, seed)
    every[late::pulses] = vectors
    return Counted(48, pulses, 2.0, every)


def naive(way: Counted, along: Counted) -> float:
    """As the head of the module says, in loops."""
    starts = len(way.vectors) - (FEWEST - 1) * way.pulses
    places = len(along.vectors) - (FEWEST - 1) * along.pulses
    least = []
    for start in range(starts):
        costs = []
        for place in range(places):
            cost = 0.0
            for bar in range(FEWEST):
                ours, theirs = way.vectors[start + bar * way.pulses], along.vectors[place + bar * along.pulses]
                cost += APART if np.isnan(theirs).any() else np.sqrt(max(0.0, 1 - float(ours @ theirs) / DIM))
            costs.append(cost / FEWEST)
        least.append(min(costs))
    count = max(1, round(starts / (FEWEST * way.pulses)))
    edges = np.linspace(0, starts, count + 1).astype(int)
    return float(np.mean([min(least[begin:end]) for begin, end in pairwise(edges)]))


def test_the_same_bars_are_no_distance_apart_wherever_they_begin():
    music = bars(20)
    place = beside([heard(music[5:13], 4, late=3)], known(music))
    assert place.distance == pytest.approx(0, abs=1e-3)
    assert place.other_bar in range(5, 10)


def test_as_the_loops_have_it():
    way, along = heard(bars(9, seed=3), 3, late=1), known(bars(14, seed=4))[0]
    assert beside([way], [along]).distance == pytest.approx(naive(way, along), rel=1e-5)


def test_the_best_way_of_counting_counts():
    music = bars(20)
    wrong, right = heard(bars(20, seed=5), 2), heard(music, 4)
    assert beside([wrong, right], known(music)).distance == pytest.approx(0, abs=1e-3)


def test_a_tracker_that_loses_its_way_costs_little():
    music = bars(24)
    first, second = heard(music[:12], 4), heard(music[12:], 4, late=2)
    lost = Counted(48, 4, 2.0, np.concatenate([first.vectors, second.vectors]))
    unrelated = beside([lost], known(bars(24, seed=8))).distance
    assert beside([lost], known(music)).distance < 0.35 * unrelated


def test_bars_of_another_length_have_nothing_to_do_with_each_other():
    music = bars(10)
    assert beside([heard(music, 4)], known(music, steps=36)).distance == APART


def test_a_bar_of_another_length_or_silence_among_them_costs_as_much_as_a_strange_one():
    music = bars(12)
    without = counted_bars(music[np.arange(12) != 6], np.delete(np.arange(12), 6), np.full(11, 48), tempo=120)
    place = beside(known(music[5:9]), without)
    assert place.distance == pytest.approx(APART / FEWEST, abs=1e-3)


def test_fewer_bars_than_a_stretch_has_are_a_stretch():
    music = bars(12)
    assert beside([heard(music[3:5], 2)], known(music)).distance == pytest.approx(0, abs=1e-3)
    assert beside(known(music[:1]), known(music)).distance == pytest.approx(0, abs=1e-3)


def test_recordings_lie_beside_each_other():
    music = bars(16)
    there = beside([heard(music[4:12], 4, late=1)], [heard(music, 2, seed=11)])
    assert there.distance == pytest.approx(0, abs=1e-3)


def test_another_tempo_costs_by_the_octave():
    music = bars(12)
    (slow,) = (Counted(way.steps, way.pulses, 2 * way.seconds, way.vectors) for way in known(music))
    assert beside(known(music), [slow]).distance == pytest.approx(OCTAVE, abs=1e-3)
    assert beside([slow], known(music)).distance == pytest.approx(OCTAVE, abs=1e-3)
