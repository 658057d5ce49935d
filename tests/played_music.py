"""Hand-made music whose timing and loudness a reader can check in the head.

strokes(4, hat=(0, .5, 1, 1.5))      four bars of 4/4 with these strokes, in quarters
swung(4)                             eighths of a hat, the second of each beat at 2/3, loud and soft
"""

from __future__ import annotations

from collections.abc import Iterable

from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events

KEYS = {"kick": 36, "snare": 38, "hat": 42, "ride": 51, "tom": 45}


def part(
    onsets: Iterable[float], *, pitch: int = 60, length: float = 0.5, velocity: int | list[int] = 80, **more: int
) -> Track:
    """A part of notes of one pitch, in quarters, at a division of 480 (`division`)."""
    division = more.pop("division", 480)
    ticks = [round(onset * division) for onset in onsets]
    velocities = velocity if isinstance(velocity, list) else [velocity] * len(ticks)
    return Track(
        Notes.of(ticks, [round(length * division)] * len(ticks), [pitch] * len(ticks), velocities),
        **{"channel": 0, **more},
    )


def kit(bars: int, *, quarters: float = 4, division: int = 480, **onsets: Iterable[tuple[float, int]]) -> Track:
    """A drum part: of each piece onsets in quarters of a bar and velocities, the same in every bar."""
    rows = [
        (round((bar * quarters + onset) * division), division // 8, KEYS[piece], velocity)
        for bar in range(bars)
        for piece, strokes in onsets.items()
        for onset, velocity in strokes
    ]
    return Track(Notes.of(*zip(*rows, strict=True)), name="kit", channel=9)


def swung(bars: int, *, division: int = 480, loud: int = 100, soft: int = 60) -> Track:
    """A hat that swings."""
    places = [(beat + late, velocity) for beat in range(4) for late, velocity in ((0, loud), (2 / 3, soft))]
    return kit(bars, division=division, hat=places)


def seed(*tracks: Track, division: int = 480, metres: Iterable[TimeSignature] = (), name: str = "song.mid") -> Seed:
    """A file of these parts."""
    score = Score(division, tracks, tempi=(Tempo(0, 500_000),), time_signatures=tuple(metres))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path=name)
