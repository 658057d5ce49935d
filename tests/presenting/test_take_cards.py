"""What is said of a take: all that its record has, nothing that it has not, and nothing unescaped."""

from __future__ import annotations

import re
from html import unescape

import pytest
import takes

from symbolic_embed.presenting.take_cards import seed_card, take_card, take_tab, take_title


def words(html: str) -> str:
    """What is read on the page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def card(**record) -> str:
    return take_card(1, takes.continued(takes.band(), **record), folder="out")


def test_a_card_says_why_a_take_was_kept_and_how_it_did():
    said = words(card(take=takes.TAKE))
    assert said.startswith("Take 7 rank 1 of 16 takes Why it was kept. one failure; 3 of 5 parts return")
    assert "New cells 0.41" in said
    assert "drone longest run of one pitch in a part 3 8 ✓ passes" in said
    assert "out of key share of the time in the seed's scale 0.812 0.93 ✗ fails" in said
    assert "groove likeness of the drums to the seed's – – does not apply" in said
    assert said.index("✗ fails") < said.index("✓ passes")
    assert said.endswith("Settings bars 1 variation 1 alone no")


def test_a_failure_that_nothing_was_measured_of_is_told_too():
    assert "clash share of minor seconds and major sevenths – – ✗ fails" in words(card(take={"failures": ["clash"]}))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({}, "Checks None were made."),
        ({"take": {}}, "Checks None were made."),
        ({"take": {"failures": []}}, "Checks No failure."),
    ],
)
def test_a_result_without_checks_says_so(record, said):
    assert said in words(card(**record))
    assert "Why it was kept" not in words(card(**record))


def test_a_result_that_is_no_take_goes_by_its_number():
    assert take_title(3, takes.continued(takes.band(), settings={"variation": 5})) == "Result 5"
    assert take_title(3, takes.continued(takes.band(), settings={})) == "Result 3"


def test_the_file_is_linked_from_where_the_page_lies():
    assert '<a href="out/band__next01__s0.mid">band__next01__s0.mid</a>' in card()


def test_a_tab_says_whether_a_take_fails():
    seed = takes.band()
    assert "out of key" in take_tab(1, takes.continued(seed, take=takes.TAKE))
    assert 'data-clean="no"' in take_tab(1, takes.continued(seed, take=takes.TAKE))
    assert 'data-clean="yes"' in take_tab(1, takes.continued(seed, take={"failures": []}))
    assert "data-clean" not in take_tab(1, takes.continued(seed))


def test_nothing_that_files_or_settings_say_is_taken_for_html():
    evil = '<img src=x onerror=alert(1)>"&\x07\u202e'
    output = takes.continued(
        takes.band(),
        name=evil,
        settings={evil: [evil], "variation": evil, "form": {evil: evil}},
        take={
            "number": evil,
            "rank": evil,
            "of": evil,
            "why": evil,
            "failures": [evil],
            "checks": {evil: {evil: evil}},
        },
    )
    for html in (
        take_card(1, output, folder="."),
        take_tab(1, output),
        seed_card(takes.seed_of(takes.band_score(), path=evil)),
    ):
        assert "<img" not in html
        assert "\x07" not in html
        assert "\u202e" not in html
        assert "&lt;img" in html
