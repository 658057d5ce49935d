"""Sound: a piece rendered to a WAV file, or played, by FluidSynth and a sound font.

FluidSynth is a program of its own (fluidsynth.org), and a sound font a file of recorded instruments; both are packages
of every system and neither is bundled. What is handed to FluidSynth is our own writing of the events, never the file as
it came. It renders in floating point; the result is brought to a peak of -1 dB, so that it is neither faint nor
clipped, and ends where the last release has died away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import SoundError, printable
from symbolic_embed.files import place
from symbolic_embed.score import EventList
from symbolic_embed.score.clock import duration_seconds

PROGRAM = "fluidsynth"
RATE = 44_100  # samples a second
PEAK = 10 ** (-1 / 20)
INAUDIBLE = 10 ** (-75 / 20)  # of the loudest sample
BLOCK = 1 << 20  # samples looked at in one go: six hours of music do not fit into memory
FOLDERS = (
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/opt/homebrew/share/soundfonts",
    "~/.local/share/soundfonts",
    "~/Library/Audio/Sounds/Banks",
)
PREFERRED = ("FluidR3_GM", "GeneralUser", "MuseScore_General", "default-GM", "TimGM6mb")


def chosen_font(given: Path | None = None, *, folders: Sequence[str] = FOLDERS) -> Path:
    """The sound font to use: the one given, else the best known of those installed. Raises SoundError."""
    if given is not None:
        if not _is_font(given):
            raise SoundError(f"{given}: not a sound font (SF2 or SF3); name another as `sound_font`")
        return given
    named = [path for folder in folders for path in sorted(Path(folder).expanduser().glob("*.sf[23]"))]
    fonts = [path for path in named if _is_font(path)]
    if not fonts:
        raise SoundError(
            f"no sound font in {', '.join(folders)}; install one (Debian and Ubuntu: fluid-soundfont-gm, 120 MB, or "
            "timgm6mb-soundfont, 6 MB) or name one as `sound_font`"
        )
    return min(fonts, key=_preference)


def font_named(name: str, *, folders: Sequence[str] = FOLDERS) -> Path:
    """The sound font of a path, or of a file's name where fonts are installed. Raises SoundError."""
    path = Path(name)
    places = [Path(folder).expanduser() / name for folder in folders] if path.name == name else []
    return chosen_font(next((place for place in places if not path.exists() and place.exists()), path))


def can_render() -> bool:
    """Whether there is all that it takes: the program, and a sound font."""
    try:
        chosen_font()
    except SoundError:
        return False
    return shutil.which(PROGRAM) is not None


def render(events: EventList, *, font: Path, out: IO[bytes]) -> float:
    """The sound of a piece as a WAV file (stereo, 16 bits, 44.1 kHz); gives its length in seconds. The same events,
    font and FluidSynth give the same bytes. Raises SoundError."""
    with tempfile.TemporaryDirectory() as folder:
        raw = os.path.join(folder, "raw.wav")
        options = ["-F", raw, "-T", "raw", "-O", "float", "-r", str(RATE), "-R", "1", "-C", "0"]
        complaint = _run(events, font=font, folder=folder, options=options, way_out="another `sound_font` may do")
        peak = max((float(np.abs(block).max()) for block in _blocks(raw)), default=0.0)
        score = events.score()
        if peak == 0 and score.note_count:
            raise SoundError(f"{font}: FluidSynth made no sound with it{complaint}; name another as `sound_font`")
        length = _length(_blocks(raw), peak=peak, least=int(np.ceil(duration_seconds(score) * RATE)))
        _write_wav(_blocks(raw), out, length=length, gain=PEAK / peak if peak else 0.0)
    return length / RATE


def samples_of(events: EventList, *, font: Path, rate: int = RATE, in_a_hall: bool = False) -> NDArray[np.float32]:
    """The sound of a piece as samples, one channel, `rate` of them a second, as loud as the font makes it; float32
    (samples,), -1 to 1 but for what would be clipped. `in_a_hall`: with FluidSynth's reverberation. Raises SoundError.
    """
    with tempfile.TemporaryDirectory() as folder:
        raw = os.path.join(folder, "raw.wav")
        hall = "1" if in_a_hall else "0"
        options = ["-F", raw, "-T", "raw", "-O", "float", "-r", str(rate), "-R", hall, "-C", "0"]
        _run(events, font=font, folder=folder, options=options, way_out="another `sound_font` may do")
        return np.concatenate([np.zeros(0, np.float32), *(block.mean(axis=1) for block in _blocks(raw))])


def play(events: EventList, *, font: Path, driver: str | None = None) -> None:
    """Plays a piece to its end on the machine's audio. `driver` is one of FluidSynth's (alsa, pulseaudio, coreaudio,
    dsound). Raises SoundError."""
    with tempfile.TemporaryDirectory() as folder:
        way_out = "without an audio device, `render` writes a WAV file instead"
        _run(events, font=font, folder=folder, options=["-a", driver] if driver else [], way_out=way_out)


def _run(events: EventList, *, font: Path, folder: str, options: Sequence[str], way_out: str) -> str:
    """Has FluidSynth work through a piece; gives what it complained of. Raises SoundError where it is not installed,
    or gives up; then `way_out` is what else can be done."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise SoundError(
            "FluidSynth is not installed (there is no program fluidsynth); install it: `apt install fluidsynth`, "
            "`brew install fluid-synth`, or from fluidsynth.org"
        )
    path = os.path.join(folder, "piece.mid")
    place(events.to_bytes(), path)
    done = subprocess.run([program, "-n", "-i", "-q", *options, str(font), path], capture_output=True, check=False)
    complaints = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "error" in line.lower()]
    complaint = f" ({printable(complaints[-1])})" if complaints else ""
    if done.returncode:
        raise SoundError(f"FluidSynth gave up{complaint}; {way_out}")
    return complaint


def _blocks(raw: str) -> Iterator[NDArray[np.float32]]:
    """The samples in a file, float32 (samples, 2), BLOCK at a time; none where there is no file."""
    if os.path.exists(raw):
        with open(raw, "rb") as file:
            while len(block := np.fromfile(file, "<f4", 2 * BLOCK)):
                yield block.reshape(-1, 2)


def _length(blocks: Iterator[NDArray[np.float32]], *, peak: float, least: int) -> int:
    """Samples until all has died away, at least as many as the notes last."""
    last = 0
    for number, block in enumerate(blocks):
        audible = np.flatnonzero(np.abs(block).max(axis=1) > INAUDIBLE * peak)
        last = number * BLOCK + int(audible[-1]) + 1 if len(audible) else last
    return max(last, least)


def _write_wav(blocks: Iterator[NDArray[np.float32]], out: IO[bytes], *, length: int, gain: float) -> None:
    """The first `length` samples, times `gain`; silence where there are too few."""
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.setnframes(length)
        left = length
        for block in blocks:
            file.writeframesraw(np.rint(block[:left] * (gain * 32767)).astype("<i2").tobytes())
            left -= min(left, len(block))
        file.writeframesraw(bytes(4 * left))


def _is_font(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[:4] == b"RIFF" and head[8:] == b"sfbk"


def _preference(font: Path) -> tuple[int, str]:
    known = [rank for rank, name in enumerate(PREFERRED) if font.stem.startswith(name)]
    return (known[0] if known else len(PREFERRED), str(font))
