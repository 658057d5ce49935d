"""Beams."""

import pytest

from symbolic_embed.notation.writing.beams import beams_of
from symbolic_embed.notation.writing.pieces import pieces_of
from symbolic_embed.notation.writing.values import Metre
from symbolic_embed.notation.writing.voices import Bar, Chord

SHORT = {"begin": "b", "continue": "c", "end": "e", "forward hook": "f", "backward hook": "k"}


def beams(*lengths, metre=(4, 4)):
    """The beams of notes one after the other (a negative length is a rest); of each note its levels as letters."""
    made = Metre.of(*metre)
    line, place = [], 0
    for length in lengths:
        if length > 0:
            line.append(Chord(place, place + length, (60,), (80,)))
        place += abs(length)
    pieces = pieces_of(line, Bar(0, made.levels[0], made))
    found = beams_of(pieces, made)
    return " ".join("".join(SHORT[beam] for beam in of_note) or "-" for of_note in found)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((24, 12, 12, 48), "- b e -"),
        ((12, 12, 12, 12, 48), "b c c e -"),  # the eighths of half a bar
        ((12, 12, 6, 6, 12, 48), "b e bb ce e -"),
        ((6, 6, 6, 6, 24, 48), "bb cc cc ee - -"),
        ((18, 6, 24, 48), "b ek - -"),
        ((6, 18, 24, 48), "bf e - -"),
        ((12, -12, 48, 24), "- - - -"),
        ((12, 6, 6, -24, 48), "b cb ee - -"),
        ((3, 3, 6, 12, 24, 48), "bbb cce ce e - -"),
        ((8, 8, 8, 24, 48), "b c e - -"),
    ],
)
def test_within_a_beat(lengths, expected):
    assert beams(*lengths) == expected


@pytest.mark.parametrize(
    ("metre", "lengths", "expected"),
    [
        ((6, 8), (12, 12, 12, 12, 12, 12), "b c e b c e"),
        ((3, 8), (12, 12, 12), "b c e"),
        ((3, 4), (12,) * 6, "b e b e b e"),
        ((2, 2), (12,) * 8, "b c c e b c c e"),
        ((5, 8), (12,) * 5, "b e b e -"),
    ],
)
def test_in_other_metres(metre, lengths, expected):
    assert beams(*lengths, metre=metre) == expected


def test_beams_that_begin_end():
    levels = beams(6, 6, 12, 3, 3, 6, 12, 8, 8, 8).split()
    for level in range(3):
        said = [of_note[level] for of_note in levels if len(of_note) > level]
        assert said.count("b") == said.count("e")
