"""Patterns: what is the same, and what it becomes together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import Windows, cell_windows, cut
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing.manner import CRASHES
from symbolic_embed.composing.patterns import Patterns
from symbolic_embed.score import read

SAMPLES = Path(__file__).parents[2] / "datasets" / "samples" / "midi"
C, G = 60, 67


def cells(*contents, track=None, bar=None):
    """Cells of one bar of 4/4 each; of each its notes: onset, pitch, and length and flags unless they are 6 and 0."""
    notes = [
        (window, note[0], note[3] if len(note) > 3 else 0, note[1], note[2] if len(note) > 2 else 6)
        for window, content in enumerate(contents)
        for note in content
    ]
    windows = Windows.of_notes(np.array(notes, np.int64), steps=np.full(len(contents), 48))
    track = np.zeros(len(contents), np.int64) if track is None else np.array(track)
    return replace(windows, track=track, bar=np.arange(len(contents)) if bar is None else np.array(bar))


def patterns_of(windows, **asked):
    return Patterns.of(windows, apart=np.zeros(len(windows), np.int64), **asked)


def notes_of(windows):
    """The notes of each window: onset, pitch, length."""
    rows = zip(windows.onset.tolist(), windows.pitch.tolist(), windows.length.tolist(), strict=True)
    result = [[] for _ in range(len(windows))]
    for window, row in zip(windows.note_window.tolist(), rows, strict=True):
        result[window].append(row)
    return result


RIFF, OTHER = [(0, C), (12, G)], [(0, C), (24, G)]


def test_equal_cells_of_a_part_are_one_pattern_and_so_are_those_of_two_parts_in_one_bar():
    windows = cells(RIFF, OTHER, RIFF, RIFF, OTHER, track=[0, 0, 0, 1, 1], bar=[0, 1, 2, 0, 3])
    pattern = patterns_of(windows).pattern.tolist()
    assert pattern[0] == pattern[2] == pattern[3]  # bar 2 of the first part is that of the second by way of bar 0
    assert len({pattern[0], pattern[1], pattern[4]}) == 3  # equal, but of two parts that never double each other


def test_a_doubling_may_lie_octaves_away_but_no_fifth():
    low, fifth = [[(onset, pitch - up) for onset, pitch in RIFF] for up in (24, 7)]
    patterns = patterns_of(cells(RIFF, low, fifth, track=[0, 1, 2], bar=[0, 0, 0]))
    assert patterns.pattern[0] == patterns.pattern[1] != patterns.pattern[2]
    assert patterns.semitones.tolist() == [0, -24, 0]


def test_what_is_asked_to_go_elsewhere_is_not_the_same():
    windows = cells(RIFF, RIFF, track=[0, 1], bar=[0, 0])
    assert len(Patterns.of(windows, apart=np.array([0, 1]))) == 2


def test_a_step_early_and_longer_is_the_same_unless_compared_exactly():
    late = [(1, C, 9), (11, G, 2)]
    assert len(patterns_of(cells(RIFF, late))) == 1
    assert len(patterns_of(cells(RIFF, late), exactly=True)) == 2
    assert len(patterns_of(cells(RIFF, [(3, C), (12, G)]))) == 2


def test_a_crash_and_what_is_held_over_make_no_other_pattern():
    kit = [(0, 36, 3, DRUM), (12, 42, 3, DRUM)]
    assert len(patterns_of(cells([*kit, (0, 49, 3, DRUM)], kit))) == 1
    patterns = patterns_of(cells([*RIFF, (0, 48, 6, HELD)], RIFF))
    assert patterns.model.tolist() == [1]  # the one without what is held over


def test_all_play_what_the_model_becomes_each_in_its_octave_with_what_it_keeps():
    low = [(onset, pitch - 12) for onset, pitch in RIFF]
    windows = cells([*RIFF, (0, 40, 6, HELD)], RIFF, low, track=[0, 0, 1], bar=[0, 1, 1])
    patterns = patterns_of(windows)
    (model,) = patterns.model
    assert model == 1
    becomes = cells([(0, C), (30, 65)])
    played = notes_of(patterns.played(becomes, kept=~windows.begins))
    assert played == [[(0, C, 6), (0, 40, 6), (30, 65, 6)], [(0, C, 6), (30, 65, 6)], [(0, C - 12, 6), (30, 53, 6)]]


def test_a_note_that_stays_is_as_early_and_as_long_as_each_cell_has_it():
    windows = cells(RIFF, [(1, C, 9), (11, G, 2)])
    patterns = patterns_of(windows)
    played = notes_of(patterns.played(cells([(0, C), (12, 65)]), kept=~windows.begins))
    assert played == [[(0, C, 6), (12, 65, 6)], [(1, C, 9), (12, 65, 6)]]


def test_what_is_kept_in_one_is_kept_in_all():
    windows = cells(RIFF, [(onset, pitch + 12) for onset, pitch in RIFF], track=[0, 1], bar=[0, 0])
    patterns = patterns_of(windows)
    assert patterns.agreed(np.array([False, True, False, False])).tolist() == [False, True, False, True]


def test_allowed_is_what_all_may_play_from_where_they_are():
    windows = cells(RIFF, [(onset, pitch - 12) for onset, pitch in RIFF], track=[0, 1], bar=[0, 0])
    patterns = patterns_of(windows)
    allowed = np.zeros((2, 256), bool)
    allowed[0, [60, 62, 64]] = True
    allowed[1, [48, 52, 62]] = True  # an octave lower: C, E and a D that only the upper one could double
    up = 0 if patterns.model[0] == 0 else -12
    assert np.flatnonzero(patterns.allowed_to_all(allowed)[0]).tolist() == [60 + up, 64 + up]


def test_a_pattern_is_taken_apart_by_parts_and_then_by_cells():
    windows = cells(RIFF, RIFF, RIFF, RIFF, track=[0, 0, 1, 1], bar=[0, 1, 0, 1])
    whole = patterns_of(windows)
    by_part = whole.split(np.ones(1, bool))
    assert by_part.pattern.tolist() == [0, 0, 1, 1]
    by_cell = by_part.split(np.array([True, False]))
    assert len(by_cell) == 3
    assert len({*by_cell.pattern[:2].tolist(), by_cell.pattern[2]}) == 3
    assert (whole.apart, by_part.apart, by_cell.apart) == (0, 4, 6)


NOTES = st.lists(st.tuples(st.integers(0, 15), st.integers(48, 71)), min_size=1, max_size=4, unique=True)


@given(contents=st.lists(NOTES, min_size=1, max_size=3), order=st.lists(st.integers(0, 5), min_size=2, max_size=8))
def test_what_was_the_same_is_the_same_and_a_model_that_stays_leaves_all_as_they_are(contents, order):
    """Against the slow way: comparing each cell with each other."""
    chosen = [sorted((3 * place, pitch) for place, pitch in contents[number % len(contents)]) for number in order]
    windows = cells(*chosen)
    patterns = patterns_of(windows)
    for one, first in zip(patterns.pattern, chosen, strict=True):
        for other, second in zip(patterns.pattern, chosen, strict=True):
            assert (one == other) == (first == second)
    played = patterns.played(windows.where(patterns.model), kept=~windows.begins)
    assert notes_of(played) == notes_of(windows)


@pytest.mark.parametrize("name", ["seed_band", "drowsy_maggie"])
def test_models_that_stay_leave_real_music_as_it_is(name):
    windows = cell_windows(cut(read(SAMPLES / f"{name}.mid")))
    patterns = patterns_of(windows)
    assert len(patterns) < len(windows)
    kept = ~windows.begins | (windows.is_drum & np.isin(windows.pitch, CRASHES))
    played = patterns.played(windows.where(patterns.model), kept=kept)
    assert notes_of(played) == notes_of(windows)
