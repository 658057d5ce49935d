"""The picture of a piece: the same bytes each time, and a picture for every piece."""

import warnings
from dataclasses import replace

import matplotlib
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.presenting import piano_roll
from symbolic_embed.presenting.piano_roll import picture
from symbolic_embed.score import Score

BAND = cut(pieces.piece(1))


@pytest.mark.parametrize("format", ["png", "svg"])
def test_the_same_piece_gives_the_same_bytes_whatever_the_user_has_set(format):
    first = picture(BAND, title="band", format=format)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": "other"}):
        assert picture(BAND, title="band", format=format) == first
    assert picture(BAND, title="other", format=format) != first


def test_a_svg_names_parts_and_bars_and_no_date():
    text = picture(BAND, title="band", format="svg").decode()
    assert "<!-- 0 Acoustic Grand Piano -->" in text
    assert "<!-- snare -->" in text
    assert "<!-- 1  4/4 -->" in text
    assert "<dc:date>" not in text


def test_names_of_any_kind_are_no_formulas_and_make_no_noise(capsys):
    odd = replace(pieces.piece(1).tracks[0], name="$x_$ 你好 \x07")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture(cut(Score(480, (odd,))), title="$ \udce9 \n")
    assert capsys.readouterr() == ("", "")


def test_a_piece_without_notes_says_so():
    assert "<!-- no notes -->" in picture(cut(Score(480)), title="bare", format="svg").decode()


def test_drums_alone_and_thirty_parts_are_drawn(monkeypatch):
    assert picture(cut(pieces.piece(1, parts=(pieces.drums,))), title="drums")
    many = tuple(pieces.melody(seed, bars=1) for seed in range(30))
    text = picture(cut(Score(480, many)), title="many", format="svg").decode()
    assert "<!-- and 10 more parts -->" in text
    monkeypatch.setattr(piano_roll, "MOST_VECTORS", 10)
    assert "<image" in picture(BAND, title="many notes", format="svg").decode()
