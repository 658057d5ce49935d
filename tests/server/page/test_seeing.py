"""A piece on the page, seen, heard, selected, varied where it is selected.

In all journeys no request leaves the server and no script fails (`browsers.visiting`).
"""

from __future__ import annotations

import re

import browsers
from visits import SEED, bars_that_differ, downloaded, inked


def test_a_file_is_seen_in_facts_and_parts(visit):
    visit.open("seed_band.mid")
    assert visit.text("#facts").startswith("16 bars · 0:37 · 4/4 · 104 bpm")
    assert visit.page.locator(".head strong").all_inner_texts() == [
        "Flute",
        "Electric piano",
        "Strings",
        "Bass",
        "Drums",
    ]
    label = visit.page.locator("#paper").get_attribute("aria-label")
    assert label == "Piano roll of seed_band.mid: 5 parts, 16 bars"
    assert inked(visit) > 1000
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_no_midi_is_said_in_the_servers_words(visit, tmp_path):
    (tmp_path / "list.mid").write_text("milk, bread, eggs")
    visit.page.set_input_files("#file", str(tmp_path / "list.mid"))
    visit.page.wait_for_selector("#notice:not([hidden])")
    assert visit.notice.startswith("list.mid: ")
    visit.open(SEED)
    assert visit.page.locator("#notice").is_hidden()


def test_a_file_is_heard_and_bars_are_looped(visit):
    visit.open(SEED)
    visit.page.click("#play")
    visit.until(lambda: "0:01" in visit.text("#position"))
    assert visit.text("#play") == "Stop"
    visit.select(9, 9)
    visit.page.click("#loop")
    visit.page.wait_for_timeout(2600)
    assert visit.text("#position").startswith("bar 9")
    visit.page.click("#play")
    assert visit.text("#play") == "Play"


def test_a_part_is_muted_and_another_is_heard_alone(visit):
    visit.open(SEED)
    mute = visit.page.locator(".head .muted").first
    before = inked(visit)
    mute.click()
    assert mute.get_attribute("aria-pressed") == "true"
    visit.page.wait_for_timeout(100)
    assert inked(visit) < before
    solo = visit.page.locator(".head .alone").nth(1)
    solo.click()
    assert solo.get_attribute("aria-pressed") == "true"


def test_only_what_is_selected_varies(visit):
    visit.open(SEED)
    visit.select(5, 6)
    visit.set("vary-dial-amount", 0.6)
    visit.do("vary")
    assert visit.takes.count() == 3
    assert visit.command == f"symbolic-embed vary {SEED} --change 0.6 --count 3 --bars 5-6"
    said = visit.page.locator("#cards li[data-number='1']").inner_text()
    assert re.findall(r"\d+ %[^\n·]*", said) == [re.search(r"\d+ % of the notes changed where it varies", said)[0]]
    take = downloaded(visit, "#cards li[data-number='1'] [data-act=download]")
    bars = bars_that_differ((browsers.SAMPLES / SEED).read_bytes(), take.path().read_bytes())
    assert bars
    assert bars <= {5, 6}


def test_what_of_the_selection_is_not_asked_for_is_said(visit):
    visit.open(SEED)
    visit.select(5, 6)
    said = {verb: visit.form(verb).locator(".hint").last.inner_text() for verb in ("vary", "humanise", "next")}
    assert said == {
        "vary": "Selected: bars 5 to 6",
        "humanise": "Bars are not chosen here: all bars are meant",
        "next": "Selected: after bar 6",
    }
    visit.page.focus("#scroller")
    for key in ("ArrowRight", "Shift+ArrowRight"):
        visit.page.keyboard.press(key)
    assert visit.form("check").locator(".hint").last.inner_text().startswith("Bars and parts are not chosen here")
    told = visit.form("rank").locator(".hint").last.inner_text()
    assert told == "Selected: Violin 1. Bars are not chosen here: all bars are meant"


def test_numbers_of_bars_are_seen_whole(visit):
    visit.open(SEED)
    for end in ("from", "to"):
        assert visit.page.locator(f"#{end}").evaluate(
            """(input) => {
                input.value = 10001;
                const pen = document.createElement("canvas").getContext("2d"), style = getComputedStyle(input);
                pen.font = style.font;
                const inside = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                return pen.measureText(input.value).width + 18 <= inside; // 18: the arrows
            }"""
        )
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_bars_and_parts_are_selected_with_keys(visit):
    visit.open(SEED)
    visit.page.focus("#scroller")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown"):
        visit.page.keyboard.press(key)
    assert [visit.page.input_value(f"#{end}") for end in ("from", "to")] == ["3", "4"]
    assert visit.text("#selected") == "in Violin 2, Viola"
    visit.until(lambda: visit.text("#told").startswith("bar 4, Viola,"))
    visit.page.keyboard.press("Escape")
    assert visit.text("#selected").startswith("all is meant")


def test_bars_and_parts_are_selected_with_the_mouse(browser, place):
    with browsers.visiting(browser, place.address) as visit:
        visit.come().open(SEED)
        box = visit.page.locator("#paper").bounding_box()
        heads = visit.page.locator("#heads").bounding_box()["width"]
        lane = visit.page.locator(".head").first.bounding_box()["height"]
        wide = (box["width"] - heads) / 16

        def move(bar, part):
            visit.page.mouse.move(box["x"] + heads + wide * (bar - 0.5), box["y"] + 40 + lane * (part + 0.5))

        move(3, 1)
        visit.page.mouse.down()
        move(5, 2)
        visit.page.mouse.up()
        assert [visit.page.input_value(f"#{end}") for end in ("from", "to")] == ["3", "5"]
        assert visit.text("#selected") == "in Violin 2, Viola"


def test_a_finger_goes_to_a_place_selects_bars_and_zooms(browser, place):
    with browsers.visiting(browser, place.address, size="phone") as visit:
        visit.come().open(SEED)
        box = visit.page.locator("#papers").bounding_box()
        heads = visit.page.locator("#heads").bounding_box()["width"]
        touch = visit.page.context.new_cdp_session(visit.page)

        def at(share, down=60):
            return {"x": box["x"] + heads + (box["width"] - heads) * share, "y": box["y"] + down}

        def send(kind, *points):
            points = [{**point, "id": number} for number, point in enumerate(points)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        visit.page.touchscreen.tap(*at(0.5).values())
        assert re.match("bar [89]", visit.text("#position"))
        visit.page.click("#select-mode")
        send("touchStart", at(0.3))
        for share in (0.4, 0.5, 0.6):
            send("touchMove", at(share))
        send("touchEnd")
        first, last = (int(visit.page.input_value(f"#{end}")) for end in ("from", "to"))
        assert first in (5, 6)
        assert last in (9, 10)
        assert visit.text("#selected") == "in Violin 1"
        wide = visit.page.evaluate("document.getElementById('sheet').clientWidth")
        send("touchStart", at(0.4), at(0.6))
        for apart in (0.15, 0.2, 0.3):
            send("touchMove", at(0.5 - apart), at(0.5 + apart))
        send("touchEnd")
        assert visit.page.evaluate("document.getElementById('sheet').clientWidth") > 1.5 * wide
