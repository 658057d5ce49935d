"""Loops and sections of pieces in which they can be counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from looping_music import BEAT, KIT, part, piece, pop, repeated, triads

from symbolic_embed.bars.patterns.loops import Loop, bar_likeness, best_loop, loop_of, same_metre, section_bars


def test_a_piece_returns_when_its_chords_do_though_its_drums_return_each_bar():
    band = pop(turns=2)
    assert loop_of(band) == Loop(4, 1.0)
    assert [loop_of(band, part=number).period for number in range(3)] == [4, 4, 1]


def test_the_new_bars_go_on_in_phase():
    """After six bars of a loop of four, bar 7 brings back bar 3."""
    assert [Loop(4, 1.0).bar(new, bars=6) for new in range(6)] == [2, 3, 4, 5, 2, 3]


@given(st.sampled_from([1, 2, 3, 4, 5, 6, 8]), st.integers(2, 3))
def test_a_loop_of_different_bars_is_found(period, turns):
    tune = [(4 * bar + beat, 1, 60 + (5 * bar + 3 * beat) % 13) for bar in range(period) for beat in range(4)]
    assert loop_of(piece(part(repeated(tune, times=turns, quarters=4 * period)))).period == period


def test_where_nothing_returns_the_end_stands_for_the_loop():
    wandering = [(quarter, 1, 40 + quarter * quarter % 37) for quarter in range(48)]
    assert loop_of(piece(part(wandering[:20]))) == Loop(5, 0.0)
    assert loop_of(piece(part(wandering))) == Loop(8, 0.0)


def test_a_fill_does_not_hide_the_beat_nor_does_another_octave():
    fill = [*BEAT, (3.5, 0.25, 45)]
    bars = repeated(BEAT, times=3, quarters=4) + [(12 + onset, length, pitch) for onset, length, pitch in fill]
    assert loop_of(piece(part(repeated(bars, times=2, quarters=16), channel=KIT))).period == 4
    tune = [(0, 1, 60), (1, 1, 64), (2, 2, 67)]
    octaves = tune + [(4 + onset, length, pitch + 12) for onset, length, pitch in tune]
    assert bar_likeness(piece(part(octaves))).tolist() == [[1, 0.5], [0.5, 1]]


def test_likeness_is_shared_notes_of_all_notes_in_either_bar():
    """Two of three notes at the same place, the third a semitone off: 2 of 4 by pitch as by pitch class; rests are
    alike."""
    likeness = bar_likeness(piece(part([(0, 1, 60), (1, 1, 62), (2, 1, 64), (4, 1, 60), (5, 1, 62), (6, 1, 65)])))
    assert likeness[0, 1] == 0.5
    rests = piece(part([(0, 1, 60), (12, 1, 60)]))
    assert bar_likeness(rests).round(3).tolist() == [[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]]


def test_of_one_pair_alone_a_chance_likeness_is_no_loop():
    likeness = np.eye(4)
    likeness[3, 0] = likeness[0, 3] = 0.5
    assert best_loop(likeness) == Loop(4, 0.0)
    likeness[3, 0] = 1.0
    assert best_loop(likeness) == Loop(3, 1.0)


def test_bars_of_another_metre_are_none_of_it():
    from symbolic_embed.bars import cut
    from symbolic_embed.score import Score, TimeSignature

    tune = part([(0, 3, 60), (3, 3, 62), (6, 4, 64), (10, 4, 65), (14, 4, 64), (18, 4, 65)])
    changing = cut(Score(480, (tune,), time_signatures=(TimeSignature(0, 3, 4), TimeSignature(6 * 480, 4, 4))))
    assert changing.bars == 6
    assert same_metre(changing) == range(2, 6)
    assert loop_of(changing) == Loop(2, 1.0)


@pytest.mark.parametrize("length", [4, 8])
def test_a_section_is_as_long_as_what_changes_says(length):
    """One bar that returns, on another degree in each section, and drums in every other section."""
    bar = triads([0, 5], each=2)
    chords = [
        (onset + 4 * number, quarters, pitch + (0, 7, 2, 9)[number // length])
        for number in range(4 * length)
        for onset, quarters, pitch in bar
    ]
    beat = [
        (onset + 4 * number, quarters, pitch)
        for number in range(4 * length)
        if number // length % 2
        for onset, quarters, pitch in BEAT
    ]
    assert section_bars(piece(part(chords), part(beat, channel=KIT))) == length


def test_a_piece_that_never_changes_has_sections_of_whole_loops():
    assert section_bars(pop(turns=4)) == 8
    assert section_bars(pop(turns=1)) == 4
    waltz = repeated([(4 * bar, 4, 60 + 2 * bar) for bar in range(3)], times=5, quarters=12)
    assert section_bars(piece(part(waltz))) == 9
