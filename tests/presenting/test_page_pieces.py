"""Pieces on a page: their notes and bars as they were, cut where asked, no more of them than there is room for."""

import json

import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.presenting.page_music import NEW
from symbolic_embed.presenting.page_pieces import DIVISION, Excerpts, page_piece, shortened, struck
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track

BAND = cut(pieces.piece(1, bars=6))


def test_a_piece_in_short():
    notes = Notes.of([0, 480, 960], [480, 240, 3000], [60, 62, 64], [80, 90, 100])
    parts = (Track(notes, name=" Lead\n", program=73),)
    score = Score(480, parts, tempi=(Tempo(0, 400000),), time_signatures=(TimeSignature(0, 3, 4),))
    piece = page_piece(cut(score), bars=1)
    assert piece == {
        "division": DIVISION, "bars": [0, 144], "metres": [[0, "3/4"]], "tempi": [[0, 400000]], "seedEnd": None,
        "parts": [{"part": 0, "name": "Lead", "instrument": "Flute", "program": 73, "drum": False,
                   "notes": [0, 48, 60, 80 + NEW, 48, 24, 62, 90 + NEW, 48, 48, 64, 100 + NEW]}],
    }  # fmt: skip


@given(st.integers(1, 7), st.integers(1, 7))
def test_cut_later_is_cut_at_once(first, then):
    fewer = min(first, then)
    assert shortened(page_piece(BAND, bars=first), fewer) == page_piece(BAND, bars=fewer)
    assert shortened(page_piece(BAND, bars=first), 6) == page_piece(BAND, bars=first)


def test_drums_have_names():
    assert struck([page_piece(BAND)]) == {"36": "kick", "38": "snare", "42": "closed hat"}


def test_where_there_are_too_many_all_become_shorter_and_then_some_go():
    bar = len(json.dumps(page_piece(BAND, bars=1), separators=(",", ":")))
    excerpts = Excerpts(bars=4, most=3 * bar)
    for number in range(5):
        excerpts.add(f"{number}.mid", BAND)
    assert (excerpts.bars, excerpts.left_out) == (1, 2)
    assert [excerpts.get(f"{number}.mid") for number in range(5)] == [page_piece(BAND, bars=1)] * 3 + [None] * 2
    assert excerpts.said(asked=4) == "only the first bar of a piece can be seen and heard; 2 pieces can not"


@pytest.mark.parametrize("bars", [0, 4])
def test_nothing_is_said_where_nothing_is_left_out(bars):
    excerpts = Excerpts(bars=bars)
    excerpts.add("a.mid", BAND)
    assert excerpts.said(asked=bars) == ""
    assert (excerpts.get("a.mid") is None) == (bars == 0)
