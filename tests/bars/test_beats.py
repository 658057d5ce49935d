"""Beats of performances: a played tempo is found, and every onset lies within the beats."""

from dataclasses import replace

import numpy as np
import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from performed_music import TICKS_A_SECOND, performance, slowing

from symbolic_embed.bars import cut
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


@pytest.mark.parametrize(("early", "pick_up"), [(None, 1), (0.5, 2), (1.5, 3), (2.5, 0)])
def test_the_strongest_of_four_beats_begins_the_bars(early, pick_up):
    """Every second beat of four is doubled low: the bars begin there, and a pick-up comes before. A note before all
    others lengthens the pick-up by the beats it takes to reach it."""
    score, truth = played(97, jitter=0.0, start=3.0)
    strong = np.round(np.repeat(truth[1::4], 3) * 960).astype(int)
    count = len(strong)
    heavy = Notes.of(strong, np.full(count, 50), np.tile([28, 33, 35], count // 3), np.full(count, 99))
    first = [] if early is None else [round((3.0 - early * 60 / 97) * 960)]
    quiet = Notes.of(first, np.full(len(first), 10), np.full(len(first), 100), np.full(len(first), 1))
    beats = estimate_beats(Score(480, (*score.tracks, Track(heavy), Track(quiet)), score.tempi, has_grid=False))
    assert beats.pick_up == pick_up
    downbeats = seconds(beats.ticks[pick_up::4], tempi=score.tempi, division=480)
    assert (np.abs(truth[1::4, None] - downbeats).min(axis=1) < 0.05).all()


@settings(max_examples=25)
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


def test_a_tempo_that_changes_is_followed_and_gone_on_with():
    """From 100 beats a minute to 80, evenly: at the end the last beats say how fast the music is, and not the whole."""
    beats = slowing(65)
    found = estimate_beats(performance(beats))
    assert np.abs(found.ticks / TICKS_A_SECOND - beats[:-1]).max() < 0.03
    assert 60 * TICKS_A_SECOND / found.period_ticks == pytest.approx(80, abs=3)


@pytest.mark.parametrize("count", [12, 60])
def test_where_there_is_no_beat_there_is_no_confidence(count):
    """Onsets anywhere, beside a tune on beats that are known."""
    random = [strategies.tune(np.cumsum(np.random.default_rng(seed).exponential(0.7, count))) for seed in range(5)]
    assert np.median([estimate_beats(score).confidence for score in random]) < 0.2
    steady = strategies.tune(np.arange(count) * 1.13 + 0.4)
    assert estimate_beats(steady).confidence > 0.9


def test_a_score_without_notes_has_no_beats():
    assert estimate_beats(Score(480)) is None


@pytest.mark.parametrize("held", [0.1, 0.7, 2.3, 9.0])
def test_what_follows_begins_within_a_beat_of_the_end(held):
    """Of a last note that is held for so many seconds; and no bar is filled up with silence."""
    score, _ = played(120)
    last = Notes.of([32 * 960], [round(held * 960)], [60], [80])
    score = replace(score, tracks=(*score.tracks, Track(last)))
    barred = cut(score)
    new_music = barred.grid.tick_of(barred.grid.bar_steps[-1:])
    gap = float(np.diff(seconds(np.array([score.end_tick, *new_music]), tempi=score.tempi, division=480))[0])
    assert abs(gap) < 0.52
    assert barred.grid.next_bar_steps == 48
