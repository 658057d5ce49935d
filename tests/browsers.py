"""A browser for tests of the page: Playwright with the Chromium that is installed, nothing is downloaded."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
LOADED_ELSEWHERE = ("blob:", "data:")
SAMPLES = Path(__file__).resolve().parents[1] / "datasets" / "samples" / "midi"


def chromium() -> str:
    """The browser's path; without one, or without Playwright, the test is skipped."""
    pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install symbolic-embed[browser]"
    )
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    return path


@contextlib.contextmanager
def running() -> Iterator[Any]:
    """A browser."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """Somebody at the page, and what went wrong there: requests that left the server, errors of scripts."""

    page: Any
    address: str
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._look)
        self.page.on("console", self._hear)
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _hear(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def _look(self, request: Any) -> None:
        if not request.url.startswith((self.address + "/", *LOADED_ELSEWHERE)):
            self.left.append(request.url)

    def come(self, query: str = "") -> Visit:
        """To the page, until it is ready."""
        self.page.goto(f"{self.address}/{query}")
        self.page.wait_for_selector("#listen:not([hidden])" if "room=" in query else "#tabs button")
        return self

    def until(self, said: Callable[[], Any], *, seconds: float = 30) -> None:
        """Waits for something to be so. (Playwright's own waiting needs `eval`, which the page forbids.)"""
        for _ in range(int(seconds * 20)):
            if said():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it has not come to that")

    def text(self, selector: str) -> str:
        """What an element says, the first of several."""
        return str(self.page.locator(selector).first.text_content()).strip()

    def open(self, file: str | Path = "ode_to_joy.mid") -> None:
        """A file as the seed, one of the samples by its name."""
        self.page.set_input_files("#file", str(SAMPLES / file))
        self.page.wait_for_selector("#picture:not([hidden])")
        self.until(lambda: self.text("#name") == Path(file).name)

    def select(self, first: int, last: int) -> None:
        """Bars, counted from 1, by their numbers."""
        self.page.fill("#from", str(first))
        self.page.fill("#to", str(last))
        self.page.press("#to", "Tab")

    def form(self, verb: str) -> Any:
        """The form of a verb, opened."""
        self.page.click(f"#tab-{verb}")
        return self.page.locator(f"#panel-{verb} form")

    def set(self, name: str, value: float) -> None:
        """A slider, as its input event has it."""
        self.page.locator(f"#{name}").evaluate(
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", value
        )

    def do(self, verb: str) -> None:
        """What the form of a verb says, to its end."""
        commands = self.page.locator("#commands li").count()
        self.form(verb).locator(":scope > .primary").click()
        self.until(lambda: self.page.locator("#commands li").count() > commands)
        self.page.wait_for_selector("#work", state="hidden")

    @property
    def takes(self) -> Any:
        return self.page.locator("#cards li:not(.seed)")

    @property
    def command(self) -> str:
        """The last command line."""
        return self.text("#commands code")

    @property
    def notice(self) -> str:
        return self.text("#notice-text")


@contextlib.contextmanager
def visiting(browser: Any, address: str, *, size: str = "desktop", **more: Any) -> Iterator[Visit]:
    """Somebody with a screen of this size. No request may leave the server, no script may fail."""
    width, height = SIZES[size]
    is_phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=is_phone,
        is_mobile=is_phone,
        accept_downloads=True,
        **more,
    )
    visit = Visit(context.new_page(), address)
    visit.page.set_default_timeout(30_000)
    yield visit
    context.close()
    assert visit.left == []
    assert visit.errors == []
