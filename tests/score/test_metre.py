"""Barlines: compared with a walk from bar to bar, and with what a musician would draw."""

import naive
import numpy as np
import pytest
import strategies
from hypothesis import example, given

from symbolic_embed.errors import MidiError
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.metre import MAX_BARS, bar_length_ticks, metre_map


def lasting(ticks, *signatures, division=480):
    """A score of one note of so many ticks."""
    track = Track(Notes.of([0], [ticks], [60], [90]))
    return Score(division, (track,), time_signatures=signatures, source="song.mid")


@given(strategies.scores())
@example(lasting(3, TimeSignature(0, 5, 8), division=1))  # bars of 2.5 ticks: 0, 3, 5, 8
@example(lasting(4000, TimeSignature(0, 1, 128), division=1))  # 32 bars would begin at every tick
def test_barlines_are_those_of_a_walk_from_bar_to_bar(score):
    metre = metre_map(score)
    lines, signatures = naive.barlines(score)
    assert metre.barline_ticks.tolist() == lines
    assert list(metre.signatures) == signatures
    assert len(metre) == len(signatures)


@given(strategies.scores())
def test_bars_tile_the_piece(score):
    """From 0 to the end of the last note, each bar beginning where the one before ended, none empty."""
    lines = metre_map(score).barline_ticks
    assert lines[0] == 0
    assert (np.diff(lines) > 0).all()
    assert lines[-1] >= score.end_tick
    assert lines[-2] < max(score.end_tick, 1)


@given(strategies.scores())
def test_every_tick_lies_in_the_bar_between_whose_barlines_it_is(score):
    metre = metre_map(score)
    ticks = np.unique(np.clip(metre.barline_ticks[:, None] + [-1, 0, 1], 0, None))
    for tick, bar in zip(ticks, metre.bar_at(ticks), strict=True):
        assert bar == len(metre) or metre.barline_ticks[bar] <= tick < metre.barline_ticks[bar + 1]


def test_a_late_first_signature_leaves_common_time_before_it():
    metre = metre_map(lasting(3 * 1920, TimeSignature(1920, 3, 4)))
    assert metre.barline_ticks.tolist() == [0, 1920, 3360, 4800, 6240]
    assert [str(signature) for signature in metre.signatures] == ["4/4", "3/4", "3/4", "3/4"]


def test_a_signature_inside_a_bar_ends_it_there():
    metre = metre_map(lasting(4000, TimeSignature(0, 4, 4), TimeSignature(480, 4, 4)))
    assert metre.barline_ticks.tolist() == [0, 480, 2400, 4320]
    assert [metre.is_complete(bar, division=480) for bar in range(3)] == [False, True, True]


def test_a_piece_without_notes_has_one_bar():
    assert metre_map(Score(480)).barline_ticks.tolist() == [0, 1920]


@pytest.mark.parametrize("end", [100, 960])
def test_a_signature_where_the_music_is_over_makes_no_bar(end):
    assert metre_map(lasting(end, TimeSignature(960, 3, 4))).barline_ticks.tolist() == [0, 1920]


@pytest.mark.parametrize(
    ("numerator", "denominator", "division", "ticks"), [(3, 8, 100, 150), (1, 128, 100, 25 / 8), (12, 8, 480, 2880)]
)
def test_the_length_of_a_bar_is_exact(numerator, denominator, division, ticks):
    assert bar_length_ticks(TimeSignature(0, numerator, denominator), division=division) == ticks


def test_rounding_does_not_add_up():
    """A thousand bars of 3.125 ticks end at 3125, not at 3000."""
    metre = metre_map(lasting(3125, TimeSignature(0, 1, 128), division=100))
    assert len(metre) == 1000
    assert metre.barline_ticks[-1] == 3125


def test_too_many_bars_are_refused_in_one_line():
    score = lasting(MAX_BARS * 60 + 1, TimeSignature(0, 1, 32))
    with pytest.raises(MidiError) as caught:
        metre_map(score)
    assert str(caught.value) == (
        "song.mid: more than 100000 bars (1/32 at tick 0, last note ends at tick 6000001); "
        "is a time signature or a length wrong?"
    )
