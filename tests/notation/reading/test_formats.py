"""MusicXML, kern and ABC as sheet music: what must survive of a score."""

import io
import zipfile
from fractions import Fraction

import pytest
import sheets
from sheets import FOUR_FOUR, measure, note, score

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.reading.formats import sheet_of, text_of
from symbolic_embed.notation.reading.sheet import RepeatSigns

BACKUP = "<backup><duration>{}</duration></backup>"
REST = "<note><rest/><duration>{}</duration></note>"
KEY = "<key><fifths>{}</fifths><mode>{}</mode></key>"


def read(data, kind="musicxml"):
    return sheet_of(data, kind=kind, source="a.musicxml")


def pitches(sheet, part=0):
    return [[note.pitch for note in sorted(bar)] for bar in sheet.parts[part].bars]


def test_parts_and_voices_and_chords():
    first = note("E", 4) + note("G", 4, first="<chord/>") + note("F", 4) + BACKUP.format(8) + note("C", 8)
    sheet = read(score(measure(first, attributes=FOUR_FOUR), measure(note("C", 8, octave=3), attributes=FOUR_FOUR)))
    assert sheets.notes_of(sheet) == [[(0, 2, 64), (0, 2, 67), (0, 4, 60), (2, 2, 65)]]
    assert sheets.notes_of(sheet, 1) == [[(0, 4, 48)]]
    assert [part.name for part in sheet.parts] == ["Part 1", "Part 2"]


def test_two_staves_are_one_part():
    attributes = FOUR_FOUR.replace("</time>", "</time><staves>2</staves>")
    hands = note("E", 8, more="<staff>1</staff>") + BACKUP.format(8) + note("C", 8, octave=2, more="<staff>2</staff>")
    sheet = read(score(measure(hands, attributes=attributes), measure(note("G", 8), attributes=FOUR_FOUR)))
    assert (pitches(sheet), pitches(sheet, 1)) == ([[36, 64]], [[67]])


def test_pick_ups_and_divided_bars_are_as_long_as_they_are():
    bars = measure(note(), attributes=FOUR_FOUR, implicit="yes") + measure(note("D", 8)) + measure(note("E", 6))
    rest = '<note><rest measure="yes"/><duration>{}</duration></note>'
    below = (
        measure(rest.format(2), attributes=FOUR_FOUR, implicit="yes")
        + measure(rest.format(8))
        + measure(REST.format(6))
    )
    sheet = read(score(bars, below))
    assert [bar.length for bar in sheet.bars] == [1, 4, 3]
    assert {bar.metre for bar in sheet.bars} == {(4, 4)}


def test_metre_key_tempo_and_marks():
    tempo = "<direction><direction-type><metronome><beat-unit>half</beat-unit><per-minute>60</per-minute></metronome></direction-type></direction>"  # fmt: skip
    mark = "<direction><direction-type><rehearsal>B</rehearsal></direction-type></direction>"
    three = "<time><beats>3</beats><beat-type>4</beat-type></time>"
    bars = measure(tempo + note("C", 8), attributes=FOUR_FOUR + KEY.format(-3, "minor"))
    bars += measure(
        mark + note("C", 4) + '<sound tempo="90"/>' + note("C", 2), attributes=KEY.format(2, "major") + three
    )
    sheet = read(score(bars))
    assert [(bar.metre, bar.key, bar.tempi, bar.marks) for bar in sheet.bars] == [
        ((4, 4), (-3, True), ((0, 120.0),), ()),
        ((3, 4), (2, False), ((2, 90.0),), ((0, "B"),)),
    ]


def test_transposing_instruments_are_read_as_they_sound():
    attributes = (
        FOUR_FOUR + KEY.format(2, "major") + "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    )
    sheet = read(score(measure(note("D", 8), attributes=attributes)))
    assert pitches(sheet) == [[60]]
    assert sheet.bars[0].key == (0, False)


def test_ties_grace_notes_cue_notes_and_dynamics():
    grace = "<note><grace/><pitch><step>A</step><octave>4</octave></pitch></note>"
    forte = "<direction><direction-type><dynamics><f/></dynamics></direction-type></direction>"
    bar = note("C", 4, more='<tie type="start"/>') + grace + forte + note("C", 2, more='<tie type="stop"/>')
    bar += note("D", 2, first="<cue/>")
    sheet = read(score(measure(bar, attributes=FOUR_FOUR)))
    assert [tuple(one[:2]) + one[3:] for one in sheet.parts[0].bars[0]] == [(0, 2, 80, True), (2, 1, 96, False)]
    assert sheet.warnings == (
        ("grace-notes", "grace notes were left out", 1),
        ("cue-notes", "cue notes were left out", 1),
    )


def test_how_loud_a_note_is_may_stand_beside_it():
    said = note("C", 8).replace("<note>", '<note dynamics="50.00">')
    assert read(score(measure(said, attributes=FOUR_FOUR))).parts[0].bars[0][0].velocity == 45


def test_triplets_are_exact():
    third = note("C", 1).replace("</note>", "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification></note>")  # fmt: skip
    sheet = read(score(measure(third * 3, attributes=FOUR_FOUR.replace(">2<", ">3<"))))
    assert [one.onset for one in sheet.parts[0].bars[0]] == [0, Fraction(1, 3), Fraction(2, 3)]


@pytest.mark.parametrize(
    ("barlines", "signs"),
    [
        (('<repeat direction="forward"/>', '<repeat direction="backward" times="3"/>'),
         {"starts": True, "ends": True, "times": 3}),
        (('<ending number="1" type="start"/>', '<ending number="1" type="stop"/><repeat direction="backward"/>'),
         {"ends": True, "endings": frozenset({1})}),
    ],
)  # fmt: skip
def test_repeats_and_endings(barlines, signs):
    left, right = barlines
    bar = f'<barline location="left">{left}</barline>{note("C", 8)}<barline location="right">{right}</barline>'
    sheet = read(score(measure(bar, attributes=FOUR_FOUR) + measure(note("D", 8))))
    assert [bar.repeats for bar in sheet.bars] == [RepeatSigns(**signs), RepeatSigns()]


def test_the_order_of_playing_in_words_and_signs():
    sign = "<direction><direction-type>{}</direction-type></direction>"
    bars = [sign.format("<segno/>"), sign.format("<words>To Coda</words>"), sign.format("<words>D.S. al Coda</words>"), sign.format("<coda/>")]  # fmt: skip
    sheet = read(score("".join(measure(said + note("C", 8), attributes=FOUR_FOUR if not n else "") for n, said in enumerate(bars))))  # fmt: skip
    assert [bar.repeats for bar in sheet.bars] == [
        RepeatSigns(segno=True),
        RepeatSigns(to_coda=True),
        RepeatSigns(jump="segno"),
        RepeatSigns(coda=True),
    ]


def test_a_packed_score():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("score.xml", score(measure(note("C", 8), attributes=FOUR_FOUR)))
    assert pitches(read(data.getvalue(), "mxl")) == [[60]]


def test_a_bare_score_may_be_named_as_a_packed_one():
    assert pitches(read(score(measure(note("C", 8), attributes=FOUR_FOUR)), "mxl")) == [[60]]


KERN = """!!!COM: nobody
**kern\t**kern
*I"Cello\t*I"Flute
*M4/4\t*M4/4
*k[f#]\t*k[f#]
*G:\t*G:
*MM90\t*MM90
=1\t=1
2C\t[2cc
2D\t4cc]
.\t4ee 4gg
=2\t=2
1E\t3dd
.\t3ff#
.\t3dd
.\tq8ee
=:|!\t=:|!
*-\t*-
"""


def test_kern():
    sheet = read(KERN.encode(), "kern")
    assert [(part.name, part.program) for part in sheet.parts] == [("Flute", 73), ("Cello", 42)]
    assert sheets.notes_of(sheet)[0] == [(0, 2, 72), (2, 1, 72), (3, 1, 76), (3, 1, 79)]
    assert [one.onset for one in sheet.parts[0].bars[1]] == [0, Fraction(4, 3), Fraction(8, 3)]
    assert pitches(sheet, 1) == [[48, 50], [52]]
    assert (sheet.bars[0].metre, sheet.bars[0].key, sheet.bars[0].tempi) == ((4, 4), (1, False), ((0, 90.0),))
    assert sheet.bars[1].repeats == RepeatSigns(ends=True)
    assert sheet.warnings == (("grace-notes", "grace notes were left out", 1),)


def test_abc_goes_another_way():
    assert pitches(read(sheets.tune("CDEF|").encode(), "abc")) == [[60, 62, 64, 65]]


def test_text_of_any_alphabet():
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        assert text_of("Flöte".encode(encoding)) == "Flöte"


def test_xml_that_is_no_score():
    with pytest.raises(MidiError, match="XML of the kind 'opus'"):
        read(b"<opus/>")
