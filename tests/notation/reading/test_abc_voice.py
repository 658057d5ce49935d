"""The music of ABC: each sign by what it makes of a bar."""

from fractions import Fraction

import pytest
import sheets

from symbolic_embed.notation.reading.abc_file import abc_sheet
from symbolic_embed.notation.reading.abc_voice import read_length
from symbolic_embed.notation.reading.sheet import RepeatSigns


def bars(music, **head):
    """The bars of a tune in quarters, each note as `place pitch length`."""
    sheet = abc_sheet(sheets.tune(music, **head), source="t.abc")
    return [[f"{place} {pitch} {length}" for place, length, pitch in bar] for bar in sheets.notes_of(sheet)]


def signs(music):
    return [bar.repeats for bar in abc_sheet(sheets.tune(music), source="t.abc").bars]


@pytest.mark.parametrize(
    ("text", "length"), [("", 1), ("3", 3), ("/", Fraction(1, 2)), ("//", Fraction(1, 4)), ("3/2", Fraction(3, 2)),
                         ("/4", Fraction(1, 4)), ("99999999", 1000), ("1/0", 1), ("/0", 1)],
)  # fmt: skip
def test_lengths(text, length):
    assert read_length(text) == length


@pytest.mark.parametrize(
    ("music", "first"),
    [
        ("C c C, c'|", ["0 60 1", "1 72 1", "2 48 1", "3 84 1"]),
        ("^C _D =E ^^F|", ["0 61 1", "1 61 1", "2 64 1", "3 67 1"]),
        ("^F F f F|", ["0 66 1", "1 66 1", "2 78 1", "3 66 1"]),  # an accidental holds in every octave
        ("C2 D/ E/ z|", ["0 60 2", "2 62 1/2", "5/2 64 1/2"]),
        ("z2 x C|", ["3 60 1"]),
        ("[CEG]2 [C2E2]|", ["0 60 2", "0 64 2", "0 67 2", "2 60 2", "2 64 2"]),
        ("C>D E<F|", ["0 60 3/2", "3/2 62 1/2", "2 64 1/2", "5/2 65 3/2"]),
        ("C>>D z2|", ["0 60 7/4", "7/4 62 1/4"]),
        ("[CE]>D|", ["0 60 3/2", "0 64 3/2", "3/2 62 1/2"]),
        ("(3CDE F2|", ["0 60 2/3", "2/3 62 2/3", "4/3 64 2/3", "2 65 2"]),
        ("(3:2:2C2D F2|", ["0 60 4/3", "4/3 62 2/3", "2 65 2"]),
        ("(5:4CDEFG|", ["0 60 4/5", "4/5 62 4/5", "8/5 64 4/5", "12/5 65 4/5", "16/5 67 4/5"]),
        ("C4 & E2 G2|", ["0 64 2", "0 60 4", "2 67 2"]),
        ("{gab}C2 {/d}D2|", ["0 60 2", "2 62 2"]),
        ('"Am"C "^up"D !trill!E ~F|', ["0 60 1", "1 62 1", "2 64 1", "3 65 1"]),
        ("vC uD .E HF|", ["0 60 1", "1 62 1", "2 64 1", "3 65 1"]),
        ("(CD) (E F)|", ["0 60 1", "1 62 1", "2 64 1", "3 65 1"]),
        ("C`D y2 E\\\nF|", ["0 60 1", "1 62 1", "2 64 1", "3 65 1"]),
        ("[L:1/8] C2 D2 [K:D] F2 [r:a remark]|", ["0 60 1", "1 62 1", "2 66 1"]),
    ],
)
def test_what_a_bar_holds(music, first):
    assert bars(music)[0] == first


def test_accidentals_end_with_the_bar():
    assert bars("^F2 F2|F4|")[1] == ["0 65 4"]


@pytest.mark.parametrize(
    ("rule", "pitches"), [("octave", [66, 77, 66]), ("not", [66, 77, 65]), ("pitch", [66, 78, 66])]
)
def test_for_what_accidentals_hold_can_be_said(rule, pitches):
    sheet = abc_sheet(f"X:1\n%%propagate-accidentals {rule}\nL:1/4\nK:C\n^F f F|", source="t.abc")
    assert [note.pitch for note in sheet.parts[0].bars[0]] == pitches


def test_ties_of_notes_and_of_chords():
    sheet = abc_sheet(sheets.tune("C2-C2|[CE]4-|[CE]4|[C-E]4|"), source="t.abc")
    assert [[note.tied for note in bar] for bar in sheet.parts[0].bars] == [
        [True, False],
        [True, True],
        [False, False],
        [True, False],
    ]


def test_bars_are_as_long_as_what_they_hold():
    sheet = abc_sheet(sheets.tune("C|DEFG|Z2|CDE|]"), source="t.abc")
    assert [bar.length for bar in sheet.bars] == [1, 4, 4, 4, 3]


def test_changes_within_a_tune():
    sheet = abc_sheet(sheets.tune("CDEF|\nM:3/4\nK:G\nFGA|\nP:B\n[Q:1/4=60]Bcd|"), source="t.abc")
    assert [(bar.metre, bar.key, bar.tempi, bar.marks) for bar in sheet.bars] == [
        ((4, 4), (0, False), (), ()),
        ((3, 4), (1, False), (), ()),
        ((3, 4), (1, False), ((0, 60.0),), ((0, "B"),)),
    ]
    assert sheet.parts[0].bars[1][0].pitch == 66


def test_dynamics_hold_until_the_next():
    sheet = abc_sheet(sheets.tune("C!f!D|E!p!F|"), source="t.abc")
    assert [[note.velocity for note in bar] for bar in sheet.parts[0].bars] == [[80, 96], [96, 49]]


def sign(**named):
    return RepeatSigns(**named)


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("|:C4:|D4|", [sign(starts=True, ends=True), sign()]),
        ("C4::D4:|", [sign(ends=True), sign(starts=True, ends=True)]),
        ("C4:|:D4|", [sign(ends=True), sign(starts=True)]),
        ("C4:||:D4|", [sign(ends=True), sign(starts=True)]),
        ("|:C4|1D4:|2E4||F4|", [sign(starts=True), sign(ends=True, endings=frozenset({1})),
                                sign(endings=frozenset({2})), sign()]),
        ("|:C4|[1,3D4|E4:|[2E4|]", [sign(starts=True), sign(endings=frozenset({1, 3})),
                                    sign(ends=True, endings=frozenset({1, 3})), sign(endings=frozenset({2}))]),
        ("|:C4 [1-2 D4:|3E4|", [sign(starts=True, ends=True, endings=frozenset({1, 2})), sign(endings=frozenset({3}))]),
        ("!segno!C4|!coda!D4!fine!|E4!D.S.!|", [sign(segno=True), sign(coda=True, fine=True), sign(jump="segno")]),
        ("C4|!D.C.!D4|", [sign(), sign(jump="capo")]),
        ("C4 .| D4 [|] E4|", [sign(), sign(), sign()]),
        ("C4|\n:|", [sign(ends=True)]),
    ],
)  # fmt: skip
def test_signs_of_order(music, expected):
    assert signs(music) == expected


def test_unknown_signs_are_counted_and_grace_notes_too():
    sheet = abc_sheet(sheets.tune("C#D{ab}E&F|"), source="t.abc")
    assert sheet.warnings == (
        ("grace-notes", "grace notes were left out", 2),
        ("unknown-signs", "signs that are not read were passed over", 1),
    )
