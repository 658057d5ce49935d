"""The picture of why pieces are alike: the same bytes each time, whatever the pieces are like."""

import re
from dataclasses import replace

import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library.showing import Match, Why
from symbolic_embed.presenting.along_page import along_page
from symbolic_embed.presenting.along_picture import MOST_BARS, Row, along_picture
from symbolic_embed.presenting.why_words import in_words
from symbolic_embed.score import Score
from symbolic_embed.similarity.lying_along import Along

BAND, OTHER = cut(pieces.piece(1)), cut(pieces.piece(2, bars=20))
ALONG = (Along(1, 2, 11, 12, 0.1), Along(3, 6, 3, 6, 0.5))
WHY = Why(bars=0.5, harmony=0.2, melody=None, pairs=((1, 11),), rhythm=1.3, passages=0.4, along=ALONG)
MATCH = Match("songs/other.mid", 0.3, 5, 1, 11, WHY, "related", 0.5)
EVIL = "songs/</script><b>$x_$ \udce9\n.mid"


@pytest.mark.parametrize("format", ["png", "svg"])
def test_the_same_matches_give_the_same_bytes(format):
    first = along_picture(BAND, [(MATCH, OTHER)], title="band", format=format)
    assert along_picture(BAND, [(MATCH, OTHER)], title="band", format=format) == first
    without = replace(MATCH, why=replace(WHY, along=()))
    assert along_picture(BAND, [(without, OTHER)], title="band", format=format) != first


def test_it_says_in_words_what_it_shows():
    text = along_picture(BAND, [(MATCH, OTHER)], title="band.mid", first=3, format="svg").decode()
    said = "bars 1-2 lie along bars 11-12 (0.10), bars 3-6 along bars 3-6 (0.50)"
    for words in ("3  songs/other.mid", f"related, distance 0.300; the query 5 semitones up; {said}", "band.mid",
                  "0.20 apart", "nothing to compare"):  # fmt: skip
        assert f"<!-- {words} -->" in text


def test_a_band_goes_from_the_bars_of_one_to_those_of_the_other():
    above, below = Row.of("a", BAND, [(3, 6)]), Row.of("b", OTHER, [(3, 6)])
    assert above.quarters(3, 6) == below.quarters(3, 6) == (8.0, 24.0)
    assert above.places(3, 6, width=12.0) == (4.75, 12.75)  # of 24 quarters, behind a margin of .75
    assert below.places(3, 6, width=12.0) == pytest.approx((0.75 + 1.2, 0.75 + 3.6))  # of 80


def test_of_a_long_piece_what_is_joined_is_in_sight():
    long = cut(pieces.piece(1, bars=MOST_BARS + 100))
    row = Row.of("long", long, [(150, 160), (170, 180)])
    assert (row.system.numbers[0], row.system.numbers[-1]) == (146, 184)
    assert row.title == "long, bars 146 to 184 of 292"
    assert len(Row.of("long", long, []).system.numbers) <= MOST_BARS
    assert len(Row.of("long", long, [(1, 290)]).system.numbers) == MOST_BARS


def test_pieces_of_any_kind_are_drawn_without_a_noise(capsys):
    silent, drums = cut(Score(480)), cut(pieces.piece(1, parts=(pieces.drums,)))
    nothing = replace(MATCH, path=EVIL, why=Why(0.5, None, None, ()), likeness=None)
    for music in (silent, drums):
        assert along_picture(music, [(nothing, music)] * 3, title=EVIL, format="svg")
    assert along_picture(BAND, [], title="nobody")
    assert capsys.readouterr() == ("", "")


def test_words():
    assert in_words(2, MATCH) == (
        "2  songs/other.mid: related, distance 0.300; the query 5 semitones up\n"
        "   bars 1-2 lie along bars 11-12 (0.10), bars 3-6 along bars 3-6 (0.50)\n"
        "   most alike in harmony (0.20), least in rhythm (1.30)\n"
    )
    alone = replace(
        MATCH, transposition=-1, likeness=None, why=Why(0.5, None, None, (), along=(Along(1, 1, 2, 2, 0.0),))
    )
    assert in_words(1, alone) == (
        "1  songs/other.mid: by this part alone, distance 0.300; the query 1 semitone down\n"
        "   bar 1 lies along bar 2 (0.00)\n"
    )
    assert "no bars lie along each other" in in_words(1, replace(MATCH, why=replace(WHY, along=())))


def test_the_page_has_a_button_for_every_stretch_and_asks_for_nothing():
    html = along_page(BAND, [(MATCH, OTHER), (replace(MATCH, path=EVIL), BAND)], title=EVIL)
    assert re.findall(r'data-piece="(\d)" data-from="(\d+)" data-to="(\d+)"', html) == [
        ("0", "1", "2"), ("1", "11", "12"), ("0", "3", "6"), ("1", "3", "6"),
        ("0", "1", "2"), ("2", "11", "12"), ("0", "3", "6"), ("2", "3", "6"),
    ]  # fmt: skip
    assert html.count("</script>") == 2
    assert "<b>" not in html
    assert not re.search(r'(?:src|href)="(?!data:)', html)
    assert "http" not in html.replace("http-equiv", "")
    assert html == along_page(BAND, [(MATCH, OTHER), (replace(MATCH, path=EVIL), BAND)], title=EVIL)
