"""Many variations at once are those that are made one at a time, and no two of them are the same."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, tiny_composer, variation
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.composing import searching
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.composing.varying import Theme
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.requests import VaryRequest
from symbolic_embed.verbs.vary import _different, vary

DIALS = ({"change": 0.9}, {"strength": 0.5}, {"change": 0.6, "scope": Scope(bars=frozenset({1}))})


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer().embedder


def theme(embedder, barred, *, scope=EVERYTHING, **dial):
    return Theme.of(embedder, barred, VaryRequest(**dial), scope=scope)


@pytest.mark.parametrize("dial", DIALS)
def test_variations_do_not_hear_of_each_other(embedder, dial):
    barred, random_seeds = band_seed().barred, [3, 1, 4]
    together = theme(embedder, barred, **dial).variations(random_seeds)
    for random_seed, one in zip(random_seeds, together, strict=True):
        alone = variation(embedder, barred, random_seed=random_seed, **dial)
        assert len(alone.added.onset_steps)
        for name in ("track", "onset_steps", "length_steps", "pitch"):
            np.testing.assert_array_equal(getattr(one.added, name), getattr(alone.added, name))
        for name in ("removed", "measured", "distances", "strengths"):
            np.testing.assert_array_equal(getattr(one, name), getattr(alone, name))
        assert one.redrawn == alone.redrawn


@pytest.mark.parametrize("dial", DIALS)
def test_the_length_of_a_stretch_makes_no_difference(embedder, dial, monkeypatch):
    band = theme(embedder, band_seed().barred, **dial)
    whole = band.variations([5, 6])
    monkeypatch.setattr(searching, "AT_ONCE", 3)
    for one, other in zip(whole, band.variations([5, 6]), strict=True):
        np.testing.assert_array_equal(one.measured, other.measured)
        np.testing.assert_array_equal(one.added.pitch, other.added.pitch)


def test_the_first_of_many_are_those_of_few(embedder):
    few, many = (vary(band_seed(), embedder, VaryRequest(change=0.9, count=count, random_seed=2)) for count in (2, 5))
    assert [one.events for one in many[:2]] == [one.events for one in few]
    assert [one.record for one in many[:2]] == [one.record for one in few]


def test_progress_is_told_how_many_steps_there_are_and_takes_them(embedder):
    taken = []

    def progress(steps):
        for step in steps:
            yield step
            taken.append((step, len(steps)))

    vary(band_seed(), embedder, VaryRequest(change=0.9), progress=progress)
    assert [step for step, _ in taken] == list(range(taken[0][1]))


def one_after_the_other(table: dict[tuple[int, int], int], *, count: int, tries: int) -> list[int]:
    """What `_different` finds, slowly: each number's draws one by one, until one is new."""
    kept: list[int] = []
    for number in range(1, count + 1):
        for attempt in range(tries):
            letter = table[number, attempt]
            if letter not in kept:
                break
        kept.append(letter)
    return kept


@given(letters=st.lists(st.integers(0, 4), min_size=18, max_size=18))
def test_what_came_before_is_drawn_again_as_if_one_after_the_other(letters):
    places = [(number, attempt) for number in range(1, 7) for attempt in range(3)]
    table, drawn = dict(zip(places, letters, strict=True)), []

    def draw(wanted):
        drawn.extend(wanted)
        return [Output("", table[one], {}) for one in wanted]

    found = [output.events for output in _different(draw, count=6, tries=3)]
    assert found == one_after_the_other(table, count=6, tries=3)
    assert len(drawn) == len(set(drawn))
