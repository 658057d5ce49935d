"""A voice of one bar as symbols."""

from symbolic_embed.notation.writing.pieces import Tuplet, pieces_of, tuplets_of
from symbolic_embed.notation.writing.values import Metre, Span
from symbolic_embed.notation.writing.voices import Bar, Chord

FOUR = Bar(96, 192, Metre.of(4, 4))  # the second bar of a piece
SIX = Bar(0, 72, Metre.of(6, 8))


def written(*lengths_and_rests, bar=FOUR, has_ties=True):
    """Chords one after the other from the barline on (a negative length is a rest), as the symbols they become."""
    line, place = [], bar.start
    for length in lengths_and_rests:
        if length > 0:
            line.append(Chord(place, place + length, (60,), (80,)))
        place += abs(length)
    said = []
    for piece in pieces_of(line, bar, has_ties=has_ties):
        name = "note" if piece.chord else "rest"
        symbol = f"{piece.symbol.type}{'.' * piece.symbol.dots}{'~' if piece.is_tied_on else ''}"
        tuplet = f" {piece.tuplet.actual}:{piece.tuplet.normal}" if piece.tuplet else ""
        said.append(f"{'~' if piece.is_tied_from else ''}{name} {symbol}{tuplet}")
    return said


def test_notes_and_rests_fill_the_bar():
    assert written(24, -24, 36, 12) == ["note quarter", "rest quarter", "note quarter.", "note eighth"]
    assert written(24) == ["note quarter", "rest quarter", "rest half"]


def test_what_is_no_symbol_is_tied():
    assert written(60, 36) == ["note half~", "~note eighth", "note quarter."]


def test_over_barlines():
    over = [Chord(48, 108, (60,), (80,)), Chord(168, 240, (62,), (80,))]
    first, *_, last = pieces_of(over, FOUR)
    assert (first.span, first.is_tied_from, first.is_tied_on) == (Span(0, 12), True, False)
    assert (last.span, last.is_tied_from, last.is_tied_on) == (Span(72, 96), False, True)


def test_drums_are_struck_once():
    assert written(60, 36, has_ties=False) == ["note half", "rest eighth", "note quarter."]


def test_triplets():
    assert written(8, 8, 8, 24)[:4] == ["note eighth 3:2"] * 3 + ["note quarter"]
    assert written(16, 8)[:2] == ["note quarter 3:2", "note eighth 3:2"]
    assert written(-16, 8)[:2] == ["rest quarter 3:2", "note eighth 3:2"]


def test_triplets_over_two_beats():
    assert written(16, 16, 16)[:3] == ["note quarter 3:2"] * 3
    assert written(24, 16, 16, 16)[0] == "note quarter"  # not across the middle of the bar


def test_half_a_beat_is_a_tuplet_of_its_own():
    assert written(12, 4, 4, 4)[:4] == ["note eighth", *["note 16th 3:2"] * 3]
    assert written(4, 4, 4, 4, 4, 4)[:6] == ["note 16th 3:2"] * 6
    assert written(8, 8, 4, 4)[:4] == ["note eighth 6:4", "note eighth 6:4", "note 16th 6:4", "note 16th 6:4"]


def test_in_compound_metres_an_eighth_is_divided():
    assert written(12, 4, 4, 4, 12, bar=SIX)[:5] == ["note eighth", *["note 16th 3:2"] * 3, "note eighth"]


def test_a_note_into_a_tuplet_is_tied():
    assert written(32, 8, 8)[:4] == ["note quarter~", "~note eighth 3:2", "note eighth 3:2", "note eighth 3:2"]


def test_plain_beats_are_no_tuplets():
    assert tuplets_of([0, 6, 12, 15, 24, 96], FOUR) == []
    assert tuplets_of([0, 8, 16, 24, 96], FOUR) == [Tuplet(Span(0, 24), 8)]
    assert tuplets_of([0, 2, 4, 24], FOUR) == [Tuplet(Span(0, 24), 2)]
