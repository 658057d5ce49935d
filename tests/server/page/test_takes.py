"""Takes on the page: compared, kept, gone on from; what is written and found there.

In all journeys no request leaves the server and no script fails (`browsers.visiting`).
"""

from __future__ import annotations

import shlex
import zipfile

import browsers
from visits import SEED, bars_that_differ, downloaded, notes_of, place_of, run


def test_takes_are_compared_at_the_same_place(visit):
    visit.open(SEED)
    visit.do("vary")
    visit.page.locator("#cards .strip").first.click()
    visit.page.click("#play")
    visit.until(lambda: "0:02" in visit.text("#position"))
    for key, shown in (("1", "1"), ("2", "2"), ("x", "1"), ("x", "2"), ("0", "0")):
        visit.page.keyboard.press(key)
        assert visit.page.locator("#cards li.shown").get_attribute("data-number") == shown
        assert 2 <= place_of(visit) <= 6
        assert visit.text("#play") == "Stop"
    assert "of 245 notes are new" not in visit.page.locator("#paper").get_attribute("aria-label")


def test_takes_are_kept_rejected_and_brought_home(visit):
    visit.open(SEED)
    visit.do("vary")
    for number in (1, 2):
        visit.page.click(f"#cards li[data-number='{number}'] [data-act=keep]")
    visit.page.click("#cards li[data-number='3'] [data-act=reject]")
    assert visit.page.locator("#cards li[data-number='3']").is_hidden()
    for key, shown in (("2", "2"), ("3", "2"), ("1", "1"), ("r", "2"), ("x", "0"), ("x", "2"), ("1", "2")):
        visit.page.keyboard.press(key)
        assert visit.page.locator("#cards li.shown").get_attribute("data-number") == shown
    visit.page.click("#show-rejected")
    visit.page.keyboard.press("1")
    visit.page.keyboard.press("k")
    visit.page.click("#show-rejected")
    archive = downloaded(visit, "#download-kept")
    with zipfile.ZipFile(archive.path()) as kept:
        assert kept.testzip() is None
        assert len(kept.namelist()) == 2
        assert all(len(notes_of(kept.read(name))) == 4 for name in kept.namelist())
    visit.page.click("#show-rejected")
    visit.page.click("#cards li[data-number='3'] [data-act=reject]")
    assert visit.page.locator("#cards li[data-number='3']").is_visible()


def test_long_names_leave_room_for_the_buttons(visit, tmp_path):
    name = f"{'a_long_name_' * 8}.mid"
    (tmp_path / name).write_bytes((browsers.SAMPLES / SEED).read_bytes())
    visit.open(tmp_path / name)
    card = visit.page.locator("#cards li.seed")
    boxes = [one.bounding_box() for one in (card, card.locator("[data-act=download]"))]
    edge, end = (box["x"] + box["width"] for box in boxes)
    assert end < edge
    assert card.locator(".title").get_attribute("title") == name
    assert downloaded(visit, "#cards li.seed [data-act=download]").suggested_filename == name


def test_a_take_becomes_the_seed_and_one_can_go_back(visit):
    visit.open(SEED)
    visit.do("vary")
    visit.page.click("#cards li[data-number='2'] [data-act=seed]")
    assert "__var02__" in visit.text("#name")
    assert visit.takes.count() == 0
    visit.page.keyboard.press("Control+z")
    assert visit.text("#name") == SEED
    assert visit.takes.count() == 3
    visit.page.click("#redo")
    assert "__var02__" in visit.text("#name")


def test_what_was_worked_on_is_there_at_the_next_visit(visit):
    visit.open(SEED)
    visit.do("vary")
    visit.page.click("#cards li[data-number='1'] [data-act=keep]")
    visit.page.click("#cards li[data-number='2'] [data-act=seed]")
    visit.page.wait_for_timeout(700)
    visit.come()
    visit.page.click("#go-on")
    assert "__var02__" in visit.text("#name")
    visit.page.click("#undo")
    assert visit.text("#name") == SEED
    assert visit.page.locator("#cards li.kept").get_attribute("data-number") == "1"
    take = downloaded(visit, "#cards li[data-number='1'] [data-act=download]")
    assert len(notes_of(take.path().read_bytes())) == 4


def test_it_goes_on_and_the_command_that_is_shown_writes_the_same(visit, tmp_path, model):
    visit.open(SEED)
    visit.form("compose")
    visit.set("compose-bars", 2)
    visit.page.fill("#compose-density", "lower")
    visit.do("compose")
    take = downloaded(visit, "#cards li[data-number='1'] [data-act=download]")
    (tmp_path / SEED).write_bytes((browsers.SAMPLES / SEED).read_bytes())
    run(*shlex.split(visit.command)[1:], "--checkpoint", model, cwd=tmp_path)
    assert (tmp_path / "compose" / take.suggested_filename).read_bytes() == take.path().read_bytes()


def test_bars_that_are_drawn_over_are_filled(visit):
    visit.open(SEED)
    form = visit.form("fill")
    assert form.locator(":scope > .primary").is_disabled()
    assert "Draw over the bars" in form.inner_text()
    visit.select(7, 8)
    visit.do("fill")
    take = downloaded(visit, "#cards li[data-number='1'] [data-act=download]")
    bars = bars_that_differ((browsers.SAMPLES / SEED).read_bytes(), take.path().read_bytes())
    assert bars <= {7, 8}


def test_what_is_alike_is_found_heard_and_blended(visit):
    visit.open(SEED)
    visit.do("rank")
    rows = visit.page.locator("#match-rows tr")
    assert rows.count() == 12
    assert rows.first.locator("button").inner_text() == SEED
    visit.page.wait_for_selector("#why canvas")
    assert visit.page.locator("#why canvas").get_attribute("aria-label").startswith("Yours and ")
    rows.nth(1).locator("button").click()
    visit.until(lambda: visit.text("#play-word") == "Stop")
    visit.page.click("#why button:has-text('Blend with it')")
    assert visit.page.locator("#panel-blend").is_visible()
    visit.set("blend-steps", 2)
    visit.do("blend")
    assert visit.takes.count() == 2
    for place in (2, 0):
        visit.set("way-place", place)
        assert visit.page.locator("#cards li.shown").get_attribute("data-number") == str(place)
    visit.do("check")
    assert visit.page.locator("#way").is_visible()
    visit.do("humanise")
    assert visit.page.locator("#way").is_hidden()
    visit.page.click("#cards li[data-number='1'] .strip")
    assert visit.page.locator("#way").is_visible()


def test_a_piece_is_taken_from_the_map_and_accompanied(visit):
    visit.page.click("#from-map")
    visit.page.wait_for_selector("#plane-card:not([hidden])")
    visit.page.focus("#cloud")
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_selector("#take-chosen:not([disabled])")
    visit.page.click("#take-chosen")
    visit.page.wait_for_selector("#picture:not([hidden])")
    form = visit.form("accompany")
    form.locator("input[value=bass]").check()
    parts = visit.page.locator(".head").count()
    visit.do("accompany")
    assert visit.page.locator(".head").count() == parts + 1
