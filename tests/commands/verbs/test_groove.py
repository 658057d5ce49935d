"""`groove` and `humanise` on the command line: what is written, said and refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from command_line import run
from played_music import part, seed, swung

from symbolic_embed.score import TimeSignature, read


@pytest.fixture
def files(here):
    """swing.mid, straight.mid, and waltz.mid in three four."""
    songs = {
        "swing": seed(swung(4)),
        "straight": seed(
            part(np.arange(16) / 2, name="lead"), part(np.arange(16) / 2, pitch=40, channel=1, name="low")
        ),
        "waltz": seed(part(np.arange(12)), metres=[TimeSignature(0, 3, 4)]),
    }
    for name, song in songs.items():
        (here / f"{name}.mid").write_bytes(song.events.to_bytes())
    return here


def test_a_groove_is_laid_and_its_table_is_beside_it(files):
    ran = run("groove", "swing.mid", "--to", "straight.mid", "-o", "out", "--amount", 0.5, "--tracks", "lead")
    assert ran.code == 0
    assert ran.text == "out/straight__swing__groove__amount0.50.mid\n"
    tracks = read(ran.text.strip()).tracks
    assert tracks[0].notes.onset_ticks[:3].tolist() == [0, 280, 480]
    assert tracks[1].notes.onset_ticks[:3].tolist() == [0, 240, 480]
    record = json.loads((files / "out/straight__swing__groove__amount0.50.json").read_text())
    assert record["command"] == "groove"
    assert record["tables"][0]["late_quarters"]["hat"][:2] == [0, 0.1667]


def test_nothing_is_overwritten_without_force(files):
    asked = ["groove", "swing.mid", "--to", "straight.mid", "-o", "out"]
    assert run(*asked).code == 0
    again = run(*asked)
    assert again.code == 1
    assert "exists already, nothing was written; --force overwrites it" in again.err
    assert run(*asked, "--force").code == 0


def test_either_file_may_be_piped_in_and_results_go_to_a_folder(files):
    piped = run("groove", "-", "--to", "straight.mid", "-o", "out", stdin=(files / "swing.mid").read_bytes())
    assert piped.text == "out/straight__stdin__groove__amount0.70.mid\n"
    piped = run("groove", "swing.mid", "--to", "-", "-o", "out", stdin=(files / "straight.mid").read_bytes())
    assert piped.text == "out/stdin__swing__groove__amount0.70.mid\n"
    assert run("groove", "-", "--to", "-").code == 2
    assert "name a folder" in run("groove", "swing.mid", "--to", "straight.mid", "-o", "-").err


def test_another_metre_is_wrong_usage_in_one_line(files):
    ran = run("groove", "swing.mid", "--to", "waltz.mid", "-o", "out")
    assert ran.code == 2
    assert ran.err_lines[-1].startswith("error: swing.mid is in 4/4, waltz.mid in 3/4")
    assert not (files / "out").exists()


def test_a_file_is_humanised_and_what_is_played_is_said(files):
    ran = run("humanise", "straight.mid", "-o", "out", "--seed", 2, "--style", "jazz", "--diff")
    assert ran.code == 0
    assert ran.text == "out/straight__human-jazz__amount0.70__s2.mid\n"
    assert "@@ track 0 lead @@" in (files / "out/straight__human-jazz__amount0.70__s2.diff").read_text()
    once = run("humanise", "swing.mid", "-o", "out", "--amount", 1).text.strip()
    again = run("humanise", once, "-o", "out")
    assert again.code == 2
    assert again.err_lines[-1].endswith("nothing was written; --played plays it anew")
    assert run("humanise", once, "-o", "out", "--played").code == 0


def test_a_style_that_nobody_plays_is_refused(files):
    ran = run("humanise", "straight.mid", "--style", "polka")
    assert ran.code == 2
    assert "--style: nobody played 'polka'" in ran.err
