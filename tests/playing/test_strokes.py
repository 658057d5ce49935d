"""Strokes as a drummer thinks of them."""

import numpy as np
import pytest

from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.strokes import Strokes, beat_quarters
from symbolic_embed.score import TimeSignature

KICK, SNARE, HAT = (PIECES.index(name) for name in ("kick", "snare", "hat"))
FOUR, WALTZ, SHUFFLE = TimeSignature(0, 4, 4), TimeSignature(0, 3, 4), TimeSignature(0, 12, 8)


def strokes(pieces, positions, *, metre=FOUR, bar=None):
    bars = np.zeros(len(pieces), np.int64) if bar is None else np.array(bar)
    return Strokes.of(np.array(pieces), bars, np.array(positions, float), (metre,) * (int(bars.max()) + 1))


@pytest.mark.parametrize(
    ("metre", "beat"), [((4, 4), 1), ((2, 2), 1), ((7, 8), 1), ((6, 8), 1.5), ((12, 8), 1.5), ((3, 8), 1)]
)
def test_a_beat_is_a_quarter_or_a_dotted_one(metre, beat):
    assert beat_quarters(TimeSignature(0, *metre)) == beat


def test_places_of_a_bar_of_four_beats():
    one = strokes([HAT] * 4, [0, 0.5, 2, 3.75])
    assert one.place.tolist() == one.bar_step.tolist() == [0, 6, 24, 45]
    assert one.in_beat.tolist() == [0, 6, 0, 9]


def test_a_shuffle_is_triplets():
    assert strokes([HAT] * 3, [0, 1, 4.5], metre=SHUFFLE).place.tolist() == [0, 8, 36]


def test_in_other_bars_a_beat_is_the_first_or_another():
    assert strokes([HAT] * 4, [0, 0.5, 1, 2.5], metre=WALTZ).place.tolist() == [0, 6, 48, 54]


def test_what_goes_with_a_stroke_and_what_is_near():
    one = strokes([KICK, HAT, HAT, SNARE, HAT, HAT], [0, 0, 0.25, 1, 1, 2.5])
    assert one.company.tolist() == [4, 1, 0, 4, 2, 0]
    assert one.between.tolist() == [0, 2, 1, 0, 0, 0]


def test_what_is_nearest_to_the_next_barline_is_in_the_next_bar():
    one = strokes([HAT, HAT], [3.99, 3.99], bar=[0, 1])
    assert one.bar_step.tolist() == [0, 48]  # but in the last bar
    assert one.step.tolist() == [48, 96]
