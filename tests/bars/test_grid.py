"""The grid: twelve steps a quarter, every bar on a step of its own, beats of a performance as segments."""

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars.grid import MAX_STEPS, beat_grid, metric_grid
from symbolic_embed.errors import MidiError
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.metre import metre_map


@given(strategies.scores(), st.integers(0, 50))
def test_each_bar_begins_on_a_step_that_lies_on_its_barline(score, offset):
    metre = metre_map(score)
    grid = metric_grid(score, metre, offset_ticks=offset)
    assert grid.bars == len(metre)
    assert grid.tick_of(grid.bar_steps[:-1]).tolist() == (metre.barline_ticks[:-1] + offset).tolist()
    assert grid.step_of(metre.barline_ticks[:-1] + offset).tolist() == grid.bar_steps[:-1].tolist()
    assert grid.bar_of(grid.bar_steps[:-1]).tolist() == list(range(grid.bars))


@given(strategies.scores())
def test_a_bar_has_the_steps_it_takes_to_fill_it(score):
    metre = metre_map(score)
    grid = metric_grid(score, metre)
    for bar in range(grid.bars):
        ticks = int(metre.barline_ticks[bar + 1] - metre.barline_ticks[bar])
        steps = int(grid.bar_length(bar))
        assert (steps - 1) * score.division < ticks * 12 <= steps * score.division


@given(strategies.scores())
def test_the_nearest_step_is_the_nearest_of_all_steps(score):
    grid = metric_grid(score, metre_map(score))
    steps = np.arange(grid.bar_steps[-1] + 1)
    ticks = np.unique(np.concatenate([[0, 1], *(track.notes.offset_ticks for track in score.tracks)]))[:40]
    for tick, step in zip(ticks, grid.step_of(ticks), strict=True):
        nearest = np.abs(grid.tick_of(steps) - tick).min()
        assert abs(int(grid.tick_of(step)) - tick) <= nearest + 1  # a step's own tick is rounded


@given(st.lists(st.integers(12, 5000), min_size=1, max_size=30), st.integers(0, 3))
def test_a_beat_is_twelve_steps_and_lies_on_its_tick(gaps, pick_up):
    beats = np.cumsum([100, *gaps])
    grid = beat_grid(beats, pick_up=pick_up)
    first = 0
    assert grid.tick_of(first + 12 * np.arange(len(beats))).tolist() == beats.tolist()
    assert grid.step_of(beats).tolist() == (12 * np.arange(len(beats))).tolist()
    lengths = np.diff(grid.bar_steps)
    assert lengths[0] == 12 * min(pick_up or 4, len(beats))
    assert (lengths[1:-1] == 48).all()
    assert 0 < lengths[-1] <= 48
    assert grid.bar_steps[-1] == 12 * len(beats)
    assert grid.next_bar_steps == 48


@pytest.mark.parametrize("bars", [0, 1, 3])
def test_bars_after_the_last_go_on_at_its_pace(bars):
    """Of a performance whose last bar has two beats, 100 and 80 ticks long: 6 steps of 80 / 12 are 40 ticks."""
    grid = beat_grid(np.array([0, 110, 220, 330, 440, 540, 620]))
    longer = grid.continued(bars)
    assert np.diff(longer.bar_steps).tolist() == [48, 36, *[48] * bars]
    assert longer.bar_steps[:3].tolist() == grid.bar_steps.tolist()
    steps = np.arange(0, int(longer.bar_steps[-1]) + 50)
    assert longer.tick_of(steps).tolist() == grid.tick_of(steps).tolist()
    assert longer.step_of(grid.tick_of(steps)).tolist() == steps.tolist()


def test_before_the_first_barline_everything_is_step_0():
    score = strategies.tune(np.arange(8))
    grid = metric_grid(score, metre_map(score), offset_ticks=100)
    assert grid.step_of(np.array([0, 50, 100, 119, 121, 140])).tolist() == [0, 0, 0, 0, 1, 1]


def test_half_a_tick_rounds_up():
    """At 30 ticks a quarter a step is 2.5 ticks: 0, 3, 5, 8, 10."""
    score = strategies.tune([0], division=30)
    assert metric_grid(score, metre_map(score)).tick_of(np.arange(5)).tolist() == [0, 3, 5, 8, 10]


def test_too_many_steps_are_refused_in_one_line():
    track = Track(Notes.of([0], [900_000], [60], [1]))
    score = Score(1, (track,), time_signatures=(TimeSignature(0, 255, 1),), source="song.mid")
    with pytest.raises(MidiError, match=r"^song\.mid: \d+ steps of a twelfth of a quarter note; 10000000 are allowed$"):
        metric_grid(score, metre_map(score))
    assert MAX_STEPS == 10_000_000
