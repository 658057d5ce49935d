"""Rhythm: what it is the same as, what it tells apart, and between which pieces."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.similarity.rhythm import GROUPS, NO_RHYTHM, PATTERN_STEPS, Rhythm, rhythm, rhythm_distances

STEP = 40  # ticks, at 480 a quarter
EIGHTHS, QUARTERS, DOTTED = (range(0, 48, 6), range(0, 48, 12), (0, 9, 12, 24, 33, 36))
ROCK = {36: (0, 24), 38: (12, 36), 42: range(0, 48, 6)}
few_notes = st.lists(
    st.tuples(st.integers(0, 150), st.integers(30, 60), st.sampled_from([0, 9])), min_size=1, max_size=20
)


def played(steps, *, bars=4, pitch=60, channel=0):
    """The same in each of some bars of 4/4."""
    onset = (np.array(list(steps)) + 48 * np.arange(bars)[:, None]).ravel() * STEP
    some = np.full(len(onset), 90)
    return Track(Notes.of(onset, some, np.broadcast_to(pitch, onset.shape), some), channel=channel)


def drums(kit, **options):
    strokes = [played(steps, pitch=key, channel=9, **options).notes for key, steps in kit.items()]
    columns = np.concatenate([notes.rows() for notes in strokes]).T
    return Track(Notes.of(*columns), channel=9)


def rhythm_of(*tracks):
    return rhythm(cut(Score(480, tracks, time_signatures=(TimeSignature(0, 4, 4),))))


def distance(a, b):
    return float(rhythm_distances(a, [b])[0])


def tracks_of(rows):
    """Notes (onset in steps, pitch, channel) as a track for each channel."""
    for channel in sorted({channel for *_, channel in rows}):
        own = [(step * STEP, 90, pitch, 90) for step, pitch, on in rows if on == channel]
        yield Track(Notes.of(*np.array(own).T), channel=channel)


@given(few_notes, few_notes)
def test_a_rhythm_is_itself_and_as_far_from_either_side(rows, others):
    a, b = (rhythm_of(*tracks_of(notes)) for notes in (rows, others))
    assert distance(a, a) == 0
    assert distance(a, b) == pytest.approx(distance(b, a), abs=1e-6)
    assert 0 <= distance(a, b) < 3


@given(few_notes.filter(lambda rows: any(channel == 0 for *_, channel in rows)))
def test_patterns_equal_loops(rows):
    notes = [step for step, _, channel in rows if channel == 0]
    track = Track(Notes.of(*np.array([(step * STEP, 90, 60, 90) for step in notes]).T))
    held = Track(Notes.of(np.array([199 * STEP]), *np.full((3, 1), 9)), channel=9)  # the piece has five bars
    found = rhythm_of(track, held).pitched
    expected = []
    for bar in sorted({min(step // 48, 4) for step in notes}):
        struck = [sum(step == bar * 48 + place for step in notes) ** 0.5 for place in range(-1, 49)]
        spread = np.array([struck[n] + 0.5 * struck[n - 1] + 0.5 * struck[n + 1] for n in range(1, 49)])
        expected.append(spread / np.linalg.norm(spread))
    assert found == pytest.approx(np.array(expected), abs=1e-6)


def test_pitches_and_instruments_do_not_matter():
    tune, other = (played(DOTTED, pitch=pitch) for pitch in (60, np.arange(24) * 7 % 40 + 40))
    assert distance(rhythm_of(tune), rhythm_of(replace(other, program=40))) == 0


def test_another_rhythm_is_farther_than_the_same_played_unevenly():
    late = [step + late for step, late in zip(EIGHTHS, (0, 1, 0, 0, 1, 0, -1, 0), strict=True)]
    same, other = rhythm_of(played(late)), rhythm_of(played(DOTTED))
    assert 0 < distance(rhythm_of(played(EIGHTHS)), same) < 0.6 * distance(rhythm_of(played(EIGHTHS)), other)


def test_the_pieces_of_a_kit_are_told_apart_by_group():
    turned = {36: ROCK[38], 38: ROCK[36], 42: ROCK[42]}
    beat, rides = drums(ROCK), drums({35: ROCK[36], 40: ROCK[38], 51: ROCK[42]})
    assert distance(rhythm_of(beat), rhythm_of(rides)) == 0
    assert distance(rhythm_of(beat), rhythm_of(drums(turned))) > 0.3


def test_what_both_have_is_compared():
    beat, tune, other = drums(ROCK), played(DOTTED), played(QUARTERS)
    whole = rhythm_of(tune, beat)
    assert distance(whole, rhythm_of(tune)) == distance(whole, rhythm_of(beat)) == 0
    assert distance(whole, rhythm_of(other, beat)) == pytest.approx(distance(rhythm_of(tune), rhythm_of(other)) / 2)


def test_drums_alone_and_a_tune_alone_are_compared_by_all_that_begins():
    kicks = rhythm_of(drums({36: DOTTED}))
    assert distance(kicks, rhythm_of(played(DOTTED))) == pytest.approx(0, abs=1e-6)
    assert distance(kicks, rhythm_of(played(EIGHTHS))) > 0.3


def test_shapes_and_nothing():
    found = rhythm_of(played(QUARTERS, bars=6), drums(ROCK, bars=6))
    assert (found.pitched.shape, found.drums.shape) == ((6, PATTERN_STEPS), (6, GROUPS * PATTERN_STEPS))
    assert np.isnan(distance(NO_RHYTHM, NO_RHYTHM))
    assert not len(rhythm_of(played(QUARTERS)).drums)
    assert isinstance(rhythm(cut(pieces.piece(1))), Rhythm)


def test_a_loop_of_less_than_a_bar_goes_round():
    half = Score(480, (Track(played(range(0, 24, 6), bars=1).notes),), time_signatures=(TimeSignature(0, 2, 4),))
    assert distance(rhythm(cut(half)), rhythm_of(played(EIGHTHS))) < 0.05  # whose last bar has no next
