"""Ticks and seconds: the tempo map as a clock, compared with counting single ticks."""

from dataclasses import replace

import naive
import numpy as np
import pytest
import strategies
from hypothesis import given

from symbolic_embed.score import Notes, Score, Tempo, Track
from symbolic_embed.score.clock import duration_seconds, seconds, ticks_at


@given(strategies.scores(quarters=3, division=10))
def test_time_is_the_sum_of_single_ticks(score):
    for tick in (0, 1, 17, 30):
        assert seconds(tick, tempi=score.tempi, division=10) == pytest.approx(naive.seconds(tick, score))


@given(strategies.scores())
def test_from_ticks_to_seconds_and_back(score):
    clock = {"tempi": score.tempi, "division": score.division}
    ticks = np.unique([0, 1, score.end_tick, *(tempo.tick + off for tempo in score.tempi for off in (0, 1))])
    assert ticks_at(seconds(ticks, **clock), **clock).tolist() == ticks.tolist()


def test_before_the_first_tempo_a_quarter_is_half_a_second():
    assert seconds(np.array([0, 480, 960]), tempi=(Tempo(480, 1_000_000),), division=480).tolist() == [0, 0.5, 1.5]


def test_a_piece_lasts_until_its_last_note_ends():
    score = Score(100, (Track(Notes.of([100], [100], [60], [1])),), (Tempo(0, 250_000), Tempo(100, 750_000)))
    assert duration_seconds(score) == 1.0
    assert duration_seconds(replace(score, tracks=())) == 0.0
