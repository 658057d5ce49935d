"""`fill` on the command line: what is written, said and refused."""

from __future__ import annotations

import json

import pytest
from command_line import run

from symbolic_embed.score import read


@pytest.fixture
def asked(band, composer):
    """The beginning of a command that fills a bar of a bass."""
    return ["fill", "band.mid", "--checkpoint", composer, "--tracks", "bass", "--takes", 1, "-o", "out"]


def test_bars_are_filled_and_the_rest_stays(band, asked):
    ran = run(*asked, "--bars", "2-3", "--seed", 4)
    assert ran.code == 0
    assert ran.text.splitlines()[0] == "out/band__fill01__s4.mid"
    before, after = (read(path).tracks for path in ("band.mid", "out/band__fill01__s4.mid"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False, True]
    record = json.loads((band / "out/band__fill01__s4.json").read_text())
    assert (record["command"], record["stretches"][0]["bars"]) == ("fill", [2, 3])
    again = run(*asked, "--bars", "2-3", "--seed", 4)
    assert again.code == 1
    assert "exists already, nothing was written; --force overwrites it" in again.err


@pytest.mark.parametrize(
    ("bars", "message"),
    [
        (["--bars", "1-4"], "--bars: all of the seed; leave some before or behind to be joined to"),
        (["--bars", "5"], "--bars: there is no bar 5; the seed has bars 1-4"),
        ([], "--bars: nothing to fill; say which, such as 5-8"),
    ],
)
def test_wrong_bars_are_wrong_usage_in_one_line(band, asked, bars, message):
    ran = run(*asked, *bars)
    assert ran.code == 2
    assert message in ran.err_lines[-1]
    assert not (band / "out").exists()


def test_help_groups_its_options(here):
    shown = run("fill", "--help").text
    assert "--bars" in shown
    assert "How likely the music behind the stretch is" in " ".join(shown.split())
