"""Sheet music as a player performs it, in ticks."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sheets
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.notation.reading.performing import performed, performed_events
from symbolic_embed.notation.reading.sheet import RepeatSigns, Sheet, SheetBar, SheetNote, SheetPart
from symbolic_embed.score import KeySignature, Marker, Tempo, TimeSignature, read_bytes
from symbolic_embed.score.metre import metre_map


def rows(score, part=0):
    return score.tracks[part].notes.rows().tolist()


def one_part(*notes, length=4):
    return Sheet((SheetBar(Fraction(length)),), (SheetPart((notes,)),))


def test_quarters_are_480_ticks():
    score = performed(sheets.sheet("CDEF", "GABc"))
    assert [row[:3] for row in rows(score)][:5] == [[0, 480, 60], [480, 480, 62], [960, 480, 64], [1440, 480, 65], [1920, 480, 67]]  # fmt: skip
    assert score.time_signatures == (TimeSignature(0, 4, 4),)


def test_a_pick_up_is_a_bar_of_its_own_length():
    score = performed(sheets.sheet("C", "DEFG", "ABc"))
    assert score.time_signatures == (TimeSignature(0, 1, 4), TimeSignature(480, 4, 4), TimeSignature(2400, 3, 4))
    assert metre_map(score).barline_ticks.tolist() == [0, 480, 2400, 3840]


@pytest.mark.parametrize(
    ("length", "metre", "signature"),
    [
        (Fraction(3), (6, 8), (6, 8)),
        (Fraction(1, 2), (6, 8), (1, 8)),
        (Fraction(7, 2), (4, 4), (7, 8)),
        (Fraction(1, 8), (4, 4), (1, 32)),
        (Fraction(1, 3), (4, 4), (11, 128)),  # no signature says a third of a quarter: rounded up
        (Fraction(64), (4, 4), (64, 4)),
        (Fraction(1020), (4, 8), (255, 1)),
    ],
)
def test_every_length_has_a_signature(length, metre, signature):
    sheet = Sheet((SheetBar(length, metre),), (SheetPart(((SheetNote(Fraction(0), Fraction(1), 60),),)),))
    assert performed(sheet).time_signatures == (TimeSignature(0, *signature),)


@pytest.mark.parametrize(
    ("place", "division"),
    [(Fraction(1, 3), 480), (Fraction(1, 64), 960), (Fraction(1, 7), 10_080), (Fraction(1, 11), 10_080)],
)
def test_the_fewest_ticks_that_hit_every_note(place, division):
    score = performed(one_part(SheetNote(place, Fraction(1), 60)))
    assert score.division == division
    assert rows(score)[0][0] == round(place * division)


def test_tied_notes_are_one():
    half = Fraction(2)
    sheet = Sheet(
        (SheetBar(Fraction(4)),) * 2,
        (
            SheetPart(
                (
                    (SheetNote(half, half, 60, tied=True), SheetNote(half, half, 64)),
                    (SheetNote(Fraction(0), half, 60), SheetNote(Fraction(0), half, 64), SheetNote(half, half, 60)),
                )
            ),
        ),
    )
    assert [row[:3] for row in rows(performed(sheet))] == [
        [960, 1920, 60],
        [960, 960, 64],
        [1920, 960, 64],
        [2880, 960, 60],
    ]


def test_a_tie_into_a_second_ending_is_kept():
    bars = (SheetBar(Fraction(1), repeats=RepeatSigns(starts=True)),)
    bars += (SheetBar(Fraction(1), repeats=RepeatSigns(ends=True, endings=frozenset({1}))),)
    bars += (SheetBar(Fraction(1), repeats=RepeatSigns(endings=frozenset({2}))),)
    note = SheetNote(Fraction(0), Fraction(1), 60)
    part = SheetPart(((note._replace(tied=True),), (note,), (note,)))
    assert [row[:2] for row in rows(performed(Sheet(bars, (part,))))] == [[0, 960], [960, 960]]


def test_a_jump_goes_back_to_the_tempo_metre_and_key_of_its_goal():
    sheet = sheets.sheet("CDEF", "GAB", signs={1: RepeatSigns(jump="capo")})
    first, second = sheet.bars
    bars = (
        replace(first, key=(0, False), tempi=((Fraction(0), 120.0),), marks=((Fraction(1), "A"),)),
        replace(second, key=(1, False), metre=(3, 4), tempi=((Fraction(1), 60.0),)),
    )
    score = performed(replace(sheet, bars=bars))
    assert score.tempi == (Tempo(0, 500_000), Tempo(2400, 1_000_000), Tempo(3360, 500_000), Tempo(5760, 1_000_000))
    assert [(s.tick, str(s)) for s in score.time_signatures] == [
        (0, "4/4"),
        (1920, "3/4"),
        (3360, "4/4"),
        (5280, "3/4"),
    ]
    assert score.key_signatures[:3] == (KeySignature(0, 0, False), KeySignature(1920, 1, False), KeySignature(3360, 0, False))  # fmt: skip
    assert score.markers == (Marker(480, "A"), Marker(3840, "A"))


@pytest.mark.parametrize(("tempo", "microseconds"), [(1e9, 10_000), (0.001, 15_000_000), (104.0, 576_923)])
def test_tempi_are_those_that_midi_can_say(tempo, microseconds):
    sheet = sheets.sheet("C")
    bars = (replace(sheet.bars[0], tempi=((Fraction(0), tempo),)),)
    assert performed(replace(sheet, bars=bars)).tempi == (Tempo(0, microseconds),)


def test_parts_keep_name_instrument_and_every_note():
    """Seventeen flutes on fifteen channels, all on one pitch: none cuts another's note. Drums are on channel 10."""
    flutes = [replace(sheets.sheet("CC").parts[0], name=f"Flute {n}", program=73) for n in range(17)]
    drums = replace(flutes[0], name="Drums", is_drum=True)
    sheet = replace(sheets.sheet("CC"), parts=(*flutes, drums))
    score = read_bytes(performed_events(sheet, source="a.abc").to_bytes())
    assert [track.name for track in score.tracks] == [*(f"Flute {n}" for n in range(17)), "Drums"]
    assert {track.program for track in score.tracks[:17]} == {73}
    assert all([row[:2] for row in rows(score, part)] == [[0, 480], [480, 480]] for part in range(18))
    assert [track.is_drum for track in score.tracks] == [False] * 17 + [True]


def test_a_sheet_without_notes_has_no_tracks():
    assert performed(Sheet((), ())).tracks == ()
    assert read_bytes(performed_events(Sheet((SheetBar(Fraction(4)),), (SheetPart(((),)),))).to_bytes()).tracks == ()


places = st.fractions(0, 8, max_denominator=10)
notes = st.builds(
    SheetNote,
    places,
    st.fractions(Fraction(1, 10), 4, max_denominator=10),
    st.integers(60, 62),
    st.just(80),
    st.booleans(),
)


@given(st.lists(st.lists(notes, max_size=5), min_size=1, max_size=4))
def test_sounding_time_is_neither_lost_nor_made(bars):
    """Ties join notes and nothing else: the sum of lengths stays. (The score is exact on these places.)"""
    sheet = Sheet(tuple(SheetBar(Fraction(8)) for _ in bars), (SheetPart(tuple(map(tuple, bars))),))
    score = performed(sheet)
    total = sum(note.length for bar in bars for note in bar)
    assert sum(rows[1] for rows in score.tracks[0].notes.rows().tolist()) == total * score.division
