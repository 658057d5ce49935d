"""`render` and `play` where there is no FluidSynth: a line that says how to get it, and nothing half written."""

from __future__ import annotations

import pieces
import pytest
from command_line import run


@pytest.fixture
def without_fluidsynth(here, monkeypatch):
    """A song and a sound font, and no program on the path."""
    pieces.folder_of(here, {"a.mid": pieces.piece(0, bars=1)})
    (here / "small.sf2").write_bytes(b"RIFF\0\0\0\0sfbk")
    monkeypatch.setenv("PATH", str(here))
    return here


@pytest.mark.parametrize("command", [["render", "a.mid", "-o", "a.wav"], ["play", "a.mid"]])
def test_one_is_told_how_to_get_it(without_fluidsynth, command):
    ran = run(*command, "--sound-font", "small.sf2")
    assert ran.code == 1
    (line,) = ran.err_lines
    assert line.startswith("error: FluidSynth is not installed")
    assert "`apt install fluidsynth`" in line
    assert sorted(path.name for path in without_fluidsynth.iterdir()) == ["a.mid", "small.sf2"]


def test_what_is_no_sound_font_is_named(without_fluidsynth):
    ran = run("render", "a.mid", "-o", "a.wav", "--sound-font", "a.mid")
    assert ran.code == 1
    assert "a.mid: not a sound font" in ran.err
