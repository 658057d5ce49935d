"""Beats of performances: a played tempo is found, and every onset lies within the beats."""

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars.beats import estimate_beats
from symbolic_embed.score import Notes, Score, Tempo, Track
from symbolic_embed.score.clock import seconds


def played(per_minute, *, bars=16, jitter=0.015, seed=0, start=0.0, tempo=500_000):
    """Accompaniment in 4/4 as somebody plays it: low on the beat, a chord on the half; ticks are a clock, not a metre.

    Returns the score and the times of its beats in seconds."""
    random = np.random.default_rng(seed)
    beats = start + np.arange(4 * bars) * 60 / per_minute
    halves = beats + 30 / per_minute
    times = np.concatenate([beats, beats, halves, halves[::2]]) + random.normal(0, jitter, 7 * 2 * bars)
    pitches = np.repeat([40, 64, 67, 72], [4 * bars, 4 * bars, 4 * bars, 2 * bars])
    ticks = np.round(np.maximum(times, 0) * 480e6 / tempo).astype(int)
    part = Track(Notes.of(ticks, np.full(len(ticks), 100), pitches, np.full(len(ticks), 80)))
    return Score(480, (part,), (Tempo(0, tempo),), has_grid=False), beats


@pytest.mark.parametrize("per_minute", [97, 112, 133])
@pytest.mark.parametrize("seed", range(3))
def test_beats_are_found_within_50_milliseconds(per_minute, seed):
    score, truth = played(per_minute, seed=seed, start=1.0, tempo=431_234)
    beats = estimate_beats(score)
    found = seconds(beats.ticks, tempi=score.tempi, division=480)
    distance = np.abs(found[:, None] - truth).min(axis=1)
    assert (distance[1:-1] < 0.05).all()
    assert abs(len(found) - len(truth)) <= 1


def test_the_strongest_of_four_beats_begins_the_bars():
    """A fifth of the notes on beat 2 are doubled low: that beat is the first of the bar, and one comes before it."""
    score, truth = played(97, jitter=0.0, start=1.0)
    strong = np.round(np.repeat(truth[1::4], 3) * 960).astype(int)
    heavy = Notes.of(
        strong, np.full(len(strong), 50), np.tile([28, 33, 35], len(strong) // 3), np.full(len(strong), 99)
    )
    score = Score(480, (*score.tracks, Track(heavy)), score.tempi, has_grid=False)
    beats = estimate_beats(score)
    first_downbeat = seconds(beats.ticks[beats.pick_up], tempi=score.tempi, division=480)
    distance = np.abs(truth[1::4] - first_downbeat)
    assert beats.pick_up < 4
    assert distance.min() < 0.05


@given(strategies.performances(), st.booleans())
def test_every_onset_lies_within_the_beats(score, early):
    """From half a step before the first beat to half a step before the beat after the last."""
    if early:
        score = strategies.moved(score, -int(score.tracks[0].notes.onset_ticks.min()))
    beats = estimate_beats(score).ticks
    onsets = score.tracks[0].notes.onset_ticks
    period = np.diff(beats).max()
    assert (np.diff(beats) > 0).all()
    assert beats[0] >= 0
    assert beats[0] - onsets.min() <= period / 24 + 1
    assert onsets.max() - beats[-1] <= period * 23 / 24 + 1


@pytest.mark.parametrize("quarters", [np.arange(7), np.linspace(0, 3.9, 30), [*range(10), 7300]])
def test_too_little_or_too_long_to_estimate_from(quarters):
    """Seven onsets; under two seconds; over an hour at 120 quarters a minute."""
    assert estimate_beats(strategies.tune(quarters)) is None


def test_a_score_without_notes_has_no_beats():
    assert estimate_beats(Score(480)) is None
