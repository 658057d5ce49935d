"""Spelling: letters and accidentals in their keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import tune

from symbolic_embed.notation.writing.spelling import Spelling, keys_of, spelled
from symbolic_embed.score import KeySignature, Score

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def names(*, sharps, is_minor=False):
    said = [spelled(pitch, sharps=sharps, is_minor=is_minor) for pitch in range(60, 72)]
    return " ".join(one.step + {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}[one.alter] for one in said)


@pytest.mark.parametrize(
    ("sharps", "is_minor", "expected"),
    [
        (0, False, "C C# D Eb E F F# G G# A Bb B"),
        (0, True, "C C# D D# E F F# G G# A Bb B"),
        (3, False, "C C# D D# E E# F# G G# A A# B"),
        (-3, True, "C Db D Eb E F F# G Ab A Bb B"),
        (-6, False, "C Db D Eb Fb F Gb G Ab Bbb Bb Cb"),
        (7, False, "B# C# C## D# E E# F# F## G# G## A# B"),
    ],
)
def test_the_twelve_of_a_key(sharps, is_minor, expected):
    assert names(sharps=sharps, is_minor=is_minor) == expected


def test_octaves_follow_the_letter():
    assert spelled(71, sharps=-6, is_minor=False) == Spelling("C", -1, 5)
    assert spelled(60, sharps=7, is_minor=False) == Spelling("B", 1, 3)
    assert spelled(0, sharps=0, is_minor=False) == Spelling("C", 0, -1)


@given(st.integers(0, 127), st.integers(-7, 7), st.booleans())
def test_what_is_spelt_is_the_pitch(pitch, sharps, is_minor):
    step, alter, octave = spelled(pitch, sharps=sharps, is_minor=is_minor)
    assert 12 * (octave + 1) + SEMITONES[step] + alter == pitch


@given(st.integers(-7, 7), st.booleans())
def test_the_scale_has_no_accidentals(sharps, is_minor):
    """All seven letters of the signature are among the twelve."""
    in_key = {"FCGDAEB"[n]: int(n < sharps) - int(n >= 7 + sharps) for n in range(7)}
    said = {(one.step, one.alter) for one in (spelled(p, sharps=sharps, is_minor=is_minor) for p in range(12))}
    assert set(in_key.items()) <= said


def test_keys_that_a_piece_names_and_keys_that_its_notes_tell():
    named = tune(range(8), key_signatures=(KeySignature(480, 2, True),))
    assert keys_of(named) == (KeySignature(0, 0, False), KeySignature(480, 2, True))
    assert keys_of(tune(range(16))) == (KeySignature(0, 0, False),)  # the scale of C
    assert keys_of(Score(480)) == (KeySignature(0, 0, False),)
