"""What becomes of sound on its way to a recording."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import sine

from symbolic_embed.training.sounding.rooms import at_another_speed, in_a_room, recorded, with_noise

RATE = 22_050
NOTE = sine(60, 1.0, rate=RATE)


def test_every_recording_is_sound_of_about_its_length():
    for seed in range(20):
        samples, stretch = recorded(NOTE, RATE, np.random.default_rng(seed))
        assert np.isfinite(samples).all()
        assert samples.any()
        assert len(samples) == pytest.approx(stretch * len(NOTE), abs=2)
        assert abs(12 * np.log2(stretch)) <= 0.46


def test_chance_alone_says_how():
    one, other = (recorded(NOTE, RATE, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])


def test_silence_stays_silent():
    for seed in range(10):
        samples, _ = recorded(np.zeros(RATE, np.float32), RATE, np.random.default_rng(seed))
        assert not np.abs(samples).max() > 1e-6


def test_a_room_goes_on_sounding():
    burst = np.concatenate([NOTE[:2000], np.zeros(RATE, np.float32)])
    after = in_a_room(burst, RATE, np.random.default_rng(0))[4000:8000]
    assert np.abs(after).max() > 0.001


def test_noise_is_as_far_below_as_its_bounds_say():
    for seed in range(10):
        noise = with_noise(NOTE, np.random.default_rng(seed)) - NOTE
        below = 20 * np.log10(NOTE.std() / noise.std())
        assert 9.5 < below < 45.5


def test_a_slow_tape_is_longer_and_deeper():
    slow = at_another_speed(NOTE, RATE, 1.02)
    assert len(slow) == pytest.approx(1.02 * len(NOTE), abs=2)
    ours, theirs = (np.abs(np.fft.rfft(samples)).argmax() / len(samples) * RATE for samples in (NOTE, slow))
    assert theirs == pytest.approx(ours / 1.02, rel=0.005)
