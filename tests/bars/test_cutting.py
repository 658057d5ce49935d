"""Cutting and joining: the score comes back tick for tick, whatever its grid, and notes lie in the bars they should."""

import numpy as np
import pytest
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

from symbolic_embed.bars import cut, join
from symbolic_embed.bars.cutting import notes_in_ticks
from symbolic_embed.score import Notes, Score, TimeSignature, Track


def lasting(*rows, signatures=(), channel=0, division=480):
    """A score of one part with notes (onset, duration, pitch)."""
    onset, duration, pitch = np.transpose(rows)
    track = Track(Notes.of(onset, duration, pitch, np.full(len(rows), 90)), channel=channel)
    return Score(division, (track,), time_signatures=signatures)


@given(strategies.scores())
@example(Score(480))
@example(lasting((0, 1, 0), (0, 1, 0), division=1))
def test_joining_what_was_cut_gives_the_score_back(score):
    assert join(cut(score)) == score


@given(strategies.performances())
def test_also_along_estimated_beats(score):
    assert join(cut(score)) == score


@given(st.integers(24, 960), st.floats(0.07, 0.17), st.booleans(), st.integers(25, 90))
def test_also_along_a_moved_grid(division, quarters, early, count):
    on_the_grid = strategies.tune(2 + np.arange(count) / 2, division=division)
    score = strategies.moved(on_the_grid, round(quarters * division) * (-1 if early else 1))
    barred = cut(score)
    assert [warning.kind for warning in barred.score.warnings] == ["grid-offset"]
    assert join(barred) == score


@given(st.one_of(strategies.scores(), strategies.performances()))
@example(lasting((1919, 1, 60)))  # nearest to a barline after which there is no bar
def test_notes_lie_where_their_bar_is(score):
    """Each in the bar whose steps hold its own, ordered by part, step, pitch, and near its step in ticks."""
    barred = cut(score)
    notes, grid = barred.notes, barred.grid
    assert (grid.bar_steps[barred.note_bar] <= notes.onset_steps).all()
    assert (notes.onset_steps < grid.bar_steps[barred.note_bar + 1]).all()
    assert (notes.length_steps >= 1).all()
    rows = list(zip(notes.track, notes.onset_steps, notes.pitch, strict=True))
    assert rows == sorted(rows)


@given(strategies.scores())
@example(Score(480))
def test_drums_are_the_notes_of_drum_parts(score):
    barred = cut(score)
    assert barred.part_is_drum.tolist() == [track.is_drum for track in score.tracks]
    assert barred.note_is_drum.tolist() == [score.tracks[part].is_drum for part in barred.notes.track]
    assert barred.part_is_drum.dtype == barred.note_is_drum.dtype == bool


@given(strategies.scores())
def test_no_note_is_further_from_its_step_than_half_a_step(score):
    """And a short bar's last step may be short: there the step before it, a whole step away, may be nearest."""
    barred = cut(score)
    if any(warning.kind == "grid-offset" for warning in barred.score.warnings):
        return
    complete = np.array([barred.metre.is_complete(bar, division=score.division) for bar in range(barred.bars)])
    residues = np.abs(barred.notes.onset_residue[complete[barred.note_bar]])
    assert (residues <= score.division / 24 + 1).all()


def test_a_note_played_a_little_early_belongs_to_the_bar_it_is_nearest_to():
    """On the barline at 1920: 15 ticks before it is nearest to it, 25 before is nearest to the last step, at 1880."""
    barred = cut(lasting((1905, 100, 60), (1895, 100, 62)))
    assert barred.note_bar.tolist() == [0, 1]
    assert barred.notes.pitch.tolist() == [62, 60]
    assert barred.notes.onset_residue.tolist() == [15, -15]


def test_so_it_is_before_a_barline_that_cuts_a_step_short():
    """The first bar ends at tick 100, inside its third step, which begins at 80: 95 is nearer to the barline."""
    score = lasting((95, 480, 60), (0, 2000, 40), signatures=(TimeSignature(0, 4, 4), TimeSignature(100, 4, 4)))
    barred = cut(score)
    assert barred.grid.bar_steps.tolist() == [0, 3, 51]
    assert barred.note_bar.tolist() == [0, 1]
    assert barred.notes.onset_residue.tolist() == [0, -5]


def test_a_note_over_the_barline_stays_whole_in_the_bar_where_it_begins():
    barred = cut(lasting((1440, 960, 60), (1920, 480, 62)))
    cell = barred.cell(track=0, bar=0)
    assert (cell.onset_steps.tolist(), cell.length_steps.tolist(), cell.pitch.tolist()) == ([36], [24], [60])
    assert barred.cell(track=0, bar=1).pitch.tolist() == [62]
    assert len(barred.cell(track=1, bar=0)) == 0


def test_the_pick_up_is_a_short_first_bar():
    signatures = (TimeSignature(0, 1, 4), TimeSignature(480, 3, 4))
    barred = cut(lasting((0, 480, 67), (480, 1440, 72), signatures=signatures))
    assert barred.grid.bar_steps.tolist() == [0, 12, 48]
    assert barred.note_bar.tolist() == [0, 1]


def test_the_score_that_was_cut_is_not_changed():
    score = strategies.tune(2.2 + np.arange(40) / 2)
    before = (score, score.warnings, score.tracks[0].notes.rows().tolist())
    barred = cut(score)
    assert len(barred.score.warnings) == 1
    assert before == (score, (), score.tracks[0].notes.rows().tolist())


def test_an_empty_score_is_one_empty_bar():
    barred = cut(Score(480))
    assert (barred.bars, len(barred.notes), barred.roles) == (1, 0, ())


@pytest.mark.parametrize(("residue", "onset"), [(-5, 0), (3, 3)])
def test_notes_in_ticks_begin_at_tick_0_or_later_and_last_a_tick_or_more(residue, onset):
    barred = cut(lasting((0, 480, 60)))
    placed = barred.notes
    placed.onset_residue[0], placed.offset_residue[0] = residue, -1000
    assert notes_in_ticks(placed, grid=barred.grid).rows().tolist() == [[onset, 1, 60, 90]]
