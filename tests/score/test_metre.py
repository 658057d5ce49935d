"""Barlines: compared with a walk from bar to bar, and with what a musician would draw."""

from dataclasses import replace

import naive
import numpy as np
import pytest
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

from symbolic_embed.errors import MidiError
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.metre import MAX_BARS, bar_length_ticks, beat_ticks, metre_map, stated_length


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
    """From 0 to the end of the last note but for a tail, each bar beginning where the one before ended, none empty."""
    metre = metre_map(score)
    lines, beat = metre.barline_ticks, beat_ticks(metre.following, division=score.division)
    assert lines[0] == 0
    assert (np.diff(lines) > 0).all()
    assert lines[-1] + beat > score.end_tick
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


def piece(*notes, signatures=(), length=None, division=480):
    """A score of (onset, end) pairs."""
    columns = [(onset, end - onset, 60, 90) for onset, end in notes]
    track = Track(Notes.of(*zip(*columns, strict=True)))
    return Score(division, (track,), time_signatures=signatures, length_ticks=length)


@pytest.mark.parametrize(
    ("end", "bars"),
    [(3840, 2), (3841, 2), (3900, 2), (4200, 2), (4299, 2), (4300, 3), (4319, 3), (4800, 3), (5760, 3), (5761, 3)],
)
def test_a_tail_of_less_than_a_beat_adds_no_bar(end, bars):
    """A beat of 480 with a gap of 20 (half a step) before the next is a beat."""
    assert len(metre_map(piece((0, 1900), (1920, end)))) == bars


@pytest.mark.parametrize(("onset", "bars"), [(3819, 2), (3820, 3), (3840, 3), (3850, 3)])
def test_where_a_note_begins_behind_the_barline_there_is_no_tail(onset, bars):
    assert len(metre_map(piece((0, 1900), (onset, 3900)))) == bars


@pytest.mark.parametrize(
    ("signature", "beat"), [("6/8", 720), ("3/8", 240), ("2/2", 960), ("2/4", 480), ("1/4", 240), ("7/8", 240)]
)
def test_what_a_beat_is_follows_from_the_metre(signature, beat):
    numerator, denominator = map(int, signature.split("/"))
    assert beat_ticks(TimeSignature(0, numerator, denominator), division=480) == beat


def test_the_metre_that_stands_on_the_last_barline_follows():
    metre = metre_map(piece((0, 1940), signatures=(TimeSignature(0, 4, 4), TimeSignature(1921, 3, 4))))
    assert metre.barline_ticks.tolist() == [0, 1920]
    assert str(metre.following) == "3/4"
    assert str(metre_map(piece((0, 1940))).following) == "4/4"


@pytest.mark.parametrize("beside", [-29, -1, 0, 1, 29])
def test_a_signature_a_little_beside_a_barline_is_that_barlines(beside):
    """A 64th is 30 ticks."""
    waltz = TimeSignature(1920 + beside, 3, 4)
    metre = metre_map(piece((0, 4800), signatures=(TimeSignature(max(beside, 0), 4, 4), waltz)))
    assert metre.barline_ticks.tolist() == [0, 1920, 3360, 4800]
    assert [str(signature) for signature in metre.signatures] == ["4/4", "3/4", "3/4"]


def test_a_signature_a_64th_beside_a_barline_cuts_a_bar():
    assert metre_map(piece((0, 4830), signatures=(TimeSignature(1950, 3, 4),))).barline_ticks.tolist() == [
        0,
        1920,
        1950,
        3390,
        4830,
    ]


def test_of_two_signatures_beside_a_barline_the_last_counts():
    both = (TimeSignature(0, 4, 4), TimeSignature(1919, 5, 4), TimeSignature(1921, 3, 4))
    assert metre_map(piece((0, 3360), signatures=both)).barline_ticks.tolist() == [0, 1920, 3360]


@pytest.mark.parametrize("length", [1920, 3840, 9600])
def test_a_stated_length_is_where_the_bars_end(length):
    assert metre_map(piece((0, 1000), length=length)).barline_ticks[-1] == length


@pytest.mark.parametrize(
    ("ends", "length"),
    [
        ([3840], 3840),
        ([1920], 1920),  # the barline after the last note: nothing new, and nothing wrong
        ([1921], None),  # as many programs do, a tick behind the last event
        ([3839], None),
        ([1920 * 5], 1920 * 5),  # four bars of rest
        ([1920 * 6], None),
        ([1920 * 400], None),
        ([0, 1901, 3840], 3840),  # others say nothing
        ([3840, 5760, 5760, 3840, 3840], 3840),
        ([3840, 5760], 5760),
        ([], None),
    ],
)
def test_an_end_of_track_on_a_barline_a_few_bars_behind_the_music_is_its_end(ends, length):
    score = piece((0, 960), (960, 1900))
    assert stated_length(ends, score, music_end=score.end_tick) == length


@given(strategies.scores(), st.integers(0, 40_000))
def test_what_is_no_barline_is_no_length(score, end):
    """The quick look in whole numbers says no more often than the barlines do."""
    lines = metre_map(replace(score, length_ticks=end + 1)).barline_ticks
    expected = end if end in lines and end > score.end_tick > 0 else None
    assert stated_length([end], score, music_end=score.end_tick) in {expected, None}
    near = end - score.end_tick < 4 * np.diff(lines).min()
    if expected and near and not any(signature.tick >= end for signature in score.time_signatures):
        assert stated_length([end], score, music_end=score.end_tick) == end
