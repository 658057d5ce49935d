"""Sound made in the test: sines for notes, clicks for beats."""

from __future__ import annotations

import numpy as np

from symbolic_embed.listening.spectra import RATE
from symbolic_embed.score import EventList
from symbolic_embed.score.clock import seconds


def sine(pitch: float, length: float, *, rate: int = RATE, loudness: float = 0.5) -> np.ndarray:
    """One MIDI pitch with two partials above it, for so many seconds."""
    time = np.arange(round(length * rate)) / rate
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    partials = sum(np.sin(2 * np.pi * hertz * partial * time) / partial for partial in (1, 2, 3))
    return (loudness / 2 * partials).astype(np.float32)


def clicks(times: np.ndarray, length: float, *, rate: int = RATE) -> np.ndarray:
    """Short bursts of noise at these seconds."""
    samples = np.zeros(round(length * rate), np.float32)
    burst = np.random.default_rng(0).normal(size=rate // 100) * np.linspace(1, 0, rate // 100)
    for time in times:
        begin = round(time * rate)
        samples[begin : begin + len(burst)] += burst[: max(0, len(samples) - begin)]
    return samples


def played(events: EventList, *, rate: int = RATE, **_: object) -> np.ndarray:
    """What FluidSynth would make of a piece, with sines for notes."""
    score = events.score()
    samples = np.zeros(round((seconds(score.end_tick, tempi=score.tempi, division=score.division) + 0.5) * rate))
    for track in score.tracks:
        when = (track.notes.onset_ticks, track.notes.offset_ticks)
        begins, ends = (seconds(ticks, tempi=score.tempi, division=score.division) for ticks in when)
        for begin, end, pitch in zip(begins, ends, track.notes.pitch, strict=True):
            note = sine(float(pitch), float(end - begin), rate=rate, loudness=0.2) * np.linspace(
                1, 0.1, round((end - begin) * rate)
            )
            first = round(begin * rate)
            samples[first : first + len(note)] += note[: len(samples) - first]
    return samples.astype(np.float32)
