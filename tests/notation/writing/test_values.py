"""Note values: which symbols lengths are written with, on metres a reader can check in the head."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.notation.writing.values import (
    Metre,
    Symbol,
    divided,
    divided_in_tuplet,
    metric_levels,
    strength,
    symbol_of,
)

FOUR, THREE, SIX = Metre.of(4, 4), Metre.of(3, 4), Metre.of(6, 8)


@pytest.mark.parametrize(
    ("units", "symbol"),
    [(96, ("whole", 0)), (24, ("quarter", 0)), (36, ("quarter", 1)), (9, ("16th", 1)), (3, ("32nd", 0)),
     (192, ("breve", 0)), (30, None), (4, None), (2, None)],
)  # fmt: skip
def test_plain_symbols(units, symbol):
    assert symbol_of(units) == (Symbol(*symbol) if symbol else None)


@pytest.mark.parametrize(
    ("units", "symbol"), [(8, ("eighth", 0)), (16, ("quarter", 0)), (4, ("16th", 0)), (2, ("32nd", 0)),
                          (12, ("eighth", 1)), (6, ("16th", 1)), (20, None)],
)  # fmt: skip
def test_in_a_tuplet_a_symbol_lasts_two_thirds(units, symbol):
    assert symbol_of(units, is_tuplet=True) == (Symbol(*symbol) if symbol else None)


@pytest.mark.parametrize(
    ("metre", "levels"),
    [((4, 4), (96, 48, 24, 12, 6, 3)), ((3, 4), (72, 24, 12, 6, 3)), ((6, 8), (72, 36, 12, 6, 3)),
     ((12, 8), (144, 72, 36, 12, 6, 3)), ((2, 2), (96, 48, 24, 12, 6, 3)), ((7, 8), (84, 12, 6, 3)), ((3, 128), (3, 1))],
)  # fmt: skip
def test_a_metre_is_a_tree(metre, levels):
    assert metric_levels(*metre) == levels


def test_the_middle_of_the_bar_is_stronger_than_a_beat():
    assert [strength(place, FOUR.levels) for place in (0, 48, 24, 12, 6, 3, 1)] == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("metre", "start", "end", "pieces"),
    [
        (FOUR, 0, 96, [96]),
        (FOUR, 0, 72, [72]),
        (FOUR, 24, 72, [48]),  # a half on the second beat
        (FOUR, 12, 36, [24]),  # eighth, quarter, eighth
        (FOUR, 12, 48, [36]),
        (FOUR, 36, 60, [12, 12]),  # the middle of the bar is seen
        (FOUR, 6, 30, [18, 6]),
        (FOUR, 3, 9, [6]),
        (FOUR, 0, 60, [48, 12]),
        (FOUR, 36, 84, [12, 36]),
        (THREE, 24, 72, [48]),
        (THREE, 0, 30, [24, 6]),
        (SIX, 0, 72, [72]),
        (SIX, 12, 36, [24]),
        (SIX, 24, 48, [12, 12]),  # dotted beats are seen
        (SIX, 0, 48, [36, 12]),
    ],
)
def test_notes_show_the_beat(metre, start, end, pieces):
    assert [b - a for a, b in divided(start, end, metre)] == pieces


@pytest.mark.parametrize(
    ("metre", "start", "end", "pieces"),
    [
        (FOUR, 24, 72, [24, 24]),
        (FOUR, 12, 48, [12, 24]),
        (FOUR, 48, 96, [48]),
        (FOUR, 6, 24, [6, 12]),
        (SIX, 36, 72, [36]),
        (SIX, 12, 36, [24]),
    ],
)
def test_rests_never_hide_a_beat(metre, start, end, pieces):
    assert [b - a for a, b in divided(start, end, metre, is_rest=True)] == pieces


def test_within_a_tuplet():
    assert divided_in_tuplet(0, 16, unit=8) == ((0, 16),)
    assert divided_in_tuplet(4, 24, unit=4) == ((4, 8), (8, 24))


metres = st.sampled_from([(4, 4), (3, 4), (6, 8), (5, 4), (7, 8), (2, 2), (9, 8), (12, 8), (3, 2)])


@given(metres, st.integers(0, 47), st.integers(1, 48), st.booleans())
def test_pieces_are_symbols_that_fill_the_stretch(metre, start, length, is_rest):
    pieces = divided(3 * start, 3 * (start + length), Metre.of(*metre), is_rest=is_rest)
    assert (pieces[0].start, pieces[-1].end) == (3 * start, 3 * (start + length))
    assert all(one.end == other.start for one, other in pairwise(pieces))
    assert all(symbol_of(piece.end - piece.start) for piece in pieces)


@given(st.integers(0, 11), st.integers(1, 12), st.sampled_from([8, 4, 2]))
def test_in_tuplets_too(start, length, unit):
    start, end = unit * start, unit * (start + length)
    pieces = divided_in_tuplet(start, end, unit=unit)
    assert (pieces[0][0], pieces[-1][1]) == (start, end)
    assert all(one[1] == other[0] for one, other in pairwise(pieces))
    assert all(symbol_of(b - a, is_tuplet=True) for a, b in pieces)
