"""Leaps: counted in the line of a cell with its neighbours, against a count by hand."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars import Windows, cell_windows, cut
from symbolic_embed.composing.leaps import Leaps
from symbolic_embed.score import Notes, Score, TimeSignature, Track


def piece(*pitches, channel=0):
    """A bar of a note a beat for every four pitches."""
    rows = [(beat * 480, 400, pitch, 80) for beat, pitch in enumerate(pitches)]
    track = Track(Notes.of(*zip(*rows, strict=True)), channel=channel)
    return cut(Score(480, (track,), time_signatures=(TimeSignature(0, 4, 4),)))


def bar_of(*pitches):
    notes = [(0, 12 * beat, 0, pitch, 6) for beat, pitch in enumerate(pitches)]
    return Windows.of_notes(np.array(notes, np.int64), steps=np.array([48]))


def test_the_leaps_of_a_cell_are_those_into_it_in_it_and_out_of_it():
    barred = piece(60, 62, 64, 60, 68, 67, 75, 74, 60, 62, 64, 65)  # up into the second bar, up in it, down out of it
    leaps = Leaps.of(cell_windows(barred), barred)
    assert leaps.before.tolist() == [-1, 60, 74]
    assert leaps.after.tolist() == [68, 60, -1]
    assert leaps.count.tolist() == [1, 3, 1]


def test_more_are_counted_and_fewer_are_none():
    barred = piece(60, 62, 64, 60, 68, 67, 75, 74, 60, 62, 64, 65)
    leaps = Leaps.of(cell_windows(barred), barred)
    assert leaps.more_in(np.array([1]), bar_of(65, 66, 66, 65)).tolist() == [0]
    assert leaps.more_in(np.array([2]), bar_of(60, 68, 60, 68)).tolist() == [3]
    assert leaps.more_in(np.array([2]), bar_of(60, 67, 60, 67)).tolist() == [0]  # a fifth is no leap


def test_of_a_chord_the_highest_note_counts_and_drums_make_none():
    barred = piece(60, 62, 64, 65)
    leaps = Leaps.of(cell_windows(barred), barred)
    chord = Windows.of_notes(np.array([(0, 0, 0, 60, 6), (0, 0, 0, 40, 6), (0, 12, 0, 61, 6)]), steps=np.array([48]))
    assert leaps.more_in(np.array([0]), chord).tolist() == [0]
    kit = piece(36, 50, 36, 50, channel=9)
    assert Leaps.of(cell_windows(kit), kit).count.tolist() == [0]
