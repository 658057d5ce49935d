"""Staves and clefs."""

import pytest

from symbolic_embed.notation.writing.quantising import WrittenNote
from symbolic_embed.notation.writing.staves import ALTO, BASS, PERCUSSION, TREBLE, clef_of, staves_of
from symbolic_embed.score import Notes, Track

PIANO, FLUTE, GUITAR, BASS_GUITAR, VIOLA, PICCOLO = 0, 73, 24, 33, 41, 72


def notes(*pitches):
    return [WrittenNote(12 * place, 12 * place + 12, pitch, 80, True) for place, pitch in enumerate(pitches)]


def staves(program, *pitches, channel=0):
    track = Track(Notes.none(), program=program, channel=channel)
    found = staves_of(track, notes(*pitches), [0, 96, 192])
    return [(clef, [note.pitch for note in of_staff]) for clef, of_staff in found]


@pytest.mark.parametrize(
    ("program", "pitches", "clef"),
    [
        (FLUTE, [72, 84], TREBLE),
        (PIANO, [36, 48], BASS),
        (VIOLA, [55, 62], ALTO),
        (VIOLA, [76, 84], TREBLE),
        (GUITAR, [52, 64], TREBLE._replace(octaves=-1, low=52, high=65)),
        (BASS_GUITAR, [33, 43], BASS._replace(octaves=-1, low=31, high=45)),
        (PICCOLO, [80, 96], TREBLE._replace(octaves=1, low=76, high=89)),
        (FLUTE, [], TREBLE),
    ],
)
def test_the_clef_with_the_fewest_ledger_lines(program, pitches, clef):
    assert clef_of(program, pitches) == clef


def test_a_piano_has_two_hands_where_it_plays_with_both():
    assert staves(PIANO, 40, 72, 43, 74) == [(TREBLE, [72, 74]), (BASS, [40, 43])]
    assert staves(PIANO, 72, 74, 76) == [(TREBLE, [72, 74, 76])]
    assert staves(FLUTE, 40, 72, 43, 74) == [(BASS, [40, 72, 43, 74])]


def test_hands_part_at_the_widest_gap_of_each_bar():
    """In the first bar the left hand goes up to D4, in the second the right hand down to D4 as well."""
    first, second = [40, 52, 62, 79, 81, 83, 84, 86], [38, 45, 62, 65, 69, 74, 77, 81]
    (_, right), (_, left) = staves(PIANO, *first, *second)
    assert left == [40, 52, 62, 38, 45]
    assert right == [79, 81, 83, 84, 86, 62, 65, 69, 74, 77, 81]


def test_drums_have_a_staff_of_their_own():
    assert staves(PIANO, 36, 80, channel=9) == [(PERCUSSION, [36, 80])]
