"""Keys: scales and cadences whose key nobody doubts."""

import numpy as np
import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars.keys import MAJOR_NAMES, best_transposition, estimate_key, pitch_class_durations
from symbolic_embed.score import Notes, Score, Track


def chords(*chords, channel=0):
    rows = [(beat * 480, 480, pitch, 80) for beat, chord in enumerate(chords) for pitch in chord]
    return Score(480, (Track(Notes.of(*np.transpose(rows)), channel=channel),))


I, IV, V, MINOR_I, MINOR_IV = (60, 64, 67), (60, 65, 69), (59, 62, 67), (60, 63, 67), (60, 65, 68)  # noqa: E741


def test_a_cadence_in_major_and_in_minor():
    assert estimate_key(chords(I, IV, V, I)).name == "C major"
    assert estimate_key(chords(MINOR_I, MINOR_IV, V, MINOR_I)).name == "C minor"


@given(st.integers(-12, 12))
def test_the_key_moves_with_the_music(semitones):
    moved = estimate_key(pieces.transposed(chords(I, IV, V, I), semitones))
    assert moved.name == f"{MAJOR_NAMES[semitones % 12]} major"
    assert moved.correlation == estimate_key(chords(I, IV, V, I)).correlation


def test_drums_and_silence_have_no_key():
    assert estimate_key(chords(I, V, channel=9)) is None
    assert estimate_key(Score(480)) is None


def test_a_drone_counts_no_more_than_a_bar_of_it():
    drone = Track(Notes.of([0], [100 * 480], [61], [80]))
    assert pitch_class_durations(Score(480, (drone,)))[1] == pytest.approx(4)
    assert estimate_key(Score(480, (*chords(I, IV, V, I, I, IV, V, I).tracks, drone))).name == "C major"


@pytest.mark.parametrize("semitones", range(-5, 7))
def test_a_piece_in_another_key_moves_back(semitones):
    here, there = (pitch_class_durations(pieces.transposed(chords(I, IV, V, I), by)) for by in (0, semitones))
    assert best_transposition(there, here) == semitones


def test_of_equally_good_intervals_the_smallest_is_taken_upwards_before_downwards():
    whole_tones, one = np.array([0.0, 1.0] * 6), np.eye(12)[0]
    assert best_transposition(one, np.ones(12)) == 0
    assert best_transposition(one, whole_tones) == 1
