"""Beats of a melody, where it has any, and the score that keeps its times."""

import numpy as np
import pytest
from voices import even

from symbolic_embed.errors import SettingsError
from symbolic_embed.listening.melodies import SungNotes
from symbolic_embed.listening.pulse import Metre, pulse_of
from symbolic_embed.listening.scoring import DIVISION, melody_score
from symbolic_embed.score import TimeSignature
from symbolic_embed.score.clock import seconds


def notes(triples, off=0.0):
    onset, end, pitch = np.array(triples, np.float64).T
    zeros = np.zeros(len(onset))
    return SungNotes(onset, end, pitch + off, zeros + 1, zeros, zeros + off, off)


TUNE = notes(even([60, 62, 64, 65, 67, 65, 64, 62] * 3, period=0.6))
RUBATO = notes([(t, t + 0.2, 60 + n % 5) for n, t in enumerate(np.cumsum(0.35 + 0.3 * np.sin(np.arange(24) ** 2)))])


def times_of(score):
    [track] = score.tracks
    return seconds(track.notes.onset_ticks, tempi=score.tempi, division=score.division)


def test_an_even_tune_has_one_tempo():
    pulse = pulse_of(TUNE)
    assert pulse.is_heard
    assert pulse.tempo == pytest.approx(100, rel=0.01)
    assert np.ptp(np.diff(pulse.beats)) < 1e-9
    place = (TUNE.onset - pulse.beats[0]) / 0.6
    assert np.abs(place - np.rint(place)).max() < 0.1


def test_where_no_beat_is_heard_nobody_claims_one():
    pulse = pulse_of(RUBATO)
    assert not pulse.is_heard
    assert pulse.tempo == pytest.approx(120)
    assert pulse.beats[0] == RUBATO.onset[0]
    assert not pulse_of(notes(even([60, 62, 64]))).is_heard


@pytest.mark.parametrize("begin", [0.0, 0.005, 0.13, 0.5, 3.21])
@pytest.mark.parametrize("asked", [{}, {"tempo": 100.0}, {"metre": "3/4"}, {"tempo": 90.0, "metre": "6/8"}])
def test_the_score_keeps_the_times_of_the_recording(begin, asked):
    tune = notes(even([60, 62, 64, 65, 67, 65, 64, 62] * 2, period=0.6, begin=begin))
    score = melody_score(tune, pulse_of(tune, **asked))
    assert np.abs(times_of(score) - tune.onset).max() < 0.011
    assert score.tracks[0].notes.pitch.tolist() == [60, 62, 64, 65, 67, 65, 64, 62] * 2


def test_times_are_kept_without_a_beat():
    score = melody_score(RUBATO, pulse_of(RUBATO))
    assert np.abs(times_of(score) - RUBATO.onset).max() < 0.003


def test_notes_lie_on_the_beats_of_a_known_tempo():
    tune = notes(even([60, 62, 64, 65] * 4, period=0.5, begin=1.25))
    score = melody_score(tune, pulse_of(tune, tempo=120.0))
    assert np.abs(score.tracks[0].notes.onset_ticks / DIVISION % 1).max() < 1e-9


def test_a_pick_up_is_a_bar_of_its_own():
    long_ones = [(0.0, 0.4, 67), (0.5, 1.9, 72), (2.0, 2.4, 71), (2.5, 3.9, 69), (4.0, 4.4, 67), (4.5, 5.9, 65)]
    score = melody_score(notes(long_ones), pulse_of(notes(long_ones), tempo=120.0, metre="4/4"))
    assert score.time_signatures == (TimeSignature(0, 1, 4), TimeSignature(DIVISION, 4, 4))


def test_what_is_loud_is_struck_hard():
    tune = notes(even([60, 62]))
    soft = SungNotes(tune.onset, tune.end, tune.pitch, tune.confidence, np.array([0.0, -12.0]), tune.offset, 0.0)
    assert melody_score(soft, pulse_of(soft)).tracks[0].notes.velocity.tolist() == [100, 70]


@pytest.mark.parametrize(("text", "beats", "eighths"), [("4/4", 4, 2), ("6/8", 2, 3), ("2/2", 2, 4), ("7/8", 7, 1)])
def test_beats_of_a_metre(text, beats, eighths):
    metre = Metre.of(text)
    assert (metre.beats, metre.eighths, str(metre)) == (beats, eighths, text)


def test_what_is_no_metre():
    with pytest.raises(SettingsError, match="`metre` '4/5': must be one such as 4/4, 3/4 or 6/8"):
        pulse_of(TUNE, metre="4/5")
