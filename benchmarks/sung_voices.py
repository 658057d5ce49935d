"""Synthetic voices: tunes as somebody sings them who is no machine.

A note is reached from below, or from the note before, sways about its pitch after a while, and is a little off; the
voice wanders, breathes, and closes between notes unless it binds them. All of it is drawn from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
PARTIALS = 11
FORMANTS = ((700.0, 300.0, 1.5), (1100.0, 300.0, 1.0))  # Hz, width, how much louder


@dataclass(frozen=True)
class Manner:
    """How it is sung. `vibrato`, `scoop` (at most), `off` (spread), `wander` (by the end of a minute): semitones;
    `glide`: seconds; `bound`: the share of notes that are bound to the one before; `breath`: noise, of full scale."""

    vibrato: float = 0.4
    scoop: float = 1.0
    off: float = 0.1
    wander: float = 0.25
    glide: float = 0.06
    bound: float = 0.3
    breath: float = 0.003


PLAIN, FREE = Manner(), Manner(vibrato=0.8, scoop=2.0, glide=0.09, bound=0.5, breath=0.01)


def sung(notes: NDArray[np.float64], *, manner: Manner, seed: int) -> NDArray[np.float32]:
    """Rows of onset, end (seconds) and pitch (MIDI numbers), one after another, as sound at RATE, float32."""
    random = np.random.default_rng(seed)
    length = int((notes[-1, 1] + 0.5) * RATE)
    pitch, loud = np.full(length, np.nan), np.zeros(length)
    before, ended = None, 0.0
    for onset, end, written in notes:
        first, last = int(onset * RATE), int(end * RATE)
        times = np.arange(last - first) / RATE
        aim = written + random.normal(0, manner.off)
        is_bound = before is not None and onset - ended < 0.02 and abs(aim - before) > 0.6
        is_bound = is_bound and random.random() < manner.bound
        start = before if is_bound else aim - manner.scoop * random.random()
        sway = manner.vibrato * np.clip((times - 0.15) / 0.2, 0, 1)
        glide = manner.glide * (0.5 + random.random())
        pitch[first:last] = aim + (start - aim) * np.exp(-times / glide)
        pitch[first:last] += sway * np.sin(2 * np.pi * (5.5 * times + random.random()))
        rising = np.ones(len(times)) if is_bound else (times + 0.002) / 0.03
        loud[first:last] = np.clip(np.minimum(rising, (end - onset - times) / 0.04), 0, 1) * (
            0.6 + 0.4 * random.random()
        )
        if is_bound:
            loud[max(0, first - int(0.04 * RATE)) : first] = loud[max(0, first - int(0.05 * RATE))]
        before, ended = aim, end
    known = np.isfinite(pitch)
    pitch = np.interp(np.arange(length), np.nonzero(known)[0], pitch[known])
    pitch += np.cumsum(random.normal(0, manner.wander / np.sqrt(60 * RATE), length))
    return _voice(pitch, loud, breath=manner.breath, random=random)


def _voice(
    pitch: NDArray[np.float64], loud: NDArray[np.float64], *, breath: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """A row of partials with two formants, and breath."""
    hertz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    sound = np.zeros(len(pitch))
    for partial in range(1, PARTIALS + 1):
        weight = 1 + sum(gain * np.exp(-(((partial * hertz - at) / width) ** 2)) for at, width, gain in FORMANTS)
        sound += weight / partial**1.2 * np.sin(partial * phase) * (partial * hertz < 8_000)
    sound *= loud
    noise = random.normal(0, 1, len(pitch))
    return (0.3 * sound / np.abs(sound).max() + noise * (breath + 0.004 * loud)).astype(np.float32)
