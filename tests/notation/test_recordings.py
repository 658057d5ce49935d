"""Recordings read as music, wherever music is read."""

import numpy as np
import pytest
from voices import RATE, even, file_of, sung

from symbolic_embed.errors import MidiError
from symbolic_embed.notation import music_bytes, parse, read, read_bytes
from symbolic_embed.score import read_bytes as read_midi_bytes

TUNE = [60, 62, 64, 65, 67, 65, 64, 62] * 2
RECORDING = file_of(sung(even(TUNE)))


def test_a_recording_is_read_as_its_melody(tmp_path):
    path = tmp_path / "tune.mid"  # whatever it is called
    path.write_bytes(RECORDING)
    score = read(path)
    assert score.tracks[0].notes.pitch.tolist() == TUNE
    assert [warning.kind for warning in score.warnings] == ["heard"]
    assert parse(RECORDING).score().tracks[0].notes == score.tracks[0].notes
    assert read_midi_bytes(music_bytes(RECORDING)).tracks[0].notes == score.tracks[0].notes


def test_a_recording_may_be_larger_than_midi(tmp_path):
    path = tmp_path / "tune.wav"
    path.write_bytes(RECORDING)
    assert read(path, max_bytes=100).note_count == len(TUNE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (file_of(np.zeros(RATE)), "1.0 seconds of silence"),
        (b"RIFF\x04\0\0\0WAVE", "not a recording that can be read"),
        (b"\0\0\0\x20ftypM4A " + bytes(50), "cannot be read; save it as WAV"),
    ],
)
def test_what_has_no_melody_is_refused_as_music(data, reason):
    with pytest.raises(MidiError, match=f"x.wav: .*{reason}"):
        read_bytes(data, source="x.wav")
