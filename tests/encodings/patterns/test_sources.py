"""What the plan is told of earlier windows and of the parts: read off a past that is known."""

from __future__ import annotations

import numpy as np
import pytest
from bands import append, heard, only, song_of

from symbolic_embed.encodings.patterns.past import NOWHERE, Past
from symbolic_embed.encodings.patterns.sources import (
    CANDIDATE_FEATURES,
    PLAYING_FEATURES,
    candidate_features,
    own_period,
    playing_features,
)

A, B, C = only(60, 62), only(64, 65), only(67, 69)


def test_earlier_windows_are_told_apart_by_what_came_before_them_and_how_far_back_they_lie():
    """A B A C A B, and now: A again or C? A stands 6, 4 and 2 windows back, B 5 and 1, C 3."""
    past = heard([A, B, A, C, A, B])
    features = candidate_features(past)[0]
    assert features.shape == (6, CANDIDATE_FEATURES)
    before = features[:, 0].tolist()  # how like the last window, B, is to the one before each
    assert before == [0, 0, 1, 0, 0, 0]
    assert features[:, 4].tolist() == before
    assert features[:, 5].tolist() == pytest.approx([0, 0, 2 / 8, 0, 0, 0])  # A B before now, A B before the second A
    assert features[:, 2].tolist() == pytest.approx([0, 0, 1, 0, 0.5, 0])  # A before, before the third A
    assert features[:, 3].tolist() == pytest.approx([0, 0, 0.5, 0, 0.5, 0])  # of four back only two are there; A and A
    assert features[:, 9].tolist() == [0, 0, 1, 0, 0, 0]  # the last B was taken from window 1
    assert features[:, 10].tolist() == pytest.approx([1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1])
    assert features[:, 11].tolist() == [1, 0, 1, 0, 1, 0]
    assert features[:, 12].tolist() == [0, 0, 1, 0, 0, 0]
    assert features[:, 15].tolist() == [0] * 6
    for column in range(3):
        for window in range(6):
            assert features[window, 6 + column] == past.by_lag[0, column, 6 - window]


def test_the_silence_before_a_piece_is_known_as_silence():
    past = heard([only(), A])
    assert candidate_features(past)[0, :, 15].tolist() == [1, 0]


def test_of_each_part_is_told_whether_it_played_at_the_source_and_last_and_how_often():
    """The second part plays in windows 0 and 2, the first in all but the last."""
    both = song_of([A, B])
    past = heard([both, A, both, A, only()])
    features = playing_features(past, np.array([2]))[0]
    assert features.shape == (past.drums.shape[1], PLAYING_FEATURES)
    assert features[:, 0].tolist() == [1, 1, 0]
    assert features[:, 1].tolist() == [0, 0, 0]
    assert features[:, 3].tolist() == pytest.approx([4 / 5, 2 / 5, 0])
    assert features[:, 4].tolist() == [1, 1, 1]
    nowhere = playing_features(past, np.array([NOWHERE]))[0]
    assert (nowhere[:, 0].any(), nowhere[:, 4].any()) == (False, False)
    assert not playing_features(Past(past.drums, room=1), np.array([NOWHERE])).any()


def test_a_part_repeats_after_its_own_period_which_is_neither_the_last_window_nor_the_source():
    """A B C A B C: each repeats after three; the source is three back, so the next best is said, and that is six."""
    past = heard([A, B, C, A, B, C, A])
    assert own_period(past, np.array([NOWHERE]))[0, 0] == 4
    assert own_period(past, np.array([4]))[0, 0] == 1
    assert own_period(Past(past.drums, room=1), np.array([NOWHERE])).tolist() == [[0, 0, 0]]


def test_what_is_told_depends_on_the_past_alone():
    """And does not change it."""
    past, again = (heard([A, B, A, C]) for _ in range(2))
    first = candidate_features(past)
    playing = playing_features(past, np.array([1]))
    append(again, B)
    again = again.last(5)
    assert np.array_equal(candidate_features(past), first)
    assert np.array_equal(playing_features(past, np.array([1])), playing)
    assert past.length == 4
