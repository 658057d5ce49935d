"""Keys, chords and the cycles that chords go in.

A cycle is written as degrees of the key's scale: `1 5 6 4`. Chords are stacked in thirds on the scale; `!` makes a
dominant of one (major third, minor seventh: `5!` in minor, `3!` on the way to 6), `b7` is the major chord a whole step
below the tonic, from outside the major scale. Beside the written cycles, which everybody plays, others are walked:
from each degree to the next by weights, so that no list limits what there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symbolic_embed.training.bands.patterns import is_chance, one_of, weighted

MODES: Mapping[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
}
SHARPS = {"major": 0, "minor": -3, "dorian": -2, "mixolydian": -1, "phrygian dominant": -4}  # with C as the tonic
BRIGHT = ("major", "mixolydian")
CYCLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "song": {
        "major": (
            *("1 5 6 4", "6 4 1 5", "1 6 4 5", "1 4 6 5", "4 1 5 6", "1 4", "1 4 5 4", "1 3 4 5", "2 5 1 6"),
            *("1 5 6 3 4 1 4 5", "1 4 1 5", "6 5 4 5", "4 5 3 6", "1 b7 4 1", "1 2 4 1", "1 3! 6 4"),
        ),
        "minor": (
            *("1 6 3 7", "1 7 6 7", "1 4 6 5!", "1 6 4 5!", "1 3 7 4", "6 7 1 1", "1 7", "4 1 6 5", "1 5 6 4"),
            *("1 6", "1 4 7 3", "1 4 7 3 6 2 5! 1", "1 7 6 5!"),
        ),
        "dorian": ("1 4", "1 4 1 7", "1 7 4 1", "1 2 3 4", "1 3 4 1", "1 7", "1 5 4 1"),
        "mixolydian": ("1 7 4 1", "1 7", "1 4 7 4", "1 5 7 4", "1 7 4 4", "7 4 1 1"),
        "phrygian dominant": ("1 2", "1 2 3 2", "1 7 2 1", "4 1 2 1", "1 1 2 7"),
    },
    "jazz": {
        "major": (
            *("2 5 1 1", "1 6! 2 5", "3 6! 2 5", "1 2 3 2", "1 4 3 6!", "2 5 1 6!", "1 1 2 5", "4 5 3 6! 2 5 1 1"),
            *("1 2! 2 5", "1 6 2 5", "1 3! 6 2! 2 5 1 5"),
        ),
        "minor": ("1 4 2 5!", "1 6 2 5!", "1 7 6 5!", "4 7 3 6 2 5! 1 1", "1 1 4 5!", "2 5! 1 1"),
        "dorian": ("1 1 4 4", "1 4", "1 2", "1 1 2 2", "1 7 4 1"),
        "mixolydian": ("1 1 7 7", "1 4", "1 7"),
    },
    "vamp": {
        "major": ("1 4", "1 2", "4 1", "6 4", "1 6", "1 1 4 4"),
        "minor": ("1 1", "1 7", "1 6", "1 4", "1 1 6 7", "1 3", "1 1 1 5"),
        "dorian": ("1 4", "1 1", "1 7", "1 2", "1 1 4 4"),
        "mixolydian": ("1 7", "1 4", "1 1", "1 1 7 4"),
        "phrygian dominant": ("1 2", "1 1", "1 7", "1 1 2 2"),
    },
    "blues": {
        "mixolydian": (
            "1! 1! 1! 1! 4! 4! 1! 1! 5! 4! 1! 5!",
            "1! 4! 1! 1! 4! 4! 1! 1! 5! 4! 1! 1!",
            "1! 4! 1! 1! 4! 4! 1! 1! 2 5! 1! 5!",
        ),
        "dorian": ("1 1 1 1 4 4 1 1 5! 4 1 5!", "1 4 1 1 4 4 1 1 2 5! 1 1"),
    },
}
WALK: Mapping[int, Mapping[int, float]] = {
    1: {2: 1, 3: 1, 4: 3, 5: 2, 6: 3, 7: 0.5},
    2: {5: 4, 4: 1, 1: 0.5, 7: 0.5, 3: 0.5},
    3: {6: 3, 4: 2, 2: 0.5},
    4: {1: 2, 5: 3, 2: 1, 6: 0.7},
    5: {1: 4, 6: 2, 4: 1, 3: 0.3},
    6: {4: 3, 2: 2, 5: 1.5, 3: 0.7, 1: 0.5},
    7: {1: 3, 3: 1, 6: 1},
}


@dataclass(frozen=True)
class Key:
    """A tonic (0 to 11, C is 0) and a mode of MODES."""

    tonic: int
    mode: str

    @property
    def scale(self) -> tuple[int, ...]:
        """Its pitch classes, from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])

    @property
    def sharps(self) -> int:
        """Sharps of the key signature (negative: flats), -6 to 5."""
        return (7 * self.tonic + SHARPS[self.mode] + 6) % 12 - 6

    @property
    def is_minor(self) -> bool:
        """Whether its signature is written as that of a minor key."""
        return self.mode not in (*BRIGHT, "phrygian dominant")

    @property
    def name(self) -> str:
        """Its tonic and mode, such as `Eb dorian`."""
        return f"{('C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B')[self.tonic]} {self.mode}"


@dataclass(frozen=True)
class Chord:
    """A chord as pitch classes in thirds from its root: root, third, fifth, seventh, ninth."""

    tones: tuple[int, ...]

    @property
    def root(self) -> int:
        return self.tones[0]


BarChords = tuple[tuple[int, Chord], ...]  # where in the bar each chord begins, the first at 0


def chord_of(symbol: str, key: Key) -> Chord:
    """The chord of a degree in a key."""
    scale = key.scale
    if symbol.startswith("b"):
        root = (key.tonic + 10) % 12
        return Chord(tuple((root + step) % 12 for step in (0, 4, 7, 9, 2)))
    degree = int(symbol[0]) - 1
    tones = [scale[(degree + third) % 7] for third in (0, 2, 4, 6, 8)]
    if symbol.endswith("!"):
        tones[1:4] = [(tones[0] + step) % 12 for step in (4, 7, 10)]
    return Chord(tuple(tones))


def scale_over(chord: Chord, key: Key) -> tuple[int, ...]:
    """The key's scale with those tones bent that a chord from outside contradicts; pitch classes, rising from 0."""
    bent = [tone for tone in chord.tones[:4] if tone not in key.scale]
    kept = [tone for tone in key.scale if all((tone - other) % 12 not in (1, 11) for other in bent)]
    return tuple(sorted({*kept, *bent, *chord.tones[:3]}))


def drawn_cycle(random: np.random.Generator, *, key: Key, family: str) -> tuple[str, ...]:
    """The degrees of a cycle: one that is written, or one that is walked."""
    written = CYCLES[family].get(key.mode, CYCLES["song"][key.mode])
    if family == "song" and is_chance(random, 0.45):
        return _walked(random, length=weighted(random, {2: 1, 3: 0.5, 4: 5, 8: 1.5}))
    return tuple(one_of(random, written).split())


def _walked(random: np.random.Generator, *, length: int) -> tuple[str, ...]:
    degrees = [weighted(random, {1: 6, 6: 2, 4: 2, 2: 0.5})]
    while len(degrees) < length:
        choices = {next_: weight for next_, weight in WALK[degrees[-1]].items() if next_ not in degrees[-2:]}
        degrees.append(weighted(random, choices))
    return tuple(map(str, degrees))


def chords_of_bars(degrees: tuple[str, ...], *, key: Key, chords_a_bar: float, units: int) -> tuple[BarChords, ...]:
    """A cycle laid over bars: 2 chords a bar, 1, or one for 2 bars (.5). An odd number of half bars is played twice."""
    chords = [chord_of(symbol, key) for symbol in degrees]
    if chords_a_bar == 2:
        pairs = chords if len(chords) % 2 == 0 else chords * 2
        half = units // 24 * 12 if units % 24 else units // 2
        return tuple(((0, pairs[at]), (half, pairs[at + 1])) for at in range(0, len(pairs), 2))
    return tuple(((0, chord),) for chord in chords for _ in range(round(1 / chords_a_bar)))


def chord_at(chords: BarChords, at: int) -> Chord:
    """The chord that sounds at a place of a bar."""
    return [chord for begins, chord in chords if begins <= at][-1]


def voiced(chord: Chord, *, voices: int, low: int, high: int, before: tuple[int, ...]) -> tuple[int, ...]:
    """A close voicing of a chord's first `voices` tones between `low` and `high`, rising: the one that moves least from
    the voicing `before`, its top voice rather moving than not, or where there is none the one nearest the middle."""
    tones = chord.tones[:voices]
    middle = (low + high) / 2
    best: tuple[int, ...] = ()
    least = float("inf")
    for bottom in range(low, high + 1):
        if bottom % 12 not in tones:
            continue
        pitches = tuple(pitch for pitch in range(bottom, bottom + 12) if pitch % 12 in tones)
        if pitches[-1] > high:
            continue
        pull = abs(sum(pitches) / len(pitches) - middle)
        moved = sum(min(abs(pitch - other) for other in before) for pitch in pitches) if before else 0
        cost = moved + 0.4 * pull + (1.5 if before and pitches[-1] == before[-1] else 0.0)
        if cost < least:
            best, least = pitches, cost
    return best


def nearest(classes: tuple[int, ...], pitch: int, *, low: int, high: int) -> int:
    """The pitch nearest `pitch` within `low` to `high` whose class is one of `classes`; of two the lower one."""
    inside = [one for one in range(low, high + 1) if one % 12 in classes]
    return min(inside, key=lambda one: (abs(one - pitch), one))
