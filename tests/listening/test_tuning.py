"""The offset that is taken out of pitches before they are rounded."""

import numpy as np
import pytest

from symbolic_embed.listening.tuning import offsets_of

SCALE = np.array([60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60] * 3, np.float64)
ONSET = 0.5 * np.arange(len(SCALE))


def rounded(pitch):
    offset, tuning = offsets_of(pitch, ONSET[: len(pitch)], ONSET[: len(pitch)] + 0.4)
    return np.rint(pitch - offset), tuning


@pytest.mark.parametrize("off", [-0.49, -0.3, 0.0, 0.2, 0.45])
def test_all_of_it_may_be_off(off):
    pitch, tuning = rounded(SCALE + off)
    assert np.array_equal(pitch, SCALE)
    assert tuning == pytest.approx(off)


@pytest.mark.parametrize("drift", [0.8, -0.8])
def test_a_slow_drift_is_followed(drift):
    sung = SCALE + 0.3 + drift * (np.linspace(0, 1, len(SCALE)) - 0.5)
    assert np.array_equal(rounded(sung)[0], SCALE)
    assert not np.array_equal(np.rint(sung), SCALE)


def test_single_notes_that_are_off_stay_what_they_are():
    sung = SCALE + np.where(np.arange(len(SCALE)) % 5 == 0, 0.3, 0.0)
    assert np.array_equal(rounded(sung)[0], SCALE)


def test_fractions_lie_on_a_circle():
    pitch, tuning = rounded(np.array([60.45, 62.55, 64.5]))
    assert np.diff(pitch).tolist() == [2, 2]
    assert abs(tuning) == pytest.approx(0.5)


def test_without_notes_nothing_is_off():
    offset, tuning = offsets_of(np.zeros(0), np.zeros(0), np.zeros(0))
    assert (len(offset), tuning) == (0, 0.0)
