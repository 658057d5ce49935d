"""Notes from a pitch curve."""

import numpy as np
import pytest
from voices import RATE, even, sung, tone

from symbolic_embed.listening.melodies import PitchCurve
from symbolic_embed.listening.noting import notes_of
from symbolic_embed.listening.trackers import pitch_curve

TUNE = (60, 62, 64, 60, 67, 65, 64, 62)


def heard(samples):
    return notes_of(pitch_curve(samples), samples)


def drawn(pitches, confidence=0.95):
    """A curve of these pitches frame by frame, and a tone of one loudness to go with it."""
    pitch = np.array(pitches, np.float64)
    curve = PitchCurve(np.arange(len(pitch)) * 0.016, pitch, np.where(np.isnan(pitch), 0.05, confidence))
    return curve, (0.3 * np.sin(np.arange(len(pitch) * 256) / 5)).astype(np.float32)


@pytest.mark.parametrize("manner", [{}, {"vibrato": 0.5}, {"scoop": 2.0}, {"vibrato": 0.4, "scoop": 1.0}])
def test_a_tune_however_it_is_sung(manner):
    written = even(TUNE, length=0.95)
    notes = heard(sung(written, **manner))
    assert notes.rounded.tolist() == list(TUNE)
    assert np.abs(notes.onset - [onset for onset, _, _ in written]).max() < 0.05
    assert np.abs(notes.end - [end for _, end, _ in written]).max() < 0.08
    assert np.all(notes.end[:-1] <= notes.onset[1:])


def test_notes_of_one_pitch_are_told_apart_by_what_lies_between():
    assert heard(sung(even([60] * 6))).rounded.tolist() == [60] * 6


def test_a_long_note_with_vibrato_stays_one():
    assert heard(sung([(0.5, 4.5, 57)], vibrato=0.6)).rounded.tolist() == [57]


def test_a_tracker_that_hears_the_octave_for_a_moment_is_not_believed():
    notes = notes_of(*drawn([np.nan] * 10 + [60] * 20 + [72] * 3 + [60] * 20 + [np.nan] * 10))
    assert notes.rounded.tolist() == [60]
    assert notes.pitch.tolist() == [60.0]


def test_an_octave_that_stays_is_a_note():
    notes = notes_of(*drawn([np.nan] * 10 + [60] * 20 + [72] * 20 + [np.nan] * 10))
    assert notes.rounded.tolist() == [60, 72]


def test_what_is_shorter_than_a_note_is_none():
    assert len(notes_of(*drawn([np.nan] * 10 + [60] * 3 + [np.nan] * 10))) == 0


def test_a_glide_belongs_to_the_notes_at_its_ends():
    notes = notes_of(*drawn([60] * 30 + list(np.linspace(60, 67, 8)) + [67] * 30))
    assert notes.rounded.tolist() == [60, 67]


def test_unvoiced_moments_do_not_end_a_note():
    assert notes_of(*drawn([60] * 20 + [np.nan] * 2 + [60] * 20)).rounded.tolist() == [60]


def test_silence_has_no_notes():
    notes = notes_of(*drawn([np.nan] * 50))
    assert len(notes) == 0
    assert notes.tuning == 0.0
    assert notes.rounded.tolist() == []


def test_a_soft_note_is_as_many_decibels_below_the_loudest():
    samples = np.concatenate([tone(60, 0.6), np.zeros(RATE // 4), tone(64, 0.6) / 10]).astype(np.float32)
    notes = heard(samples)
    assert notes.loudness[0] == 0.0
    assert notes.loudness[1] == pytest.approx(-20, abs=1)
