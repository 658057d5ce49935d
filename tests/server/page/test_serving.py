"""The page and its server: long work, lost servers, rooms, words, and who sees and hears otherwise.

In all journeys no request leaves the server and no script fails (`browsers.visiting`).
"""

from __future__ import annotations

import re
import shlex

import browsers
import pytest
from visits import SEED, place_of


def test_long_work_is_cancelled(visit):
    visit.open("seed_band.mid")
    visit.form("compose")
    visit.set("compose-bars", 32)
    visit.set("compose-variations", 8)
    visit.page.locator("#panel-compose form > .primary").click()
    visit.until(lambda: re.match("Continue: .+", visit.text("#work-what")))
    visit.page.click("#cancel")
    visit.page.wait_for_selector("#work", state="hidden")
    assert visit.text("#messages") == "Cancelled; nothing was written."
    assert visit.takes.count() == 0
    assert visit.page.locator("#panel-compose form > .primary").is_enabled()


def test_work_that_the_server_ends_is_not_said_to_be_cancelled_here(visit, place):
    visit.open("seed_band.mid")
    visit.form("compose")
    visit.set("compose-bars", 32)
    visit.set("compose-variations", 8)
    with visit.page.expect_request("**/api/jobs/*/events") as followed:
        visit.page.locator("#panel-compose form > .primary").click()
    visit.until(lambda: re.match("Continue: .+", visit.text("#work-what")))
    place.ask("DELETE", followed.value.url.removeprefix(place.address).removesuffix("/events"))
    visit.page.wait_for_selector("#work", state="hidden")
    assert visit.text("#messages") == visit.notice
    assert visit.notice == "The server ended this before it was done; nothing was written."


def test_a_server_that_is_lost_or_busy_says_so_and_is_asked_again(visit):
    visit.open(SEED)
    answers = [{"status": 429, "json": {"error": "too many requests wait already; try again in some seconds"}}, None]

    def answer(route):
        said = answers.pop(0)
        if said:
            route.fulfill(**said)
        else:
            route.abort()

    visit.page.route("**/api/verbs/vary*", answer)
    visit.page.locator("#panel-vary form > .primary").click()
    visit.page.wait_for_selector("#notice:not([hidden])")
    assert visit.notice.startswith("too many requests wait")
    visit.page.click("#notice-again")
    visit.until(lambda: "does not answer" in visit.text("#notice-text"))
    assert "symbolic-embed serve" in visit.notice
    visit.page.unroute("**/api/verbs/vary*")
    visit.page.click("#notice-again")
    visit.page.wait_for_selector("#cards li[data-number='3']")


def test_another_device_plays_what_a_room_is_sent(visit, browser, place):
    visit.open(SEED)
    with browsers.visiting(browser, place.address, size="phone") as other:
        other.come("?room=kitchen")
        other.page.click("#listen-go")
        visit.page.click("#room summary")
        visit.page.fill("#room-name", "kitchen")
        assert visit.text("#room-address") == f"{place.address}/?room=kitchen"
        visit.page.wait_for_timeout(300)
        visit.page.click("#room-form button[type=submit]")
        visit.until(lambda: visit.text("#room-told") == "It sounds on 1 device")
        other.until(lambda: "0:01" in other.text("#position"))
        assert other.page.locator("#listen-what").inner_text() == SEED
        visit.page.click("#room-stop")
        other.until(lambda: other.text("#play-word") == "Play")


def test_a_room_says_what_it_said_once_the_server_answers_again(visit):
    stream = "retry: 1500\nevent: stop\ndata: {}\n\n"  # it ends: the page asks for it anew
    visit.come("?room=cellar")
    events = "**/api/rooms/cellar/events"
    visit.page.route(events, lambda route: route.fulfill(body=stream, content_type="text/event-stream"), times=1)
    visit.page.click("#listen-go")
    visit.until(lambda: "does not answer" in visit.text("#listen-what"))
    visit.until(lambda: visit.text("#listen-what") == "Stopped")


def test_what_is_no_name_of_a_room_is_not_asked_for(visit):
    visit.open(SEED)
    visit.page.click("#room summary")
    visit.page.click("#room-form button[type=submit]")
    visit.until(lambda: visit.text("#room-told") == "Nobody is in this room yet.")
    for name in ("", "a b/ü"):
        visit.page.fill("#room-name", name)
        for act in ("#room-form button[type=submit]", "#room-stop"):
            visit.page.click(act)
            assert visit.text("#room-told").startswith("A room's name is 1 to 40 letters")
        assert visit.page.locator("#room-address").is_hidden()
    assert visit.page.locator("#notice").is_hidden()
    visit.page.fill("#room-name", "a-b")
    assert visit.text("#room-told") == ""
    assert visit.text("#room-address").endswith("/?room=a-b")
    visit.come("?room=a%20b")
    assert visit.text("#listen-what").startswith("A room's name is")
    assert visit.page.locator("#listen-go").is_hidden()


def test_the_servers_sound_font_is_another_sound(visit, place):
    if not place.ask("GET", "/api/about").json["sound_font"]:
        pytest.skip("FluidSynth or a sound font is missing")
    visit.open(SEED)
    visit.page.click("#play")
    visit.page.click("#room summary")
    with visit.page.expect_response("**/results/sound.wav") as rendered:
        visit.page.select_option("#instrument", "font")
    assert rendered.value.ok
    visit.page.wait_for_timeout(1000)
    assert visit.text("#play-word") == "Stop"
    before = place_of(visit)
    visit.until(lambda: place_of(visit) > before)


def test_what_is_said_is_shown_as_a_command_before_it_is_done(visit):
    visit.open("seed_band.mid")
    visit.page.fill("#said", "make it purple")
    visit.page.press("#said", "Enter")
    visit.until(lambda: "purple" in visit.text("#meant-what"))
    assert visit.page.locator("#meant-go").is_hidden()
    assert visit.page.locator("#nearest button").count()
    visit.page.fill("#said", "two bars more, calmer, keep the bass")
    visit.page.press("#said", "Enter")
    visit.until(lambda: visit.page.locator("#meant-go").is_visible())
    command = visit.text("#meant-command")
    assert command == "symbolic-embed compose seed_band.mid --bars 2 --loop bass --density lower"
    assert visit.takes.count() == 0
    visit.page.click("#meant-go")
    visit.until(lambda: visit.takes.count() == 1)
    assert sorted(shlex.split(visit.command)) == sorted(shlex.split(command))


def test_what_is_asked_in_words_of_a_library_is_answered(visit):
    visit.open(SEED)
    visit.page.fill("#said", "what is like this?")
    visit.page.press("#said", "Enter")
    visit.until(lambda: visit.page.locator("#meant-go").is_visible())
    visit.page.click("#meant-go")
    visit.page.wait_for_selector("#matches:not([hidden])")
    assert visit.text("#match-rows button") == SEED


def test_what_goes_wrong_in_daws_is_listed(visit):
    visit.open(SEED)
    visit.do("check")
    assert visit.text("#findings-sum")


@pytest.mark.parametrize("size", browsers.SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, place, size, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    found = []

    def look(visit, where):
        violations = axe.run(visit.page).response["violations"]
        found.extend(
            (where, one["id"], one["nodes"][0]["target"])
            for one in violations
            if one["impact"] in ("serious", "critical")
        )

    with browsers.visiting(browser, place.address, size=size, color_scheme=scheme) as visit:
        visit.come()
        look(visit, "empty")
        visit.open(SEED)
        visit.do("vary")
        visit.page.click("#cards li[data-number='1'] [data-act=keep]")
        look(visit, "takes")
        for verb in ("rank", "map", "check"):
            visit.do(verb)
            look(visit, verb)
        for verb in ("compose", "fill", "accompany", "blend"):
            visit.form(verb).locator("summary").click()
            look(visit, verb)
        visit.page.click("#room summary")
        look(visit, "room")
        visit.page.click("#keys")
        look(visit, "keys")
        visit.come("?room=kitchen")
        look(visit, "listening")
    assert found == []


def test_the_theme_is_the_systems_until_somebody_switches_it(browser, place):
    with browsers.visiting(browser, place.address, color_scheme="dark") as visit:
        theme = "document.documentElement.dataset.theme"
        assert visit.come().page.evaluate(theme) == "dark"
        visit.page.click("#theme")
        assert visit.page.evaluate(theme) == "light"
        visit.come()
        assert visit.page.evaluate(theme) == "light"
