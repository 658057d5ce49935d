"""Tunes as espeak-ng sings them: a voice that is none of ours. Every note is its syllable "la", spoken as it speaks it,
its pitch falling, with one of its HEIGHTS; read faster or slower, as a tape is, it comes to the pitch of the note, and
is cut off where the note ends (a note longer than the syllable is followed by silence)."""

from __future__ import annotations

import io
import subprocess
from functools import cache

import numpy as np
import soundfile
from hummers import RATE, SILENT, Line
from numpy.typing import NDArray

from symbolic_embed.listening.trackers import pitch_curve

VOICE, SPEED = "en+f2", 80
HEIGHTS = (0, 30, 60, 99)
FADE = 0.03  # seconds
AUDIBLE = 0.02


def espeak_sings(line: Line) -> NDArray[np.float32]:
    """The sound of a tune, 16 kHz, (samples,)."""
    sound = np.zeros(int((line.end[-1] + 2 * SILENT) * RATE), np.float32)
    for onset, end, pitch in zip(line.onset, line.end, line.pitch, strict=True):
        said, height = min((_syllable(one) for one in HEIGHTS), key=lambda one: abs(one[1] - pitch))
        faster = 2 ** ((pitch - height) / 12)
        count = min(int((end - onset) * RATE), int(len(said) / faster))
        note = np.interp(np.arange(count) * faster, np.arange(len(said)), said)
        note *= np.clip((count - np.arange(count)) / (FADE * RATE), 0, 1)
        begin = int((onset + SILENT) * RATE)
        sound[begin : begin + count] += note[: len(sound) - begin].astype(np.float32)
    return sound


@cache
def _syllable(height: int) -> tuple[NDArray[np.float64], float]:
    """The syllable, 16 kHz, without the silence about it, and the MIDI number of its pitch in the middle."""
    asked = ["espeak-ng", "-v", VOICE, "-s", str(SPEED), "-p", str(height), "--stdout", "[[la:]]"]
    said, rate = soundfile.read(io.BytesIO(subprocess.run(asked, check=True, capture_output=True).stdout))
    said = np.interp(np.arange(0, len(said), rate / RATE), np.arange(len(said)), said)
    loud = np.flatnonzero(np.abs(said) > AUDIBLE)
    said = said[loud[0] : loud[-1]]
    return said, float(np.nanmedian(pitch_curve(said.astype(np.float32)).pitch))
