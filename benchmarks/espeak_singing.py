"""Tunes as espeak-ng sings them: a voice that is none of ours. Every note is its syllable "la", spoken as it speaks it,
its pitch rising by a semitone or two, with one of its HEIGHTS; read faster or slower from instant to instant, as a tape
is, it is brought to the pitch of the note, and is cut off where the note ends (a note longer than the syllable is
followed by silence)."""

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
HEIGHTS = (0, 30, 60)  # higher ones it speaks hoarsely
FADE = 0.03  # seconds
AUDIBLE = 0.02


def espeak_sings(line: Line) -> NDArray[np.float32]:
    """The sound of a tune, 16 kHz, (samples,)."""
    sound = np.zeros(int((line.end[-1] + 2 * SILENT) * RATE), np.float32)
    for onset, end, pitch in zip(line.onset, line.end, line.pitch, strict=True):
        said, spoken = min((_syllable(one) for one in HEIGHTS), key=lambda one: abs(np.median(one[1]) - pitch))
        until = np.cumsum(2 ** ((spoken - pitch) / 12))  # when each sample is read
        count = min(int((end - onset) * RATE), int(until[-1]))
        note = np.interp(np.arange(count), until, said)
        note *= np.clip((count - np.arange(count)) / (FADE * RATE), 0, 1)
        begin = int((onset + SILENT) * RATE)
        sound[begin : begin + count] += note[: len(sound) - begin].astype(np.float32)
    return sound


@cache
def _syllable(height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The syllable, 16 kHz, without the silence about it, and its pitch at each sample as a MIDI number."""
    asked = ["espeak-ng", "-v", VOICE, "-s", str(SPEED), "-p", str(height), "--stdout", "[[la:]]"]
    said, rate = soundfile.read(io.BytesIO(subprocess.run(asked, check=True, capture_output=True).stdout))
    said = np.interp(np.arange(0, len(said), rate / RATE), np.arange(len(said)), said)
    loud = np.flatnonzero(np.abs(said) > AUDIBLE)
    said = said[loud[0] : loud[-1]]
    curve = pitch_curve(said.astype(np.float32))
    there = np.isfinite(curve.pitch)
    return said, np.interp(np.arange(len(said)) / RATE, curve.times[there], curve.pitch[there])
