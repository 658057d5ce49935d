"""The pulse of a recording, and the ways of counting it."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import clicks

from symbolic_embed.listening.countings import TEMPI, Counting, countings, pulse
from symbolic_embed.listening.spectra import RATE, spectra


def test_pulses_are_beats_and_half_way_between():
    when = pulse(spectra(clicks(np.arange(0.25, 12, 0.5), 12.0)))
    period = np.median(np.diff(when))
    assert period == pytest.approx(0.25, abs=0.01)
    nearest = np.abs(when[:, None] - np.arange(0.25, 12, 0.5)).min(axis=0)
    assert np.median(nearest) < 0.06  # clicks are seen earlier than notes


def test_pulses_reach_from_the_beginning_to_the_end():
    when = pulse(spectra(clicks(np.arange(3.0, 9, 0.5), 12.0)))
    assert when[0] < 0.5
    assert when[-1] > 11.5
    assert (np.diff(when) > 0).all()


@pytest.mark.parametrize("length", [0.05, 3.0])
def test_silence_has_a_plain_pulse(length):
    when = pulse(spectra(np.zeros(round(length * RATE), np.float32)))
    assert len(when) >= 3
    assert (np.diff(when) > 0).all()


def test_every_way_of_counting_is_at_a_tempo_of_music():
    for period in (0.15, 0.25, 0.4):
        for steps, pulses in countings(np.arange(0, 60, period)):
            tempo = 60 / (pulses * period / (steps / 12))
            assert TEMPI[0] <= tempo <= TEMPI[1]


def test_four_beats_of_a_march_and_two_of_a_jig_are_among_them():
    ways = countings(np.arange(0, 30, 0.25))  # beats of half a second
    assert Counting(48, 8) in ways
    assert Counting(36, 4) in ways


def test_a_recording_shorter_than_a_bar_is_counted_in_no_way_that_long():
    assert all(pulses < 5 for _, pulses in countings(np.arange(5) * 0.25))
