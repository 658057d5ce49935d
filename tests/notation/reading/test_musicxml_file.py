"""What of a MusicXML document is changed before music21 reads it."""

import pytest
import sheets

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.reading.musicxml_file import prepare
from symbolic_embed.notation.reading.xml_file import parsed

DRUMS = (
    '<score-part id="P1"><part-name>Kit</part-name>'
    '<midi-instrument id="P1-I36"><midi-channel>10</midi-channel><midi-unpitched>36</midi-unpitched></midi-instrument>'
    '<midi-instrument id="P1-I43"><midi-unpitched>43</midi-unpitched></midi-instrument></score-part>'
)
HIT = "<note><unpitched><display-step>{}</display-step><display-octave>{}</display-octave></unpitched><duration>2</duration>{}</note>"  # fmt: skip


def prepared(data):
    root = parsed(data, source="a.musicxml")
    return root, prepare(root, source="a.musicxml")


def pitches(root):
    return [
        (p.findtext("step"), p.findtext("alter"), p.findtext("octave")) for p in root.findall("part/measure/note/pitch")
    ]


def test_each_drum_is_its_own_key():
    hits = HIT.format("F", 4, '<instrument id="P1-I36"/>') + HIT.format("G", 5, '<instrument id="P1-I43"/>')
    root, facts = prepared(sheets.score(sheets.measure(hits), entries=DRUMS))
    assert pitches(root) == [("B", None, "1"), ("F", "1", "2")]  # keys 35 and 42
    assert facts.drums == {"P1"}


@pytest.mark.parametrize(
    ("step", "octave", "head", "key"),
    [("F", 4, "", ("C", None, "2")), ("C", 5, "", ("D", None, "2")), ("G", 5, "x", ("F", "1", "2")),
     ("C", 5, "x", ("C", "1", "2")), ("E", 2, "", ("D", None, "2"))],
)  # fmt: skip
def test_a_drum_without_a_number_is_what_stands_there(step, octave, head, key):
    hit = HIT.format(step, octave, f"<notehead>{head}</notehead>" if head else "")
    root, facts = prepared(sheets.score(sheets.measure(hit)))
    assert pitches(root) == [key]
    assert facts.drums == {"P1"}


def test_the_only_drum_of_a_part_is_meant_by_all_its_notes():
    entry = DRUMS.replace('<midi-instrument id="P1-I43"><midi-unpitched>43</midi-unpitched></midi-instrument>', "")
    root, _ = prepared(sheets.score(sheets.measure(HIT.format("C", 5, "")), entries=entry))
    assert pitches(root) == [("B", None, "1")]


def test_cue_notes_are_rests():
    cue, chord = sheets.note(first="<cue/>"), sheets.note("E", first="<cue/><chord/>")
    root, facts = prepared(sheets.score(sheets.measure(sheets.note("G") + cue + chord)))
    assert [[child.tag for child in note] for note in root.findall("part/measure/note")] == [
        ["pitch", "duration"],
        ["rest", "duration"],
    ]
    assert facts.cues == 2


def test_programmes_but_for_the_first_which_careless_programs_write():
    entry = (
        '<score-part id="P{0}"><part-name>x</part-name><midi-instrument id="I{0}">{1}</midi-instrument></score-part>'
    )
    said = ["<midi-program>74</midi-program>", "<midi-program>1</midi-program>", "<midi-program>x</midi-program>", ""]
    entries = "".join(entry.format(number, program) for number, program in enumerate(said, start=1))
    _, facts = prepared(sheets.score(*[sheets.measure(sheets.note())] * 4, entries=entries))
    assert facts.programs == {"P1": 73}


def test_a_score_bar_by_bar_is_turned_into_parts():
    bars = "".join(
        f'<measure number="{number}">'
        + "".join(f'<part id="P{part}">{sheets.note(step)}</part>' for part, step in enumerate(steps, start=1))
        + "</measure>"
        for number, steps in enumerate(("CE", "DF"), start=1)
    )
    root, _ = prepared(f"<score-timewise><part-list/>{bars}</score-timewise>".encode())
    assert root.tag == "score-partwise"
    steps = {part.get("id"): [s.text for s in part.findall("measure/note/pitch/step")] for part in root.findall("part")}
    assert steps == {"P1": ["C", "D"], "P2": ["E", "F"]}
    assert [measure.get("number") for measure in root.findall("part[1]/measure")] == ["1", "2"]


def test_print_is_taken_out():
    more = "<lyric><text>la</text></lyric><notations><ornaments><trill-mark/></ornaments></notations><beam>begin</beam>"
    content = "<print/><harmony/>" + sheets.note(more=more + "<voice>1</voice>")
    root, _ = prepared(sheets.score(sheets.measure(content)))
    (measure,) = root.findall("part/measure")
    assert [element.tag for element in measure] == ["note"]
    assert [element.tag for element in measure[0]] == ["pitch", "duration", "voice"]


def test_a_rest_over_a_pick_up_or_beside_notes_stays_as_long_as_it_is():
    rest = '<note><rest measure="yes"/><duration>2</duration></note>'
    bars = [sheets.measure(rest, implicit="yes"), sheets.measure(rest), sheets.measure(sheets.note() + rest)]
    root, _ = prepared(sheets.score("".join(bars)))
    assert [rest.get("measure") for rest in root.findall("part/measure/note/rest")] == [None, "yes", None]


def directions(said):
    root, _ = prepared(sheets.score(sheets.measure(said + sheets.note())))
    return [
        element.tag if element.tag != "words" else element.text
        for element in root.findall("part/measure/direction/direction-type/*")
    ]


WORDS = "<direction><direction-type><words>{}</words></direction-type>{}</direction>"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (WORDS.format("Allegro", ""), []),
        (WORDS.format("D.C. al\n  Fine", ""), ["D.C. al Fine"]),
        (WORDS.format("see note", '<sound dacapo="yes"/>'), ["D.C. al Fine"]),
        ('<sound dalsegno="x"/>', ["D.S. al Fine"]),
        ('<sound fine="yes"/>', ["Fine"]),
        (WORDS.format("To Coda", '<sound tocoda="c"/>'), ["To Coda"]),
        ("<direction><direction-type><metronome/></direction-type></direction>", ["metronome"]),
        ('<direction><direction-type><metronome/></direction-type><sound tempo="90"/></direction>', []),
        ("<direction><direction-type><wedge/></direction-type></direction>", []),
    ],
)
def test_directions_say_only_what_is_played(said, left):
    assert directions(said) == left


@pytest.mark.parametrize(
    ("ending", "number"),
    [
        ('<ending number="1, 2" type="start"/>', "1,2"),
        ('<ending number="" type="stop"/>', "1"),
        ('<ending number="0" type="start">2.</ending>', "2"),
        ('<ending number="3." type="start"/>', "3"),
    ],
)
def test_endings_have_numbers(ending, number):
    root, _ = prepared(sheets.score(sheets.measure(f"<barline>{ending}</barline>" + sheets.note())))
    assert [found.get("number") for found in root.iter("ending")] == [number]


def test_other_xml_is_refused():
    with pytest.raises(MidiError, match=r"^a\.musicxml: XML of the kind 'html', where score-partwise was needed"):
        prepared(b"<html/>")
