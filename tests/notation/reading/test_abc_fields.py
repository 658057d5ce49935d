"""Keys, metres, lengths, tempi and voices, as ABC writes them."""

from fractions import Fraction

import pytest

from symbolic_embed.notation.reading.abc_fields import (
    read_key,
    read_metre,
    read_name,
    read_tempo,
    read_transposition,
    read_unit,
    unit_of,
)


@pytest.mark.parametrize(
    ("text", "sharps", "raised", "minor"),
    [
        ("C", 0, {}, False),
        ("G", 1, {"F": 1}, False),
        ("Bb", -2, {"B": -1, "E": -1}, False),
        ("F#m", 3, {"F": 1, "C": 1, "G": 1}, True),
        ("A minor", 0, {}, True),
        ("Edor", 2, {"F": 1, "C": 1}, False),
        ("D Mixolydian", 1, {"F": 1}, False),
        ("Bphr", 1, {"F": 1}, False),
        ("Flydian", 0, {}, False),
        ("HP", 2, {"F": 1, "C": 1}, False),
        ("none", None, {}, False),
        ("", None, {}, False),
        ("clef=bass", None, {}, False),
        ("D exp _b ^f", None, {"B": -1, "F": 1}, False),
        ("Amix =c ^g", 2, {"F": 1, "C": 0, "G": 1}, False),
        ("C clef=treble-8", 0, {}, False),
        ("Ebmaj", -3, {"B": -1, "E": -1, "A": -1}, False),
    ],
)
def test_keys(text, sharps, raised, minor):
    key = read_key(text)
    assert (key.sharps, {letter: by for letter, by in key.raised.items() if by or letter == "C"}, key.is_minor) == (
        sharps,
        raised,
        minor,
    )


@pytest.mark.parametrize(
    ("text", "metre"),
    [
        ("C", (4, 4)),
        ("C|", (2, 2)),
        (" 6/8 ", (6, 8)),
        ("(2+3)/8", (5, 8)),
        ("2+2+3/8", (7, 8)),
        ("none", None),
        ("0/4", None),
        ("4/3", None),
        ("999/4", None),
    ],
)
def test_metres(text, metre):
    assert read_metre(text) == metre


def test_lengths():
    assert read_unit("1/8") == Fraction(1, 2)
    assert read_unit("1") == 4
    assert (read_unit("0/8"), read_unit("1/0"), read_unit("x")) == (None, None, None)
    assert (unit_of((2, 4)), unit_of((3, 4)), unit_of(None)) == (Fraction(1, 4), Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("1/4=120", 120.0),
        ("3/8=60", 90.0),
        ('"Allegro" 1/4=100', 100.0),
        ("1/4 1/8=40", 60.0),
        ("120", 60.0),
        ("C3=40", 60.0),
        ("1/4=66.5", 66.5),
        ('"Slowly"', None),
        ("1/4=0", None),
    ],
)
def test_tempi(text, tempo):
    assert read_tempo(text, unit=Fraction(1, 2)) == tempo


@pytest.mark.parametrize(
    ("text", "semitones"),
    [
        ("C", 0),
        ("C clef=bass", 0),  # it moves where notes are written, not what they are
        ("C treble-8", -12),
        ("1 clef=tenor+8", 12),
        ("1 octave=-1", -12),
        ("1 transpose=-2 octave=1", 10),
        ("1 transpose=99999", 0),
    ],
)
def test_transpositions(text, semitones):
    assert read_transposition(text) == semitones


def test_names():
    assert read_name('1 clef=bass name="Left hand"') == "Left hand"
    assert read_name("1 nm=Flute") == "Flute"
    assert read_name("1") is None
