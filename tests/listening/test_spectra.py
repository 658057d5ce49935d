"""What sounds in a recording, instant by instant."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from sounds import sine

from symbolic_embed.errors import InputError
from symbolic_embed.listening import spectra as module
from symbolic_embed.listening.spectra import FRAMES_A_SECOND, LOWEST, RATE, heard, spectra


def test_a_note_is_loudest_at_its_own_semitone():
    heard_note = spectra(sine(69, 1.0))
    assert int(heard_note.semitones[20].argmax()) == 69 - LOWEST


def test_what_is_sharp_is_heard_at_the_semitone_that_was_meant():
    sharp = spectra(sine(69.3, 2.0))
    assert sharp.tuning == pytest.approx(0.3, abs=0.05)
    assert int(sharp.semitones[20].argmax()) == 69 - LOWEST


def test_a_note_begins_where_it_is_struck():
    silence = np.zeros(RATE, np.float32)
    strokes = spectra(np.concatenate([silence, sine(60, 1.0)])).strokes
    assert strokes.argmax() / FRAMES_A_SECOND == pytest.approx(1.0, abs=0.08)


def test_blocks_cannot_be_heard(monkeypatch):
    melody = np.concatenate([sine(pitch, 0.5) for pitch in (60, 64, 67, 72, 59, 62)])
    whole = spectra(melody)
    monkeypatch.setattr(module, "BLOCK", 40)
    in_blocks = spectra(melody)
    assert len(in_blocks) == len(whole)
    for name in ("semitones", "cepstrum", "strokes"):
        one, other = getattr(in_blocks, name), getattr(whole, name)
        np.testing.assert_allclose(one, other, atol=0.02 * np.abs(other).max())


def test_nothing_and_a_moment_are_spectra_too():
    for count in (0, 10):
        assert len(spectra(np.zeros(count, np.float32))) >= 1


def test_moved_is_another_key():
    note = spectra(sine(60, 0.5))
    assert int(note.moved(3).semitones[10].argmax()) == 63 - LOWEST
    assert int(note.moved(-5).semitones[10].argmax()) == 55 - LOWEST
    assert not note.moved(3).semitones[:, :3].any()


def test_a_file_is_heard_as_its_samples_are():
    out = io.BytesIO()
    soundfile.write(out, np.stack([sine(60, 1.0), sine(60, 1.0)], axis=1), RATE, format="FLAC")
    assert int(heard(out.getvalue(), source="a.flac").semitones[20].argmax()) == 60 - LOWEST


def test_silence_is_refused_by_name():
    out = io.BytesIO()
    soundfile.write(out, np.zeros(RATE), RATE, format="WAV")
    with pytest.raises(InputError, match=r"quiet\.wav: 1\.0 seconds of silence"):
        heard(out.getvalue(), source="quiet.wav")


def test_of_a_long_recording_the_beginning_is_heard(monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 1.0)
    out = io.BytesIO()
    soundfile.write(out, sine(60, 3.0), RATE, format="WAV")
    assert len(heard(out.getvalue(), source="long.wav")) == pytest.approx(FRAMES_A_SECOND, abs=2)
