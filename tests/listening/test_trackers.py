"""The pitch of one voice at each instant."""

import numpy as np
import pytest
from voices import RATE, tone

from symbolic_embed.errors import SettingsError
from symbolic_embed.listening.trackers import TRACKERS, pitch_curve

SILENCE = np.zeros(RATE // 2, np.float32)


@pytest.mark.parametrize("tracker", ["swift_f0", "yin"])
@pytest.mark.parametrize("level", [1.0, 0.002])
def test_a_tone_is_heard_where_it_sounds_however_soft(tracker, level):
    samples = np.concatenate([SILENCE, tone(57.3, 1.0), SILENCE]).astype(np.float32)
    curve = pitch_curve(level * samples, tracker=tracker)
    inside = (curve.times > 0.6) & (curve.times < 1.4)
    outside = (curve.times < 0.4) | (curve.times > 1.6)
    assert np.abs(curve.pitch[inside] - 57.3).max() < 0.15
    assert np.isnan(curve.pitch[outside]).all()
    assert curve.confidence[inside].min() > 0.5 > curve.confidence[outside].max()


@pytest.mark.parametrize("tracker", TRACKERS)
def test_silence_and_nothing_have_no_pitch(tracker):
    assert np.isnan(pitch_curve(SILENCE, tracker=tracker).pitch).all()
    assert len(pitch_curve(SILENCE[:100], tracker=tracker).times) == 0


def test_pyin_hears_twenty_seconds_at_once(monkeypatch):
    heard = []

    def stand_in(samples, **_):
        heard.append(len(samples) / RATE)
        frames = len(samples) // 256 + 1
        return np.full(frames, 440.0), np.arange(frames) % 2 == 0, np.full(frames, 0.3)

    monkeypatch.setattr("librosa.pyin", stand_in)
    curve = pitch_curve(np.ones(50 * RATE, np.float32), tracker="pyin")
    assert heard == [20, 20, 10]
    assert len(curve.pitch) == len(curve.times) == 3125
    assert np.nanmax(curve.pitch) == np.nanmin(curve.pitch) == 69
    assert sorted(set(curve.confidence)) == [0.3, 0.5]
    assert np.isnan(curve.pitch[1])


def test_the_same_samples_give_the_same_curve():
    samples = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32) + tone(60, 1.0).astype(np.float32)
    first, again = (pitch_curve(samples) for _ in range(2))
    assert first.pitch.tobytes() == again.pitch.tobytes()
    assert first.confidence.tobytes() == again.confidence.tobytes()


def test_another_rate_and_an_unknown_tracker_are_refused():
    with pytest.raises(SettingsError, match=r"`rate` 44100: trackers hear 16,000"):
        pitch_curve(SILENCE, 44_100)
    with pytest.raises(SettingsError, match="`tracker` 'ear': there are swift_f0, pyin, yin"):
        pitch_curve(SILENCE, tracker="ear")
