"""A recording heard as a melody."""

import re

import numpy as np
import pytest
from voices import RATE, even, file_of, sung

from symbolic_embed.errors import InputError
from symbolic_embed.listening.hearing import hear
from symbolic_embed.requests import HumRequest
from symbolic_embed.score import read_bytes

TUNE = [60, 62, 64, 65, 67, 65, 64, 62] * 2
RECORDING = file_of(sung(even(TUNE, moved=0.3)))


def kinds(heard):
    return [warning.kind for warning in heard.warnings]


def test_a_tune_comes_back_as_midi():
    heard = hear(RECORDING, source="my tune.wav")
    score = read_bytes(heard.midi())
    [track] = score.tracks
    assert (track.name, track.notes.pitch.tolist()) == ("my_tune", TUNE)
    [warning] = heard.warnings
    assert re.fullmatch(r"heard as a melody: 16 notes, 120 beats a minute, tuned [23]\d cents high", str(warning))


def test_the_same_recording_gives_the_same_bytes():
    assert hear(RECORDING, source="x").midi() == hear(RECORDING, source="x").midi()


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
def test_any_rate(rate):
    assert hear(file_of(sung(even(TUNE), rate=rate), rate), source="x").notes.rounded.tolist() == TUNE


def test_an_overdriven_one_is_heard():
    heard = hear(file_of(np.clip(10 * sung(even(TUNE), rate=48_000), -1, 1), 48_000), source="x")
    assert heard.notes.rounded.tolist() == TUNE
    assert "clipped" in kinds(heard)


def test_a_stretch_keeps_the_times_within_it():
    heard = hear(RECORDING, source="x", request=HumRequest(begin=2.47, end=4.47))
    assert heard.notes.rounded.tolist() == [67, 65, 64, 62]
    assert heard.notes.onset[0] == pytest.approx(0.03, abs=0.05)


def test_two_voices_are_told_of():
    lower = [(onset, end, pitch - 8.5 + number % 3) for number, (onset, end, pitch) in enumerate(even(TUNE))]
    heard = hear(file_of((sung(even(TUNE)) + sung(lower)) / 2), source="x")
    assert "not-alone" in kinds(heard)


def test_gliding_about_as_speech_does_is_told_of():
    times = np.arange(6 * RATE) / RATE
    pitch = 55 + 4 * np.sin(2 * np.pi * 1.7 * times) + 2 * np.sin(2 * np.pi * 3.1 * times)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / RATE
    noise = np.random.default_rng(0).normal(0, 0.12, len(times))
    voice = 0.3 * np.sin(phase) + 0.2 * np.sin(2 * phase) + noise
    assert "unsteady" in kinds(hear(file_of(voice), source="x"))


def test_no_beat_is_told_of():
    assert "no-beat" in kinds(hear(file_of(sung(even([60, 62, 64]))), source="x"))


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros(RATE), r"1\.0 seconds of silence \(every sample is 0\); is the microphone on\?"),
        (2e-4 * (-1.0) ** np.arange(RATE), r"1\.0 seconds of silence \(its loudest sample lies at -7. dB\)"),
        (np.random.default_rng(0).normal(0, 0.1, 2 * RATE), r"no melody was heard in 2\.0 seconds; it has no pitch"),
        (0.5 * (-1.0) ** np.arange(10), r"no melody was heard in 0\.0 seconds; it has no pitch"),
    ],
)
def test_what_has_no_melody_is_refused_in_a_line(samples, reason):
    with pytest.raises(InputError, match="x.wav: " + reason) as refusal:
        hear(file_of(samples), source="x.wav")
    assert "\n" not in str(refusal.value)
