"""Names of General MIDI, at places a musician knows by heart."""

import pytest

from symbolic_embed.score.instruments import DRUMS, PROGRAMS, drum_name, instrument_name, pitch_name


def test_programmes():
    assert len(PROGRAMS) == len(set(PROGRAMS)) == 128
    known = {0: "Acoustic Grand Piano", 32: "Acoustic Bass", 40: "Violin", 73: "Flute", 127: "Gunshot"}
    assert {program: instrument_name(program, is_drum=False) for program in known} == known
    assert instrument_name(0, is_drum=True) == "Drums"


def test_drums():
    assert len(DRUMS) == len(set(DRUMS)) == 81 - 35 + 1
    known = {35: "low kick", 36: "kick", 38: "snare", 42: "closed hat", 46: "open hat", 49: "crash", 81: "triangle"}
    assert {pitch: drum_name(pitch) for pitch in known} == known
    assert (drum_name(34), drum_name(82)) == ("34", "82")


@pytest.mark.parametrize(("pitch", "name"), [(60, "C4"), (69, "A4"), (0, "C-1"), (127, "G9"), (61, "C#4"), (58, "Bb3")])
def test_notes(pitch, name):
    assert pitch_name(pitch) == name
