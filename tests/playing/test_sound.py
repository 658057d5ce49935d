"""Sound, with a stand-in for FluidSynth that is told what to do, and with FluidSynth itself where it is installed."""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
import wave

import numpy as np
import pytest
from midi_bytes import midi, track

from symbolic_embed.errors import SoundError
from symbolic_embed.playing.sound import FOLDERS, PEAK, RATE, can_render, chosen_font, font_named, play, render
from symbolic_embed.score import parse

FONT = b"RIFF\0\0\0\0sfbk"
SECOND = parse(midi(track("00 c0 00", "00 90 3c 40", "87 40 80 3c 40")))  # 960 ticks: a second at 120
SILENCE = parse(midi(track("87 40 b0 07 40")))


@pytest.fixture
def font(tmp_path):
    path = tmp_path / "small.sf2"
    path.write_bytes(FONT)
    return path


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Puts a program `fluidsynth` first on the path that runs these lines of Python, with `raw` the file to write."""
    if os.name == "nt":
        pytest.skip("a stand-in needs scripts that run by themselves")

    def put(*lines: str) -> None:
        program = tmp_path / "bin" / "fluidsynth"
        program.parent.mkdir()
        begin = [
            f"#!{sys.executable}",
            "import sys, array",
            "raw = sys.argv[sys.argv.index('-F') + 1] if '-F' in sys.argv else ''",
        ]
        program.write_text("\n".join([*begin, *lines]) + "\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return put


def samples(data: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)


@pytest.mark.parametrize(("seconds", "audible", "expected"), [(3.0, 2.0, 2.0), (3.0, 0.2, 1.0), (0.5, 0.5, 1.0)])
def test_the_sound_ends_with_the_last_release_but_never_before_the_notes(stand_in, font, seconds, audible, expected):
    stand_in(
        f"loud, quiet = {int(audible * RATE)}, {int((seconds - audible) * RATE)}",
        "array.array('f', [0.25, -0.125] * loud + [1e-7, 0.0] * quiet).tofile(open(raw, 'wb'))",
    )
    out = io.BytesIO()
    assert render(SECOND, font=font, out=out) == pytest.approx(expected)
    found = samples(out.getvalue())
    assert len(found) == expected * RATE
    assert found[0].tolist() == [round(PEAK * 32767), round(-PEAK / 2 * 32767)]


def test_no_sound_is_an_error_where_there_are_notes(stand_in, font):
    stand_in(
        "array.array('f', [0.0] * 1000).tofile(open(raw, 'wb'))",
        "print('fluidsynth: error: no such font', file=sys.stderr)",
    )
    with pytest.raises(
        SoundError, match=r"small.sf2: FluidSynth made no sound with it \(fluidsynth: error: no such font\)"
    ):
        render(SECOND, font=font, out=io.BytesIO())
    out = io.BytesIO()
    render(SILENCE, font=font, out=out)
    assert not samples(out.getvalue()).any()


def test_a_device_that_cannot_be_opened_is_named(stand_in, font):
    stand_in("assert sys.argv[4:6] == ['-a', 'alsa'] and not raw", "sys.exit('fluidsynth: error: no device')")
    with pytest.raises(SoundError, match=r"FluidSynth gave up \(fluidsynth: error: no device\); .* `render`"):
        play(SECOND, font=font, driver="alsa")


def test_who_renders_is_not_told_to_render(stand_in, font):
    stand_in("sys.exit('fluidsynth: error: no memory')")
    with pytest.raises(SoundError, match=r"gave up \(fluidsynth: error: no memory\); another `sound_font` may do"):
        render(SECOND, font=font, out=io.BytesIO())


def test_without_fluidsynth_one_is_told_how_to_get_it(tmp_path, monkeypatch, font):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SoundError, match=r"FluidSynth is not installed .* `apt install fluidsynth`"):
        play(SECOND, font=font)


def test_without_fluidsynth_nothing_can_be_rendered(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_render()


def test_fonts_are_looked_for_and_known_ones_preferred(tmp_path, font):
    with pytest.raises(SoundError, match=r"no sound font in .*fluid-soundfont-gm"):
        chosen_font(folders=[str(tmp_path / "none")])
    (tmp_path / "broken.sf2").write_bytes(b"no font")
    assert chosen_font(folders=[str(tmp_path)]) == font
    (tmp_path / "TimGM6mb.sf2").write_bytes(FONT)
    assert chosen_font(folders=[str(tmp_path)]).name == "TimGM6mb.sf2"
    with pytest.raises(SoundError, match=r"broken.sf2: not a sound font"):
        chosen_font(tmp_path / "broken.sf2")


def has_fluidsynth() -> bool:
    try:
        return shutil.which("fluidsynth") is not None and chosen_font(folders=FOLDERS) is not None
    except SoundError:
        return False


@pytest.mark.skipif(not has_fluidsynth(), reason="FluidSynth or a sound font is not installed")
def test_fluidsynth_plays_a_second_and_its_release():
    out = io.BytesIO()
    seconds = render(SECOND, font=chosen_font(), out=out)
    loudness = np.sqrt((samples(out.getvalue()).astype(float) ** 2).mean(axis=1))
    assert 1.0 <= seconds < 5.0
    assert loudness[: RATE // 2].max() > 1000
    assert loudness[-RATE // 10 :].max() < 100


def test_a_font_is_found_by_its_name_where_fonts_are_installed(font, tmp_path, monkeypatch):
    assert font_named("small.sf2", folders=[str(tmp_path)]) == font
    assert font_named(str(font), folders=[]) == font
    with pytest.raises(SoundError, match=r"other\.sf2: not a sound font"):
        font_named("other.sf2", folders=[str(tmp_path)])
