"""Chords that somebody who plays the notes would name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looping_music import BEAT, KIT, part, piece, pop, triads

from symbolic_embed.bars.patterns.chords import RARER, chord_profile, half_bar
from symbolic_embed.requests.chord_symbols import SPELLINGS, Chord
from symbolic_embed.score import TimeSignature


def named(barred) -> list[str]:
    """The chords of all bars, one name where both halves have one."""
    chords = chord_profile(barred, range(barred.bars)).chords()
    return [first.name if first == second else f"{first.name} {second.name}" for first, second in chords]


def test_chords_of_a_bar_each_and_two_in_a_bar():
    assert named(pop(turns=1)) == ["Am", "F", "C", "G"]
    assert named(piece(part(triads([0, 5, 7, 0], each=2)))) == ["C F", "G C"]


@given(st.sampled_from(sorted(set(RARER) - {"dim7", "aug"})), st.integers(0, 11))
def test_every_kind_in_root_position_is_told_by_its_tones(kind, root):
    """But the two that divide the octave evenly, whose every tone could be the root."""
    barred = piece(part(triads([root], kinds=[SPELLINGS[kind]])), part([(0, 4, 36 + root)], program=33, channel=1))
    ((first, second),) = chord_profile(barred, [0]).chords()
    assert first == second == Chord.of(root, kind)


def test_a_chord_in_another_position_is_over_its_bass():
    first_inversion = part([(0, 4, 64), (0, 4, 67), (0, 4, 72)])
    assert named(piece(first_inversion, part([(0, 4, 40)], program=33, channel=1))) == ["C/E"]


def test_a_walking_bass_a_passing_note_and_drums_change_no_chord():
    keys = part(triads([0, 5]))
    bass = part(
        [(0, 1, 36), (1, 1, 38), (2, 1, 40), (3, 1, 43), (4, 1, 41), (5, 1, 43), (6, 1, 45), (7, 1, 48)],
        program=33,
        channel=1,
    )
    tune = part([(0, 1.5, 79), (1.5, 0.5, 77), (2, 2, 76), (4, 3, 81), (7, 1, 79)], program=73, channel=2)
    chords = chord_profile(piece(keys, bass, tune, part(BEAT, channel=KIT)), [0, 1]).chords()
    assert [{chord.root for chord in bar} for bar in chords] == [{0}, {5}]


def test_broken_chords_are_chords_and_silence_is_none():
    broken = [(number * 0.5, 0.5, 57 + (0, 3, 7, 12)[number % 4]) for number in range(8)]
    assert named(piece(part([*broken, (12, 4, 60)]))) == ["Am", "N.C.", "N.C.", "C5"]
    assert named(piece(part(BEAT, channel=KIT))) == ["N.C."]


def test_a_chord_that_is_held_sounds_in_every_bar_whatever_begins_in_between():
    held = [(0, 16, 57), (0, 16, 60), (0, 16, 64), (1, 1, 69), (5, 1, 69), (9, 1, 72)]
    assert named(piece(part(held))) == ["Am"] * 4


def test_turns_of_a_loop_are_taken_together():
    """In the second turn the third bar rests, and the fourth has a foreign note more."""
    notes = [*triads([9, 5, 0, 7]), *((16 + onset, length, pitch) for onset, length, pitch in triads([9, 5]))]
    notes += [(28 + onset, length, pitch) for onset, length, pitch in [*triads([7]), (3, 1, 61)]]
    barred = piece(part(notes))
    folded = chord_profile(barred, range(8)).folded(4)
    assert [first.name for first, _ in folded.chords()] == ["A", "F", "C", "G"]
    assert folded.weights.sum() == pytest.approx(chord_profile(barred, range(8)).weights.sum())


@pytest.mark.parametrize(
    ("numerator", "denominator", "half"),
    [(4, 4, 24), (3, 4, 24), (2, 4, 12), (5, 4, 36), (6, 8, 18), (12, 8, 36), (7, 8, 24), (2, 2, 24), (1, 4, 12)],
)
def test_where_the_second_half_of_a_bar_begins(numerator, denominator, half):
    steps = 48 * numerator // denominator
    assert half_bar(TimeSignature(0, numerator, denominator), steps=steps) == half
