"""Symbols as MusicXML."""

from xml.etree import ElementTree

import pytest

from symbolic_embed.notation.writing.elements import StaffBar, instrument_id, key_alteration
from symbolic_embed.notation.writing.pieces import pieces_of
from symbolic_embed.notation.writing.values import Metre
from symbolic_embed.notation.writing.voices import Bar, Chord

BAR = Bar(0, 96, Metre.of(4, 4))


def voice(*chords):
    """Quarters: each the pitches of a chord, or nothing for a rest."""
    line = [Chord(24 * place, 24 * place + 24, tuple(p), (80,) * len(p)) for place, p in enumerate(chords) if p]
    return pieces_of(line, BAR)


def elements(*voices, number=1, **named):
    staff = StaffBar(dict(enumerate(voices, start=1)), "P1", **{"sharps": 0, **named})
    return list(staff.elements(BAR.metre, voice=number))


def accidentals(*voices, number=1, **named):
    notes = elements(*voices, number=number, **named)
    return [note.findtext("accidental") for note in notes if note.find("pitch") is not None]


def test_the_children_of_a_note_are_in_the_order_of_the_standard():
    line = [Chord(0, 120, (61,), (90,))]
    (note,) = StaffBar({1: pieces_of(line, BAR)}, "P1", 0, number=2).elements(BAR.metre, voice=1)
    assert ElementTree.tostring(note, encoding="unicode") == (
        '<note dynamics="100.00"><pitch><step>C</step><alter>1</alter><octave>4</octave></pitch>'
        '<duration>96</duration><tie type="start" /><voice>1</voice><type>whole</type><accidental>sharp</accidental>'
        '<staff>2</staff><notations><tied type="start" /></notations></note>'
    )


def test_chords_and_rests():
    notes = elements(voice([60, 64], [], [67], [67]))
    assert [[child.tag for child in note][:2] for note in notes] == [
        ["pitch", "duration"],
        ["chord", "pitch"],
        ["rest", "duration"],
        ["pitch", "duration"],
        ["pitch", "duration"],
    ]


@pytest.mark.parametrize(
    ("chords", "sharps", "said"),
    [
        ([[61], [61], [60], [60]], 0, ["sharp", None, "natural", None]),
        ([[61], [73], [61]], 0, ["sharp", "sharp", None]),  # each octave its own
        ([[66], [65], [66]], 1, [None, "natural", "sharp"]),
        ([[70], [71], [70]], -1, [None, "natural", "flat"]),
        ([[60, 61]], 0, [None, "sharp"]),
    ],
)
def test_accidentals_hold_until_another(chords, sharps, said):
    assert accidentals(voice(*chords), sharps=sharps) == said


def test_accidentals_hold_for_all_voices_of_a_staff_in_time():
    upper, lower = voice([], [61], [61]), voice([61], [], [60])
    assert accidentals(upper, lower, number=1) == [None, None]
    assert accidentals(upper, lower, number=2) == ["sharp", "natural"]


def test_a_tied_note_needs_no_accidental():
    line = [Chord(-24, 24, (61,), (80,)), Chord(24, 48, (61,), (80,))]
    assert accidentals(pieces_of(line, BAR)) == [None, "sharp"]


def test_rests_of_lower_voices_are_not_printed():
    upper, lower = voice([72], [], [72]), voice([48], [], [48])
    assert [element.tag for element in elements(upper, lower, number=1)] == ["note", "note", "note", "note"]
    assert [element.tag for element in elements(upper, lower, number=2)] == ["note", "forward", "note", "forward"]


def test_drums_have_no_pitch_but_a_place_and_an_instrument():
    hands = elements(voice([42], [38], [36]), is_drum=True)
    said = [
        (note.findtext("unpitched/display-step"), note.findtext("stem"), note.findtext("notehead"))
        for note in hands[:3]
    ]
    assert said == [("G", "up", "x"), ("C", "up", None), ("F", "down", None)]
    assert [note.find("instrument").get("id") for note in hands[:3]] == [
        instrument_id("P1", key) for key in (42, 38, 36)
    ]


def test_tuplets_begin_and_end_once():
    line = [Chord(8 * n, 8 * n + 8, (60, 64), (80, 80)) for n in range(6)]
    notes = elements(pieces_of(line, BAR))
    ends = [[tuplet.get("type") for tuplet in note.iter("tuplet")] for note in notes[:12]]
    assert ends == [["start"], [], [], [], ["stop"], [], ["start"], [], [], [], ["stop"], []]
    assert {note.findtext("time-modification/actual-notes") for note in notes[:12]} == {"3"}


def test_a_rest_over_the_whole_bar():
    rest = StaffBar({}, "P1", 0, number=1).whole_bar_rest(96, voice=1)
    assert ElementTree.tostring(rest, encoding="unicode") == (
        '<note><rest measure="yes" /><duration>96</duration><voice>1</voice><staff>1</staff></note>'
    )


def test_what_a_signature_raises():
    assert [key_alteration(step, 2) for step in "FCG"] == [1, 1, 0]
    assert [key_alteration(step, -2) for step in "BEA"] == [-1, -1, 0]
