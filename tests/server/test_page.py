"""Journeys of a composer on the page, in a browser, on the desk and on a phone.

In all of them no request leaves the server and no script fails (`browsers.visiting`).
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import zipfile

import browsers
import pytest
from servers import ROOT, serving

from symbolic_embed.bars import cut
from symbolic_embed.score import read_bytes

SEED = "ode_to_joy.mid"  # four voices, sixteen bars of 4/4


@pytest.fixture(scope="module")
def browser():
    with browsers.running() as running:
        yield running


@pytest.fixture(scope="module")
def library(tmp_path_factory, model):
    folder = tmp_path_factory.mktemp("library") / "samples"
    run("library", "build", folder, browsers.SAMPLES, "--checkpoint", model, cwd=folder.parent)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory, model, library):
    with serving(tmp_path_factory.mktemp("page"), "--checkpoint", model, "--workers", 1, "--library", library) as it:
        it.ask("GET", "/api/ready")
        yield it


@pytest.fixture(params=browsers.SIZES)
def visit(browser, place, request):
    with browsers.visiting(browser, place.address, size=request.param) as visit:
        yield visit.come()


def run(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin", "HOME": str(cwd)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def downloaded(visit, selector):
    with visit.page.expect_download() as waited:
        visit.page.click(selector)
    return waited.value


def notes_of(data):
    """The notes of each track, as tuples."""
    return [set(map(tuple, track.notes.rows().tolist())) for track in read_bytes(data).tracks]


def bars_that_differ(one, other):
    """The bars, from 1, in which a part has a note in only one of two files."""
    barlines = cut(read_bytes(one)).metre.barline_ticks.tolist()
    differing = [mine ^ its for mine, its in zip(notes_of(one), notes_of(other), strict=True)]
    return {sum(line <= onset for line in barlines) for notes in differing for onset, *_ in notes}


def place_of(visit):
    """Seconds from the beginning, as the page says."""
    minutes, seconds = re.search(r"(\d+):(\d+)", visit.text("#position")).groups()
    return 60 * int(minutes) + int(seconds)


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


def inked(visit):
    """How many points of the roll have a part's colour."""
    return visit.page.evaluate("""() => {
        const canvas = document.getElementById("paper");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
            const [r, g, b] = data.subarray(at, at + 3);
            if (Math.max(r, g, b) - Math.min(r, g, b) > 60) count++;
        }
        return count;
    }""")


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
