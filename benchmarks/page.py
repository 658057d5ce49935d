"""How fast is the page of `symbolic-embed serve`, in a browser without a graphics card, and how large?

    python benchmarks/page.py [--visits 5] [--seconds 4]

A server is started, and headless Chromium opens its page (`pip install symbolic-embed[browser]`, and Chromium).

paint    from the request until something is seen (first contentful paint), the median of visits with an empty cache
ready    until the forms are there
bytes    of all files that the page loads
frames   a file of 20 parts and 300 bars, its roll moved sideways, downwards, and both, a little each frame; how many
         frames a second, how long the 99th of a hundred took, and which share came late: a frame at 60 a second has
         16.7 ms, and one that takes two of them was seen to stutter
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.score.writing.layout import score_to_events

ROOT = Path(__file__).resolve().parents[1]
PARTS, BARS, NOTES_A_BAR, DIVISION = 20, 300, 8, 480
LATE = 25.0  # milliseconds
ZOOMS = {"all bars in sight": 0, "a bar 40 pixels": 3, "a bar 160 pixels": 6}  # how often it is made larger

SCROLL = """async ([right, down, seconds]) => {
  const scroller = document.getElementById("scroller"), times = [];
  let way = 1;
  await new Promise((resolve) => {
    const begin = performance.now();
    const step = (now) => {
      times.push(now);
      const before = [scroller.scrollLeft, scroller.scrollTop];
      scroller.scrollLeft += way * right;
      scroller.scrollTop += way * down;
      if (before[0] === scroller.scrollLeft && before[1] === scroller.scrollTop) way = -way;
      if (now - begin > 1000 * seconds) resolve(); else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  return times.slice(1).map((time, at) => time - times[at]);
}"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def large_score() -> Score:
    """A file of PARTS parts and BARS bars with NOTES_A_BAR notes in each."""
    draw = np.random.default_rng(0)
    count = BARS * NOTES_A_BAR
    onsets = np.arange(count) * (4 * DIVISION // NOTES_A_BAR)
    lengths = np.full(count, 3 * DIVISION // NOTES_A_BAR)
    tracks = []
    for part in range(PARTS):
        pitches = np.clip(60 + np.cumsum(draw.integers(-3, 4, count)), 36, 96)
        notes = Notes.of(onsets.tolist(), lengths.tolist(), pitches.tolist(), [80] * count)
        tracks.append(Track(notes, program=(part * 7) % 96, name=f"part {part + 1}"))
    return Score(DIVISION, tuple(tracks))


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server."""
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process.stdout.readline().strip().rstrip("/") if process.stdout else ""
    finally:
        process.terminate()
        process.wait(30)


def visits(browser: Any, address: str, *, count: int) -> tuple[float, float, int]:
    """Medians of milliseconds to the first paint and until the forms are there; bytes of what is loaded."""
    paints, readies, sizes = [], [], []
    for _ in range(count):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        loaded: dict[str, int] = {}
        page.on("response", lambda answer, loaded=loaded: loaded.update({answer.url: _size(answer)}))
        page.goto(address)
        page.wait_for_selector("#tabs button")
        readies.append(page.evaluate("performance.now()"))
        while (paint := page.evaluate(FIRST_PAINT)) is None:
            page.wait_for_timeout(20)
        paints.append(paint)
        sizes.append(sum(loaded.values()))
        context.close()
    return statistics.median(paints), statistics.median(readies), max(sizes)


def _size(answer: Any) -> int:
    """Bytes of a file of the page; what the interface answers is not one."""
    return 0 if "/api/" in answer.url else int(answer.headers.get("content-length", 0))


def frames(browser: Any, address: str, file: Path, *, seconds: float) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds between frames while the roll moves, by how large it is and which way it goes."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector("#tabs button")
    page.set_input_files("#file", str(file))
    page.wait_for_selector("#picture:not([hidden])", timeout=120_000)
    for zoom, times in ZOOMS.items():
        page.click("#zoom-fit")
        for _ in range(times):
            page.click("#zoom-in")
        page.wait_for_timeout(500)
        for way, (right, down) in {"sideways": (9, 0), "downwards": (0, 5), "both": (9, 5)}.items():
            if times or not right:
                yield f"{zoom}, {way}", page.evaluate(SCROLL, [right, down, seconds])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, serving() as address, sync_playwright() as playwright:
        file = Path(folder) / "large.mid"
        file.write_bytes(score_to_events(large_score()).to_bytes())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        paint, ready, size = visits(browser, address, count=given.visits)
        print(f"first paint {paint:.0f} ms, ready after {ready:.0f} ms, {size:,} bytes")
        print(f"{'a file of 20 parts and 300 bars':<36}{'frames a second':>16}{'99 of 100, ms':>15}{'late':>8}")
        for name, times in frames(browser, address, file, seconds=given.seconds):
            late = sum(time > LATE for time in times) / len(times)
            print(f"{name:<36}{1000 / statistics.mean(times):>16.1f}{np.quantile(times, 0.99):>15.1f}{late:>8.1%}")


if __name__ == "__main__":
    main()
