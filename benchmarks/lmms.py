"""A MIDI file in LMMS: its window as a picture, and the tracks and notes it has imported.

LMMS has no command that imports without a window. So it runs on a screen of its own (Xvfb) and is asked by keys
(xdotool) to save what it shows; ImageMagick takes the picture. All four are Debian packages: `lmms`, `xvfb`, `xdotool`,
`imagemagick`; a sound font (`timgm6mb-soundfont`) has to be there for the import.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from symbolic_embed.score import read
from symbolic_embed.score.score import Track

PROGRAMS = ("lmms", "Xvfb", "xdotool", "import")
SOUND_FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
SCREEN, SIZE = ":77", "1600x1000"
TICKS_A_QUARTER, LOWEST = 48, 12  # LMMS counts its keys from the MIDI pitch 12
LONGEST_WAIT = 60.0  # seconds
TITLE_OF_SONG_EDITOR, FREE_PLACE = ("320", "101"), ("800", "980")
FILE_NAME, SAVE = ("745", "613"), ("1063", "613")  # in the dialog, on a screen of this size
CONFIGURATION = f"""<?xml version="1.0"?>
<!DOCTYPE lmms-config-file>
<lmms-config-file version="1.2.2" configversion="1" configured="1">
  <app configured="1" language="en" nanobar="0" openlastproject="0"/>
  <mixer audiodev="Dummy (no sound output)" mididev="Dummy (no MIDI support)"/>
  <paths defaultsf2="{SOUND_FONT}"/>
</lmms-config-file>
"""


class Imported(NamedTuple):
    """A track with notes, as LMMS has it: its name, its programme, whether it is drums, and of each note where it
    begins (LMMS ticks) and its pitch, sorted."""

    name: str
    program: int
    is_drum: bool
    notes: list[tuple[int, int]]


def missing() -> list[str]:
    """What of all that is needed is not installed."""
    return [name for name in PROGRAMS if not shutil.which(name)] + [str(SOUND_FONT)] * (not SOUND_FONT.exists())


def faults(path: Path, *, picture: Path) -> list[str]:
    """What LMMS shows otherwise than it was written; `picture` is where its window goes (PNG)."""
    score = read(path)
    expected = sorted(_as_lmms(track, division=score.division) for track in score.tracks)
    found = opened(path, picture=picture)
    if found is None:
        return ["LMMS did not save it: look at the picture"]
    silent = [one.name for one in found if not one.notes]
    heard = sorted(one for one in found if one.notes)
    if len(heard) != len(expected):
        return [f"LMMS: {len(heard)} tracks with notes, {len(expected)} expected"]
    wrong = [f"LMMS: a track without notes, {name!r}" for name in silent]
    for one, other in zip(heard, expected, strict=True):
        wrong += [
            f"LMMS: {what}: {getattr(one, what)!r}, {getattr(other, what)!r} expected"
            for what in ("name", "program", "is_drum")
            if getattr(one, what) != getattr(other, what)
        ]
        if not _alike(one.notes, other.notes):
            wrong.append(f"LMMS: notes of {one.name}: {len(one.notes)}, {len(other.notes)} expected")
    return wrong


def opened(path: Path, *, picture: Path) -> list[Imported] | None:
    """The tracks of a MIDI file as LMMS imports them, in its order; None where it imports nothing."""
    with tempfile.TemporaryDirectory() as home, _screen(), _lmms(path.resolve(), Path(home)):
        window = _awaited(lambda: _xdotool("search", "--name", "LMMS 1").split())
        if not window:
            return None
        time.sleep(2)
        _xdotool("windowsize", window[-1], *SIZE.split("x"), "windowmove", window[-1], "0", "0")
        time.sleep(1)
        _xdotool("mousemove", *TITLE_OF_SONG_EDITOR, "click", "--repeat", "2", "--delay", "60", "1")
        time.sleep(1)
        subprocess.run(["import", "-display", SCREEN, "-window", "root", str(picture)], check=True)
        _xdotool("mousemove", *FREE_PLACE)  # without a window manager keys go to the window under the pointer
        time.sleep(0.5)
        _xdotool("key", "--window", window[-1], "ctrl+s")
        if not _awaited(lambda: _xdotool("search", "--name", "^Save")):
            return None
        project = _awaited(lambda: _saved(Path(home)))
        return list(_tracks(project)) if project else None


def _saved(home: Path) -> Path | None:
    """The project that LMMS has saved in a folder, as soon as it is there as a whole; until there is one the dialog is
    told to save it. On a busy machine letters of its name get lost."""
    if not list(home.glob("*.mmp")):
        time.sleep(1)
        _xdotool("mousemove", *FILE_NAME, "click", "1", "key", "ctrl+a")
        _xdotool("type", "--delay", "60", str(home / "saved.mmp"))
        time.sleep(1)
        _xdotool("mousemove", *SAVE, "click", "1")
        time.sleep(1)
    whole = [path for path in home.glob("*.mmp") if b"</lmms-project>" in path.read_bytes()]
    return whole[0] if whole else None


def _tracks(project: Path) -> Iterator[Imported]:
    """The instrument tracks of a saved project."""
    for track in ElementTree.parse(project).getroot().iter("track"):
        if track.get("type") != "0":
            continue
        player = track.find(".//sf2player")
        notes = [
            (int(pattern.get("pos", 0)) + int(note.get("pos", 0)), int(note.get("key", 0)) + LOWEST)
            for pattern in track.iter("pattern")
            for note in pattern.iter("note")
        ]
        program, bank = (int(player.get(name, 0)) if player is not None else 0 for name in ("patch", "bank"))
        yield Imported(track.get("name", ""), program, bank == 128, sorted(notes))


def _as_lmms(track: Track, *, division: int) -> Imported:
    """A track of ours, as LMMS should show it."""
    notes = track.notes
    ticks = (notes.onset_ticks * TICKS_A_QUARTER // division).tolist()
    return Imported(track.name, track.program, track.is_drum, sorted(zip(ticks, notes.pitch.tolist(), strict=True)))


def _alike(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> bool:
    """Whether the same pitches begin at the same places, give or take one LMMS tick."""
    by_pitch = [sorted(notes, key=lambda note: (note[1], note[0])) for notes in (one, other)]
    return len(one) == len(other) and all(
        a[1] == b[1] and abs(a[0] - b[0]) <= 1 for a, b in zip(*by_pitch, strict=True)
    )


@contextmanager
def _screen() -> Iterator[None]:
    """A screen that nobody sees."""
    with _running(["Xvfb", SCREEN, "-screen", "0", f"{SIZE}x24"], env=dict(os.environ)):
        time.sleep(1)
        yield


@contextmanager
def _lmms(path: Path, home: Path) -> Iterator[None]:
    """LMMS with a MIDI file, for as long as the block lasts."""
    (home / ".lmmsrc.xml").write_text(CONFIGURATION, encoding="utf-8")
    env = {**os.environ, "HOME": str(home), "DISPLAY": SCREEN, "QT_QPA_PLATFORM": "xcb"}
    with _running(["lmms", "--allowroot", "--import", str(path)], env=env, home=home):
        yield


@contextmanager
def _running(command: list[str], *, env: dict[str, str], home: Path | None = None) -> Iterator[None]:
    with subprocess.Popen(command, env=env, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def _xdotool(*words: str) -> str:
    env = {**os.environ, "DISPLAY": SCREEN}
    return subprocess.run(["xdotool", *words], env=env, capture_output=True, text=True, check=False).stdout


def _awaited(asked: Callable):
    """What `asked` says, as soon as that is something."""
    end = time.monotonic() + LONGEST_WAIT
    while not (answer := asked()) and time.monotonic() < end:
        time.sleep(0.5)
    return answer
