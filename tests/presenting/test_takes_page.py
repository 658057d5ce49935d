"""The page of takes: one whole, well-formed file that asks for nothing and lets nothing in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import takes

from symbolic_embed.presenting.page_music import page_music
from symbolic_embed.presenting.page_parts import joined
from symbolic_embed.presenting.takes_page import SCRIPTS, takes_page

VOID = {"meta", "input", "br", "img", "link", "hr"}
EVIL = "</script><script>alert(1)</script><!-- & ' \" --> <b>Bass</b>"


class Page(HTMLParser):
    """The elements of a page as a browser's parser finds them: (tag, attributes), and the text of scripts and style."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.contents: list[tuple[str, str]] = []
        self.errors: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "style"):
            self.contents.append((dict(attrs).get("type") or tag, ""))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            kind, before = self.contents[-1]
            self.contents[-1] = (kind, before + data)

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]

    def content(self, kind: str) -> str:
        (text,) = [text for its_kind, text in self.contents if its_kind == kind]
        return text


@pytest.fixture(scope="module")
def html():
    seed = takes.band()
    return takes_page(seed, [takes.continued(seed, take=takes.TAKE), takes.continued(seed, name="band__next02__s0")])


def evil_page() -> tuple[str, dict]:
    """A page of a band whose first part and file have names that would end a script; and the music that is in it."""
    score = takes.band_score()
    seed = takes.seed_of(replace(score, tracks=(replace(score.tracks[0], name=EVIL), *score.tracks[1:])), path=EVIL)
    outputs = [takes.continued(seed, take={"why": EVIL, "failures": [EVIL]})]
    return takes_page(seed, outputs), page_music(seed, outputs)


def test_the_page_is_well_formed_and_its_parts_find_each_other(html):
    page = Page(html)
    assert (page.errors, page.open) == ([], [])
    ids = page.attributes("id")
    assert len(set(ids)) == len(ids)
    for name in ("aria-controls", "aria-labelledby"):
        assert set(page.attributes(name)) <= set(ids)
    wanted = re.findall(r'(?:getElementById|element|find)\("([\w-]+)"\)', page.content("script"))
    assert len(set(wanted)) > 15
    assert set(wanted) <= set(ids)


def test_every_control_has_a_name(html):
    page = Page(html)
    labelled = re.findall(r"<label[^>]*>[^<]*\w[^<]*<(?:input|select)[^>]*\bid=\"([\w-]+)\"", html)
    for tag, attributes in page.elements:
        if tag in ("input", "select"):
            assert attributes.get("aria-label") or attributes["id"] in labelled, attributes


def test_nothing_is_asked_for_outside(html):
    page = Page(html)
    for name in ("src", "srcset", "action", "data", "poster", "formaction", "background"):
        assert page.attributes(name) == []
    assert {tag for tag, _ in page.elements} & {"link", "iframe", "object", "embed", "img", "base", "form"} == set()
    assert page.attributes("href") == ["#takes", "./band__next01__s0.mid", "./band__next02__s0.mid"]
    code = page.content("script") + page.content("style")
    for word in ("http:", "https:", "//cdn", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "import(",
                 "sendBeacon", "EventSource", "new Image", "Worker(", "eval(", "innerHTML"):  # fmt: skip
        assert word not in code, word


def test_the_policy_lets_these_scripts_run_and_nothing_else(html):
    page = Page(html)
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.content(kind).encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    assert not any(name.startswith("on") or name == "style" for _, a in page.elements for name in a)


def test_names_from_files_can_neither_end_the_data_nor_open_an_element():
    html, _ = evil_page()
    page = Page(html)
    assert (page.errors, page.open) == ([], [])
    assert [kind for kind, _ in page.contents] == ["style", "application/json", "script"]
    assert "b" not in {tag for tag, _ in page.elements}
    assert "alert(1)</script>" not in html


def test_the_music_comes_through_as_it_was():
    html, music = evil_page()
    found = json.loads(Page(html).content("application/json"))
    assert found.pop("colours")
    assert found == music
    assert found["parts"][0]["name"] == EVIL


def test_the_same_takes_give_the_same_bytes(html):
    seed = takes.band()
    again = takes_page(seed, [takes.continued(seed, take=takes.TAKE), takes.continued(seed, name="band__next02__s0")])
    assert again == html


def test_the_page_is_small(html):
    assert len(html.encode()) - len(Page(html).content("application/json")) < 100_000


def test_every_script_is_in_the_page():
    assert len(SCRIPTS) == len(set(SCRIPTS))
    for name in (
        "class Synth",
        "class Player",
        "class Roll",
        "class View",
        "class Mixer",
        "function pieceOf",
        "function strike",
    ):
        assert joined(SCRIPTS).count(name) == 1


@pytest.mark.parametrize("outputs", [0, 1])
def test_a_page_says_what_was_done(outputs):
    seed = takes.band()
    html = takes_page(seed, [takes.continued(seed, take=takes.TAKE)] * outputs)
    assert ("compose: 1 of 16 takes kept" if outputs else "0 results") in html
