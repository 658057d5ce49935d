"""Metre, key, clefs, tempo and marks as MusicXML."""

from xml.etree import ElementTree

from symbolic_embed.notation.writing.signs import attributes, rehearsal_mark, tempo_marks
from symbolic_embed.notation.writing.staves import BASS, TREBLE
from symbolic_embed.score import KeySignature, TimeSignature

FOUR = TimeSignature(0, 4, 4)


def text(element):
    return ElementTree.tostring(element, encoding="unicode")


def test_the_first_bar_says_all_in_the_order_of_the_standard():
    said = attributes(key=KeySignature(0, -3, True), signature=FOUR, clefs=[TREBLE, BASS._replace(octaves=-1)])
    assert text(said) == (
        "<attributes><divisions>24</divisions><key><fifths>-3</fifths><mode>minor</mode></key>"
        "<time><beats>4</beats><beat-type>4</beat-type></time><staves>2</staves>"
        '<clef number="1"><sign>G</sign><line>2</line></clef>'
        '<clef number="2"><sign>F</sign><line>4</line><clef-octave-change>-1</clef-octave-change></clef></attributes>'
    )


def test_later_bars_say_what_is_new():
    assert attributes(key=None, signature=None, clefs=[]) is None
    assert text(attributes(key=None, signature=TimeSignature(9, 3, 8), clefs=[])) == (
        "<attributes><time><beats>3</beats><beat-type>8</beat-type></time></attributes>"
    )


def test_a_tempo_is_printed_in_its_beat_and_played_exactly():
    (mark,), printed = tempo_marks([(0, 104.00002)], FOUR, None)
    assert text(mark) == (
        '<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>'
        '<per-minute>104</per-minute></metronome></direction-type><sound tempo="104.00002" /></direction>'
    )
    assert printed == 104.00002
    (mark,), _ = tempo_marks([(12, 90.0)], TimeSignature(0, 6, 8), None)
    assert mark.find("direction-type/metronome/beat-unit-dot") is not None
    assert mark.findtext("direction-type/metronome/per-minute") == "60"
    assert mark.findtext("offset") == "12"


def test_small_changes_are_played_but_not_printed():
    marks, printed = tempo_marks([(0, 101.0), (24, 103.0), (48, 105.0)], FOUR, 100.0)
    assert [mark.tag for mark in marks] == ["sound", "sound", "direction"]
    assert [marks[0].findtext("offset"), marks[1].findtext("offset")] == [None, "24"]
    assert printed == 105.0


def test_a_mark_stands_where_it_begins():
    assert text(rehearsal_mark("B & C", 24)) == (
        '<direction placement="above"><direction-type><rehearsal>B &amp; C</rehearsal></direction-type>'
        '<offset sound="yes">24</offset></direction>'
    )
