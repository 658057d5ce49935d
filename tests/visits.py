"""What journeys on the page look at: files that were brought home, places, the colours of the roll."""

from __future__ import annotations

import re
import subprocess
import sys

from servers import ROOT

from symbolic_embed.bars import cut
from symbolic_embed.score import read_bytes

SEED = "ode_to_joy.mid"  # four voices, sixteen bars of 4/4


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
