"""The verbs that write music, from seeds that are legal and odd: something is written, and nothing in it is broken."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from command_line import run

from symbolic_embed.score import parse, read
from symbolic_embed.score.checks import findings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from odd_seeds import SCORES

VERBS = {
    "compose": ["compose", "odd.mid", "--bars", 1],
    "vary": ["vary", "odd.mid", "--change", 0.5, "--bars", "1"],
    "blend": ["blend", "odd.mid", "odd.mid", "--steps", 1],
    "accompany": ["accompany", "odd.mid", "--parts", "bass"],
}
BROKEN = ("hanging-note", "zero-length", "overlap", "doubled-note")


@pytest.fixture(params=list(VERBS))
def verb(request):
    return VERBS[request.param]


@pytest.mark.parametrize("odd", ["one_bar", "one_note", "only_drums", "seven_eight_with_changes", "forty_tracks"])
def test_odd_seeds_are_written_from_and_nothing_breaks(odd, verb, here, composer):
    (here / "odd.mid").write_bytes(SCORES[odd]().to_bytes())
    ran = run(*verb, "-o", "out", "--checkpoint", composer)
    assert ran.code == 0, ran.err
    (path,) = (here / "out").glob("*.mid")
    assert read(path).note_count
    before, after = (broken(file) for file in (here / "odd.mid", path))
    assert all(after[kind] <= before[kind] for kind in BROKEN), after - before


def broken(path: Path) -> Counter[str]:
    """How many findings of each kind a file has."""
    return Counter(one.kind for one in findings(parse(path.read_bytes())))


def test_from_a_seed_without_notes_nothing_is_written(verb, here, composer):
    (here / "odd.mid").write_bytes(SCORES["no_notes"]().to_bytes())
    ran = run(*verb, "-o", "out", "--checkpoint", composer)
    assert ran.code == 1
    assert ran.err_lines[-1].startswith("error: odd.mid: no notes")
    assert not (here / "out").exists()


def test_bars_of_changing_metres_stay_as_long_as_they_were(here, composer):
    """7/8, 3/4, 7/8, 5/8 and 15/8, two bars each; then two more of the last."""
    (here / "odd.mid").write_bytes(SCORES["seven_eight_with_changes"]().to_bytes())
    assert run("compose", "odd.mid", "--bars", 2, "-o", "out", "--checkpoint", composer).code == 0
    (path,) = (here / "out").glob("*.mid")
    assert read(path).time_signatures == read("odd.mid").time_signatures
    assert run("show", path, "--format", "json").json["bars"] <= 12
