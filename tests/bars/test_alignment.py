"""On the grid, beside it, or nowhere: each is told apart, and the user is told by how much."""

from dataclasses import replace

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from performed_music import TICKS_A_SECOND, performance, slowing

from symbolic_embed.bars import cut
from symbolic_embed.bars.alignment import FEWEST_ONSETS, align
from symbolic_embed.score import Score

EIGHTHS = 2 + np.arange(64) / 2
TUNE = np.array([0, 1, 1.5, 2, 2.5, 2.75, 3, 3.5])  # a rhythm of eighths and a sixteenth, in one bar
MUSIC = 4 + (TUNE + 4 * np.arange(16)[:, None]).ravel()
TRIPLETS = 4 + np.arange(96) / 3


def kinds(score):
    return [warning.kind for warning in align(score)[2]]


@pytest.mark.parametrize("music", [EIGHTHS, MUSIC, TRIPLETS, np.arange(64), np.arange(64) + 1 / 4, MUSIC + 1 / 2])
def test_music_on_the_grid_needs_no_words(music):
    """Also where all of it is syncopated: a moved tune of eighths and sixteenths is still on eighths and sixteenths."""
    assert kinds(strategies.tune(music)) == []


@given(st.integers(24, 960), st.floats(0.07, 0.17), st.sampled_from([-1, 1]))
def test_music_moved_by_a_constant_is_found_with_its_amount(division, quarters, sign):
    ticks = sign * round(quarters * division)
    score = strategies.moved(strategies.tune(MUSIC, division=division), ticks)
    barred = cut(score)
    (warning,) = barred.score.warnings
    assert warning.kind == "grid-offset"
    assert warning.text == (
        f"the notes lie {ticks:+d} ticks beside the file's own grid ({ticks / division:+.3f} quarter); "
        "bars follow the notes"
    )
    assert (barred.notes.onset_residue == 0).all() or division % 12
    straight = cut(strategies.tune(MUSIC, division=division))
    assert barred.notes.onset_steps.tolist() == straight.notes.onset_steps.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_uneven_playing_counts_as_on_the_grid(seed):
    """A pupil with a metronome: 15 ms either way at 120 quarters a minute are 0.03 of a quarter."""
    uneven = MUSIC + np.random.default_rng(seed).normal(0, 0.03, len(MUSIC))
    assert kinds(strategies.tune(uneven)) == []


@pytest.mark.parametrize("seed", range(3))
def test_swing_counts_as_on_the_grid(seed):
    swung = 4 + (np.array([0, 0.62]) + np.arange(48)[:, None]).ravel()
    assert kinds(strategies.tune(swung + np.random.default_rng(seed).normal(0, 0.01, 96))) == []


def random_onsets(count, *, seed, division=480):
    """Onsets anywhere, one after the other, a third of a quarter apart on average."""
    quarters = np.cumsum(np.random.default_rng(seed).exponential(1 / 3, count))
    return strategies.tune(quarters, division=division)


@pytest.mark.parametrize("count", [70, 120, 400])
def test_random_onsets_are_on_no_grid(count):
    """But for one piece in fifty, or so: chance makes grids, too, where there are few notes."""
    found = [kinds(random_onsets(count, seed=seed)) for seed in range(40)]
    assert found.count(["beats-estimated"]) >= 38


def test_bars_of_a_performance_are_four_estimated_beats():
    score = random_onsets(400, seed=0)
    metre, grid, (warning,) = align(score)
    beats = int(warning.text.split(": ")[1].split()[0])
    assert warning.text == (
        f"the notes follow no grid: {beats} beats were estimated, bars are four beats each; "
        "no steady beat is heard, so they are a guess"
    )
    assert grid.confidence < 0.5
    assert beats == len(grid.segment_ticks)
    assert metre.barline_ticks.tolist() == grid.tick_of(grid.bar_steps).tolist()
    assert len(metre) == grid.bars == len(metre.signatures)
    assert {str(signature) for signature in metre.signatures} == {"4/4"}


@pytest.mark.parametrize(
    ("how", "metre", "said"),
    [({}, "4/4", "four"), ({"per_bar": 3}, "3/4", "three"), ({"per_bar": 2, "thirds": True}, "6/8", "two dotted")],
)
def test_bars_are_those_of_the_music(how, metre, said):
    """Bass and harmony change with each of them; the tempo goes from 100 to 80."""
    beats = slowing(49)
    score = performance(beats, **how)
    metres, grid, (warning,) = align(score)
    assert warning.text == (
        f"the notes follow no grid: 48 beats were estimated, bars are {said} beats each; "
        "what writes can be told otherwise with `played_tempo`, `played_metre`"
    )
    assert {str(signature) for signature in metres.signatures} == {metre}
    barlines = metres.barline_ticks[:-1] / TICKS_A_SECOND
    assert np.abs(barlines - beats[: -1 : how.get("per_bar", 4)]).max() < 0.03
    assert grid.confidence > 0.9


def test_a_clock_is_no_grid_even_where_there_are_few_notes():
    """Film time: the file itself says that its ticks are no metre."""
    score = replace(strategies.tune(np.arange(5)), has_grid=False)
    (warning,) = align(score)[2]
    assert warning.kind == "no-grid"
    assert warning.text == (
        "the notes follow no grid, and beats cannot be estimated; bars are stretches of the file's own clock"
    )


def test_of_few_notes_nothing_is_concluded():
    score = strategies.moved(strategies.tune(MUSIC[: FEWEST_ONSETS - 1]), 60)
    assert kinds(score) == []
    assert kinds(strategies.moved(strategies.tune(MUSIC[:FEWEST_ONSETS]), 60)) == ["grid-offset"]
    assert kinds(Score(480)) == []


def test_where_the_grid_is_moved_forward_the_last_notes_still_have_bars():
    """The last note begins an eighth before the file's last barline, and the moved barline falls on it."""
    early = strategies.moved(strategies.tune(4 + np.arange(65) / 2, length=0.1), -60)
    barred = cut(early)
    assert early.end_tick < 9 * 1920
    assert (np.diff(barred.notes.onset_steps) == 6).all()
    assert barred.note_bar[-1] == 9
    assert barred.bars == len(barred.metre) == 10


def test_where_the_grid_is_moved_back_the_last_notes_need_no_bar_more():
    """Quarters and eighths, as a recording has them that began a little before the first beat."""
    music = np.concatenate([4 * bar + np.array([0, 1, 2, 2.5, 3, 3.5]) for bar in range(8)])
    late = strategies.moved(strategies.tune(music), 37)
    barred = cut(late)
    assert [warning.kind for warning in barred.score.warnings] == ["grid-offset"]
    assert late.end_tick > 8 * 1920
    assert barred.bars == len(barred.metre) == 8
