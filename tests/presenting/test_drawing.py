"""What pictures draw alike, asked of matplotlib's own objects: where boxes, barlines and numbers lie."""

import logging
import warnings

import matplotlib
import numpy as np
import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from symbolic_embed.bars import cut
from symbolic_embed.presenting.drawing import (
    Look,
    draw_bars,
    draw_boxes,
    draw_keys,
    note_boxes,
    number_bars,
    own_settings,
)
from symbolic_embed.presenting.pages import System, systems
from symbolic_embed.score import Score, TimeSignature


@pytest.fixture
def axes():
    return Figure().add_axes((0, 0, 1, 1))


def system(*barlines, metres=None):
    lines = np.array(barlines, float)
    bars = len(lines) - 1
    return System(lines, tuple(range(1, bars + 1)), tuple(metres or [None] * bars), 480)


def test_a_look_holds_all_pitches_with_room_and_every_drum_once():
    band = cut(pieces.piece(1))
    pitched = np.concatenate([track.notes.pitch for track in band.score.tracks if not track.is_drum])
    look = Look.of(band)
    assert (look.lowest, look.highest) == (pitched.min() - 2, pitched.max() + 3)
    assert look.drums == (36, 38, 42)
    assert look.strip == pytest.approx(0.39)


def test_a_look_of_drums_alone_or_of_nothing_has_room_for_a_note():
    assert Look.of(cut(Score(480))) == Look(58, 63, ())
    assert Look.of(cut(Score(480))).strip == 0
    alone = Look.of(cut(pieces.piece(1, parts=(pieces.drums,))))
    assert (alone.lowest, alone.highest, len(alone.drums)) == (58, 63, 3)


def test_a_look_stays_within_what_midi_has():
    edges = pieces.with_pitches(pieces.melody(1).notes, np.resize([0, 127], len(pieces.melody(1).notes)))
    score = Score(480, (pieces.Track(edges),))
    assert Look.of(cut(score)) == Look(0, 128, ())


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 4), st.integers(0, 127)), min_size=1, max_size=5))
def test_boxes_lie_on_their_notes_are_never_too_thin_and_leave_a_gap(notes):
    start, length, pitch = np.array(notes, float).T
    boxes = note_boxes(start, start + length, pitch, quarters=64.0)
    assert boxes.shape == (len(notes), 4, 2)
    left, right = boxes[:, :, 0].min(axis=1), boxes[:, :, 0].max(axis=1)
    assert np.array_equal(left, start)
    assert (right - left >= 64 / 1500 - 1e-9).all()
    long_enough = length > 0.1
    assert (right[long_enough] < (start + length)[long_enough]).all()
    assert np.allclose(boxes[:, :, 1].mean(axis=1), pitch)
    assert (np.ptp(boxes[:, :, 1], axis=1) < 1).all()


def test_boxes_are_drawn_where_they_lie_in_their_colours(axes):
    corners = note_boxes(np.array([0.0, 2.0]), np.array([1.0, 3.0]), np.array([60.0, 64.0]), quarters=8)
    colours = np.array([[1, 0, 0, 1], [0, 0, 1, 0.5]])
    draw_boxes(axes, corners, colours)
    (boxes,) = axes.collections
    drawn = np.stack([path.vertices[:4] for path in boxes.get_paths()])
    assert np.allclose(drawn, corners)
    assert np.allclose(boxes.get_facecolors(), colours)


def test_keys_are_named_at_each_c_and_black_ones_shaded(axes):
    draw_keys(axes, Look(58, 75, ()))
    assert axes.get_ylim() == (57.5, 74.5)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["C4", "C5"]
    shaded = sorted(round(patch.get_y() + 0.5) for patch in axes.patches)
    assert shaded == [58, 61, 63, 66, 68, 70, 73]


def test_bars_are_framed_and_beats_drawn_where_there_is_room(axes):
    draw_bars(axes, system(0, 4, 8))
    assert axes.get_xlim() == (0, 8)
    lines, beats = ({round(segment[0][0], 6) for segment in drawn.get_segments()} for drawn in axes.collections)
    assert (lines, beats) == ({0, 4, 8}, {1, 2, 3, 5, 6, 7})
    crowded = Figure().add_axes((0, 0, 1, 1))
    draw_bars(crowded, system(*range(0, 69, 4)))
    assert len(crowded.collections) == 1


def test_bars_are_numbered_with_their_metre_where_it_changes(axes):
    number_bars(axes, system(0, 4, 8, 11, metres=["4/4", None, "3/4"]), width=10)
    assert [(text.get_text(), text.get_position()[0], text.get_weight()) for text in axes.texts] == [
        ("1  4/4", 0, "bold"),
        ("2", 4, "normal"),
        ("3  3/4", 8, "bold"),
    ]


def test_numbers_that_have_no_room_are_left_out(axes):
    """A number of one digit takes a fifth of an inch: of bars a tenth of an inch wide each third has room."""
    number_bars(axes, system(*range(0, 404, 4)), width=10)
    numbers = [int(text.get_text()) for text in axes.texts]
    assert numbers[0] == 1
    assert 25 < len(numbers) < 50
    assert max(np.diff(numbers)) <= 5


def fail_inside(block):
    with block:
        assert matplotlib.rcParams["font.size"] == matplotlib.rcParamsDefault["font.size"]
        assert matplotlib.rcParams["svg.hashsalt"] == "symbolic_embed"
        assert logging.getLogger("matplotlib").level == logging.ERROR
        raise ZeroDivisionError


def test_own_settings_last_as_long_as_the_block_also_where_it_fails():
    with matplotlib.rc_context({"font.size": 30}), warnings.catch_warnings():
        before, filters = dict(matplotlib.rcParams), list(warnings.filters)
        level = logging.getLogger("matplotlib").level
        with pytest.raises(ZeroDivisionError):
            fail_inside(own_settings())
        assert dict(matplotlib.rcParams) == before
        assert warnings.filters == filters
        assert logging.getLogger("matplotlib").level == level


def test_metres_come_from_the_page():
    score = Score(480, (pieces.melody(1, bars=3),), time_signatures=(TimeSignature(0, 4, 4), TimeSignature(3840, 3, 4)))
    (page,) = systems(cut(score))
    assert page.metres[:3] == ("4/4", None, "3/4")
