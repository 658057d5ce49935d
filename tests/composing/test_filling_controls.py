"""A stretch that is filled as it is asked to be: words are measured against the bars around it."""

from __future__ import annotations

import numpy as np
from composers import deciding, opened, tiny_composer
from looping_music import pop

from symbolic_embed.composing.filling import Filled, fill_gap
from symbolic_embed.composing.gaps import gaps
from symbolic_embed.requests import FillRequest

KEYS = 0
BAND = pop(turns=2)


def filled(**fields) -> list[Filled]:
    """Two bars of the keys, by a composer of random weights that never rests."""
    trained = deciding(opened(tiny_composer()), returns=False, plays=True)
    (gap,) = gaps(BAND, bars=(4, 5), tracks=(KEYS,))
    request = FillRequest(bars=[4, 5], takes=2, variations=2, **fields)
    return fill_gap(trained, gap, request, random=np.random.default_rng(0))


def test_density_is_measured_against_the_bars_around():
    """Three notes a bar there: two, three, four and a half a bar, and eight where a number says so."""
    for wish, notes in (("lower", 4), ("same", 6), ("higher", 9), (2.0, 16)):
        for filling in filled(density={"keys": wish}, polyphony=1):
            assert abs(len(filling.added) - notes) <= 2


def test_a_part_that_is_to_be_cold_does_not_depend_on_chance():
    one, other = filled(temperature={"keys": 0.0, None: 1.0})
    assert np.array_equal(one.added.pitch, other.added.pitch)
    assert len(one.added)
    one, other = filled(temperature=1.0)
    assert not np.array_equal(one.added.pitch, other.added.pitch)
