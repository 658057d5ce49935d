"""Sound files as samples of 16 kHz, and where in them somebody speaks."""

import io
import tracemalloc

import numpy as np
import pytest
import soundfile
from voices import file_of

from symbolic_embed.errors import InputError
from symbolic_embed.listening.loudness import MARGIN, RATE, loudness, spoken
from symbolic_embed.listening.recordings import recording, samples_of, wav_of


def tone(rate, seconds=1.0, level=0.5):
    return level * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


def pitch_of(samples):
    """The strongest frequency, in Hz."""
    return np.abs(np.fft.rfft(samples)).argmax() * RATE / len(samples)


def kinds(heard):
    return [warning.kind for warning in heard.warnings]


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_any_rate_becomes_16_khz(rate):
    samples = samples_of(file_of(tone(rate), rate), source="x")
    assert len(samples) == pytest.approx(RATE, abs=2)
    assert pitch_of(samples) == pytest.approx(440, abs=2)
    assert np.abs(samples[500:-500]).max() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("kind", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW"])
def test_any_kind_of_number(kind):
    assert np.allclose(samples_of(file_of(tone(RATE), subtype=kind), source="x"), tone(RATE), atol=0.02)


@pytest.mark.parametrize("format", ["FLAC", "OGG", "MP3", "AIFF", "CAF"])
def test_any_format_whatever_the_file_is_called(format, tmp_path):
    path = tmp_path / "tune.wav"
    path.write_bytes(file_of(tone(44_100), 44_100, format))
    heard = recording(path, source="tune.wav")
    assert pitch_of(heard.samples) == pytest.approx(440, abs=2)
    assert heard.whole == pytest.approx(1, abs=0.1)


def test_channels_are_averaged():
    both = np.stack([tone(RATE), tone(RATE) / 2], axis=1)
    assert np.allclose(samples_of(file_of(both), source="x"), 0.75 * tone(RATE), atol=1e-3)


def test_a_dead_side_does_not_count():
    heard = recording(file_of(np.stack([tone(RATE), np.zeros(RATE)], axis=1)), source="x")
    assert np.allclose(heard.samples, tone(RATE), atol=1e-3)
    assert kinds(heard) == ["dead-channel"]


def test_sides_that_cancel_each_other_out_do_not():
    heard = recording(file_of(np.stack([0.9 * tone(RATE), -tone(RATE)], axis=1)), source="x")
    assert np.allclose(heard.samples, -tone(RATE), atol=1e-3)
    assert kinds(heard) == ["channels-cancel"]


def test_a_stretch_of_it(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(file_of(np.concatenate([np.zeros(RATE), tone(RATE), np.zeros(RATE)])))
    heard = recording(path, source="x", stretch=(1.0, 2.0))
    assert (heard.begin, heard.whole, heard.seconds) == (1.0, 3.0, 1.0)
    assert np.allclose(heard.samples, tone(RATE), atol=1e-3)
    with pytest.raises(InputError, match=r"nothing lies from 4 s to 3 s; the recording has 3\.0 seconds"):
        recording(path, source="x", stretch=(4.0, None))


def test_what_ends_too_early_is_read_as_far_as_it_goes():
    noise = np.random.default_rng(0).normal(0, 0.1, 5 * 44_100)
    data = file_of(noise, 44_100, "FLAC")
    heard = recording(data[: len(data) // 2], source="x")
    assert 2 < heard.seconds < 2.6
    [warning] = heard.warnings
    assert str(warning).startswith("5.0 seconds should be there, 2.")
    assert 2 < recording(file_of(noise, 44_100)[:200_000], source="x").seconds < 2.3


def test_what_is_no_number_is_silence():
    broken = tone(RATE)
    broken[100:103] = np.nan, np.inf, -np.inf
    heard = recording(file_of(broken, subtype="FLOAT"), source="x")
    assert np.isfinite(heard.samples).all()
    assert [str(warning) for warning in heard.warnings] == ["3 samples are no numbers; taken for silence"]


def test_what_is_overdriven_is_named_and_what_is_larger_than_1_is_not_cut_off():
    assert kinds(recording(file_of(np.clip(4 * tone(RATE), -1, 1)), source="x")) == ["clipped"]
    loud = recording(file_of(100 * tone(RATE), subtype="FLOAT"), source="x")
    assert np.allclose(loud.samples, 2 * tone(RATE), atol=1e-3)
    assert not loud.warnings


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a recording that can be read"),
        (b"RIFF\x00\x00\x00\x00WAVE", "not a recording that can be read"),
        (b"MThd" + b"\x00" * 100, "is MIDI, and no recording"),
        (b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 100, r"M4A \(AAC\) cannot be read; save it as WAV"),
        (file_of(np.zeros(0)), "no sound"),
        (file_of(np.zeros(31 * 8000), 8000), "31 seconds are too long; at most 30 are listened to; shorten it"),
        (file_of(np.zeros(100), 1000), "1,000 samples a second; it must be 4,000 to 384,000"),
        (file_of(np.zeros((100, 65))), "65 channels; at most 64 are read"),
    ],
)
def test_what_is_no_request_is_refused_in_a_line(data, reason):
    with pytest.raises(InputError, match="x.wav: " + reason) as refusal:
        samples_of(data, source="x.wav")
    assert "\n" not in str(refusal.value)


def test_an_hour_is_refused_at_once_and_a_minute_of_it_takes_the_memory_of_a_minute(tmp_path):
    path = tmp_path / "hour.wav"
    with soundfile.SoundFile(path, "w", 8_000, 1, subtype="PCM_U8") as file:
        for _ in range(60):
            file.write(np.zeros(60 * 8_000))
    tracemalloc.start()
    with pytest.raises(InputError, match=r"3600 seconds are too long; at most 600 are listened to; name a part"):
        recording(path, source="hour.wav")
    heard = recording(path, source="hour.wav", stretch=(1800.0, 1860.0))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert heard.seconds == pytest.approx(60, abs=0.01)
    assert most < 5 * heard.samples.nbytes


def test_what_is_written_is_read():
    assert np.allclose(recording(wav_of(tone(RATE).astype(np.float32)), source="x").samples, tone(RATE), atol=1e-4)


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


def test_an_mp3_sounds_as_it_does_in_one_piece_from_any_place():
    melody = np.concatenate([np.sin(2 * np.pi * hertz * np.arange(44_100) / 44_100) for hertz in (220, 440, 330, 550)])
    out = io.BytesIO()
    soundfile.write(out, 0.5 * melody, 44_100, format="MP3")
    out.seek(0)
    whole, rate = soundfile.read(out, dtype="float32")
    for stretch in ((0.0, None), (1.3, 2.9)):
        heard = recording(out.getvalue(), source="a.mp3", stretch=stretch, rate=rate).samples
        first = round(stretch[0] * rate)
        meant = whole[first : first + len(heard)]
        np.testing.assert_allclose(heard, meant - meant.mean(), atol=1e-5)


def test_an_offset_of_the_recorder_is_taken_out():
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(16_000) / 16_000)
    plain, lifted = (recording(wav_of(tone + offset), source="a.wav").samples for offset in (0.0, 0.5))
    np.testing.assert_allclose(lifted, plain, atol=1e-3)
