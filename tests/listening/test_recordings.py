"""WAV files as samples of 16 kHz, and where in them somebody speaks."""

import io

import numpy as np
import pytest
from scipy.io import wavfile

from symbolic_embed.errors import InputError
from symbolic_embed.listening.loudness import MARGIN, RATE, loudness, spoken
from symbolic_embed.listening.recordings import samples_of


def tone(rate, seconds=1.0, level=0.5):
    return level * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


def wav(samples, rate):
    out = io.BytesIO()
    wavfile.write(out, rate, samples)
    return out.getvalue()


def pitch_of(samples):
    """The strongest frequency, in Hz."""
    return np.abs(np.fft.rfft(samples)).argmax() * RATE / len(samples)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
def test_any_rate_becomes_16_khz(rate):
    samples = samples_of(wav(tone(rate).astype(np.float32), rate), source="x")
    assert len(samples) == pytest.approx(RATE, abs=2)
    assert pitch_of(samples) == pytest.approx(440, abs=2)
    assert np.abs(samples[500:-500]).max() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("kind", "scale", "offset"),
    [(np.uint8, 127, 128), (np.int16, 32_767, 0), (np.int32, 2**31 - 1, 0), (np.float32, 1, 0), (np.float64, 1, 0)],
)
def test_any_kind_of_number(kind, scale, offset):
    data = wav((tone(RATE) * scale + offset).astype(kind), RATE)
    assert np.allclose(samples_of(data, source="x"), tone(RATE), atol=0.02)


def test_channels_are_averaged():
    both = np.stack([tone(RATE), np.zeros(RATE)], axis=1).astype(np.float32)
    assert np.allclose(samples_of(wav(both, RATE), source="x"), tone(RATE) / 2, atol=1e-3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a WAV file that can be read"),
        (b"RIFF\x00\x00\x00\x00WAVE", "not a WAV file that can be read"),
        (b"MThd" + b"\x00" * 100, "not a WAV file that can be read"),
        (wav(np.zeros(31 * 8000, np.int16), 8000), "31 seconds are too long; a request has at most 30"),
        (wav(np.zeros(100, np.int16), 1000), "1,000 samples a second; it must be 4,000 to 384,000"),
    ],
)
def test_what_is_no_request_is_refused_in_a_line(data, reason):
    with pytest.raises(InputError, match="x.wav: " + reason) as refusal:
        samples_of(data, source="x.wav")
    assert "\n" not in str(refusal.value)


def test_loudness_is_the_root_mean_square_of_20_ms():
    levels = loudness(np.concatenate([np.full(320, 0.5), np.zeros(320), np.ones(100)]).astype(np.float32))
    assert levels.tolist() == [0.5, 0.0]


def test_the_voice_is_cut_out_with_a_margin():
    silence = np.zeros(RATE)
    samples = np.concatenate([silence, tone(RATE), silence]).astype(np.float32)
    assert len(spoken(samples)) == pytest.approx(RATE + 2 * MARGIN, abs=400)


def test_where_nobody_speaks_nothing_is_left():
    assert spoken(np.zeros(RATE, np.float32)).size == 0
    assert spoken(np.full(RATE, 0.0005, np.float32)).size == 0
    assert spoken(np.zeros(10, np.float32)).size == 0
