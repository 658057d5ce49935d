"""Pictures of the page, for its guide: what a composer sees on the desk and on a phone, light and dark.

    python docs/make_screenshots.py [FOLDER] [--checkpoint DIR]

starts a server with a library of the samples, does in a browser what the guide tells, and writes small PNG files into
FOLDER (docs/guides/page). It needs `pip install symbolic-embed[browser]` and Chromium.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

CLONE = Path(__file__).resolve().parents[1]
SAMPLES = CLONE / "datasets" / "samples" / "midi"
DESK, PHONE = {"width": 1360, "height": 850}, {"width": 390, "height": 844}
COLOURS = 200


@contextmanager
def serving(folder: Path, checkpoint: list[str]) -> Iterator[str]:
    """The address of a server that has the samples as a library."""
    command = [sys.executable, str(CLONE / "cli.py")]
    surroundings = {**os.environ, "PYTHONPATH": str(CLONE)}
    library = folder / "samples"
    subprocess.run([*command, "library", "build", library, SAMPLES, *checkpoint], check=True, env=surroundings)
    serve = [*command, "serve", "--port", "0", "--workers", "1", "--library", str(library), *checkpoint]
    process = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=surroundings)
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.terminate()
        process.wait(30)


class Photographer:
    """Somebody at the page who takes pictures of it."""

    def __init__(self, page: Any, folder: Path, address: str) -> None:
        self.page, self.folder = page, folder
        page.set_default_timeout(120_000)
        page.goto(address)
        page.wait_for_selector("#tabs button")

    def open(self, name: str) -> None:
        self.page.set_input_files("#file", str(SAMPLES / name))
        self.page.wait_for_selector("#picture:not([hidden])")

    def select(self, first: int, last: int) -> None:
        self.page.fill("#from", str(first))
        self.page.fill("#to", str(last))
        self.page.press("#to", "Tab")

    def slide(self, name: str, value: float) -> None:
        self.page.locator(f"#{name}").evaluate(
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", value
        )

    def do(self, verb: str) -> None:
        """What the form of a verb says, to its end."""
        commands = self.page.locator("#commands li").count()
        self.page.click(f"#tab-{verb}")
        self.page.locator(f"#panel-{verb} form > .primary").click()
        self.page.locator("#commands li").nth(commands).wait_for(state="attached")
        self.page.wait_for_selector("#work", state="hidden")

    def top(self, selector: str = "body") -> None:
        """Scrolls until an element begins the page."""
        self.page.locator(selector).evaluate("element => element.scrollIntoView()")

    def take(self, name: str) -> None:
        """A picture of what is in sight."""
        self.page.wait_for_timeout(400)
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)


def on_the_desk(desk: Photographer) -> None:
    """Takes of a few bars, what is like the seed, the library as a map."""
    desk.open("seed_band.mid")
    desk.select(5, 8)
    desk.do("vary")
    desk.page.click("#cards li[data-number='2'] [data-act=keep]")
    desk.top()
    desk.take("takes")
    desk.page.keyboard.press("Escape")
    desk.do("rank")
    desk.page.locator("#match-rows button").nth(1).click()
    desk.page.click("#play")
    desk.top("#matches")
    desk.take("alike")
    desk.page.click("#tab-map")
    desk.page.select_option("#map-colour", "key")
    desk.do("map")
    desk.page.focus("#cloud")
    desk.page.keyboard.press("ArrowRight")
    desk.page.wait_for_selector("#take-chosen:not([disabled])")
    desk.page.click("#play")
    desk.top("#plane-card")
    desk.take("map")


def in_the_dark(desk: Photographer) -> None:
    """New bars after a seed."""
    desk.open("seed_band.mid")
    desk.page.click("#tab-compose")
    desk.slide("compose-variations", 2)
    desk.do("compose")
    desk.top()
    desk.take("continue_dark")


def on_a_phone(phone: Photographer) -> None:
    """The roll, and the dials below it."""
    phone.open("ode_to_joy.mid")
    phone.select(9, 12)
    phone.do("vary")
    phone.top()
    phone.take("phone")
    phone.top("#verbs")
    phone.take("phone_dials")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=CLONE / "docs" / "guides" / "page")
    parser.add_argument("--checkpoint")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    given.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = ["--checkpoint", given.checkpoint] if given.checkpoint else []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), checkpoint) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

        def somebody(size: dict[str, int], scheme: str) -> Photographer:
            is_phone = size is PHONE
            context = browser.new_context(
                viewport=size, color_scheme=scheme, is_mobile=is_phone, has_touch=is_phone, device_scale_factor=1
            )
            return Photographer(context.new_page(), given.folder, address)

        on_the_desk(somebody(DESK, "light"))
        in_the_dark(somebody(DESK, "dark"))
        on_a_phone(somebody(PHONE, "light"))
        browser.close()


if __name__ == "__main__":
    main()
