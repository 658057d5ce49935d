"""A loop for a band, as it comes from a DAW: equal bars, a riff that is doubled, a groove."""

from __future__ import annotations

from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events

RIFF, HIGH, LOW, BASS, KIT = range(5)
TUNE = ((0, 64), (240, 67), (480, 69), (960, 67), (1440, 64), (1680, 62))


def loop_seed(*, bars: int = 4) -> Seed:
    """A riff, the same an octave higher and lower, a bass, and a kit with a crash at the very beginning; every bar is
    the same."""
    parts = [[], [], [], [], [(0, 50, 49, 110)]]
    for start in range(0, bars * 1920, 1920):
        for part, up in ((RIFF, 0), (HIGH, 12), (LOW, -12)):
            parts[part] += [(start + tick, 220, pitch + up, 80) for tick, pitch in TUNE]
        parts[BASS] += [(start + tick, 400, pitch, 90) for tick, pitch in ((0, 36), (960, 43), (1440, 40))]
        parts[KIT] += [(start + tick, 50, 36, 100) for tick in (0, 960)]
        parts[KIT] += [(start + tick, 50, 38, 100) for tick in (480, 1440)]
        parts[KIT] += [(start + tick, 50, 42, 70) for tick in range(0, 1920, 240)]
    names, programs = ("riff", "high", "low", "bass", "kit"), (80, 81, 38, 33, 0)
    tracks = tuple(
        Track(Notes.of(*zip(*sorted(rows), strict=True)), name=name, program=program, channel=9 if name == "kit" else n)
        for n, (rows, name, program) in enumerate(zip(parts, names, programs, strict=True))
    )
    score = Score(480, tracks, time_signatures=(TimeSignature(0, 4, 4),))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="loop.mid")


def kit_seed(*, bars: int = 4) -> Seed:
    """A kit spread over tracks of one drum each."""
    drums = (("bass drum", 36, 0, 960), ("snare", 38, 480, 960), ("hat", 42, 0, 240))
    tracks = tuple(
        Track(
            Notes.of(*zip(*((tick, 50, key, 90) for tick in range(start, bars * 1920, apart)), strict=True)),
            name=name,
            channel=9,
        )
        for name, key, start, apart in drums
    )
    score = Score(480, tracks, time_signatures=(TimeSignature(0, 4, 4),))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="kit.mid")
