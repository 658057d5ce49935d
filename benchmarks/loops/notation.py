"""A compact notation for loops, in which a bar is a line of characters, one for each slot of time.

Drums are lines of strokes, a line for each piece of the kit:

    kit("bd x...x...x...x... | sn ....x.......x... | hh x.x.x.x.x.x.x.x.")      X loud, x plain, o soft

Lines of a pitched part name tones of the chord of the bar; `-` holds what sounds, `.` is a rest:

    1 3 5 7 8     root, third, fifth, seventh (or sixth; of a triad the octave), octave
    2 4 6         a tone above the root, a fourth, a sixth: steps between
    a             the approach: a semitone below the root of the next bar
    x             the whole chord in close position, from the register's lowest pitch up

Tunes are words, a pitch and a length in slots: `e5/2`, a rest `r/4`; barlines `|` are checked. Chords are words too,
one a bar, or several joined by commas that share it: `Dm7,G7`. Patterns are lists of bars and begin again at their end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import cycle, islice

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events

DIVISION = 480
TICKS_PER_STEP = DIVISION // STEPS_PER_QUARTER
SIXTEENTH, TRIPLET, EIGHTH = 3, 4, 6  # slots, in steps

KIT = {"bd": 36, "rs": 37, "sn": 38, "cl": 39, "hh": 42, "ho": 46, "ph": 44, "cr": 49, "rd": 51, "lt": 45, "mt": 47,
       "ht": 50, "tb": 54, "cb": 56, "bl": 61, "bh": 60, "cg": 63, "sh": 70, "cv": 75}  # fmt: skip
STROKES = {"X": 112, "x": 92, "o": 48}
QUALITIES = {"": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "m7": (0, 3, 7, 10),
             "6": (0, 4, 7, 9), "m6": (0, 3, 7, 9), "9": (0, 4, 7, 10, 14), "dim": (0, 3, 6), "m7b5": (0, 3, 6, 10),
             "sus4": (0, 5, 7), "5": (0, 7)}  # fmt: skip
LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
STEPS_BETWEEN = {"2": 2, "4": 5, "6": 9, "8": 12}

Row = tuple[int, int, int, int]  # onset and length in steps, pitch, velocity


@dataclass(frozen=True)
class Part:
    """One part of a loop: name, programme (from 0), what it plays; `is_drum`: struck on a kit."""

    name: str
    program: int
    rows: tuple[Row, ...]
    is_drum: bool = False

    def doubled(self, name: str, program: int, *, semitones: int) -> Part:
        """Another part that plays the same, by so many semitones higher."""
        rows = tuple((onset, length, pitch + semitones, velocity) for onset, length, pitch, velocity in self.rows)
        return replace(self, name=name, program=program, rows=rows)


@dataclass(frozen=True)
class Loop:
    """A loop: its genre as a name, its parts, the length in bars, metre, and quarters a minute. `doubled`: pairs of
    parts, by their numbers, that double each other."""

    name: str
    parts: tuple[Part, ...]
    bars: int = 8
    metre: tuple[int, int] = (4, 4)
    tempo: int = 120
    doubled: tuple[tuple[int, int], ...] = ()

    @property
    def bar_steps(self) -> int:
        return bar_steps(self.metre)

    def score(self) -> Score:
        """The loop once, as a score."""
        channels = iter(channel for channel in range(16) if channel != 9)
        tracks = tuple(_track(part, channel=9 if part.is_drum else next(channels)) for part in self.parts)
        signature = TimeSignature(0, *self.metre)
        return Score(DIVISION, tracks, (Tempo(0, 60_000_000 // self.tempo),), (signature,))

    def repeated(self, times: int) -> Loop:
        """The loop so many times, as one loop."""
        length = self.bars * self.bar_steps
        parts = tuple(
            replace(
                part, rows=tuple((onset + turn * length, *rest) for turn in range(times) for onset, *rest in part.rows)
            )
            for part in self.parts
        )
        return replace(self, parts=parts, bars=times * self.bars)

    def seed(self) -> Seed:
        """The loop as a file that music is written for."""
        return Seed.from_bytes(score_to_events(self.score()).to_bytes(), path=f"{self.name}.mid")


def bar_steps(metre: tuple[int, int]) -> int:
    """The length of a bar in steps."""
    return 4 * STEPS_PER_QUARTER * metre[0] // metre[1]


def kit(*bars: str, times: int = 1, slot: int = SIXTEENTH) -> Part:
    """A drum part: each of `bars` is lines of strokes with `|` between, each with its piece of the kit before it; all
    of them `times` times."""
    rows: list[Row] = []
    start = 0
    for bar in bars * times:
        lines = [line.split() for line in bar.split("|")]
        for piece, strokes in lines:
            rows += [
                (start + place * slot, slot, KIT[piece], STROKES[stroke])
                for place, stroke in enumerate(strokes)
                if stroke != "."
            ]
        lengths = {len(strokes) for _, strokes in lines}
        if len(lengths) != 1:
            raise ValueError(f"{bar}: lines of {sorted(lengths)} slots in one bar")
        start += slot * lengths.pop()
    return Part("Drums", 0, tuple(sorted(rows)), is_drum=True)


def line(
    name: str, program: int, chords: str, *patterns: str, low: int, slot: int = SIXTEENTH, velocity: int = 84
) -> Part:
    """A part that plays a pattern in each bar over its chord: a bass, a comping piano, an arpeggio. `low`: the lowest
    pitch that the root, or the lowest tone of a whole chord, may have."""
    named = [word.split(",") for word in chords.split()]
    rows: list[Row] = []
    for bar, (of_bar, pattern) in enumerate(zip(named, islice(cycle(patterns), len(named)), strict=True)):
        following = _root_from(named[(bar + 1) % len(named)][0], low=low)
        start = bar * len(pattern) * slot
        for found in re.finditer(r"([^.-])(-*)", pattern):
            chord = of_bar[found.start() * len(of_bar) // len(pattern)]
            onset, length = start + found.start() * slot, len(found[0]) * slot
            rows += [(onset, length, pitch, velocity) for pitch in _pitches(found[1], chord, low, following)]
    return Part(name, program, tuple(rows))


def tune(name: str, program: int, *words: str, bar: int, slot: int = SIXTEENTH, velocity: int = 90) -> Part:
    """A part that plays pitches one after another, or several joined by `+`; `bar`: slots between barlines. Raises
    ValueError where a bar is of another length."""
    rows: list[Row] = []
    place = 0
    for word in " ".join(words).replace("|", " | ").split():
        if word == "|":
            if place % bar:
                raise ValueError(f"{name}: a barline after {place} slots, where bars have {bar}")
            continue
        pitches, length = word.split("/")
        if pitches != "r":
            rows += [(place * slot, int(length) * slot, pitch_of(one), velocity) for one in pitches.split("+")]
        place += int(length)
    return Part(name, program, tuple(rows))


def pitch_of(name: str) -> int:
    """The pitch of a name such as c4 (60), f#3 or bb2."""
    letter, signs, octave = re.fullmatch(r"([a-g])([#b]*)(\d)", name).groups()
    return 12 * (int(octave) + 1) + LETTERS[letter] + signs.count("#") - signs.count("b")


def _pitches(symbol: str, chord: str, low: int, following: int) -> list[int]:
    """What a character of a pattern means over a chord."""
    root, tones = _root_from(chord, low=low), QUALITIES[_parsed(chord)[1]]
    if symbol == "x":
        return sorted(low + (root + tone - low) % 12 for tone in tones)
    if symbol == "a":
        return [following - 1]
    if symbol in STEPS_BETWEEN:
        return [root + STEPS_BETWEEN[symbol]]
    degree = "1357".index(symbol)
    return [root + (tones[degree] if degree < len(tones) else 12)]


def _parsed(chord: str) -> tuple[int, str]:
    """Root, as a pitch class, and quality of a chord such as F#m7b5."""
    letter, sign, quality = re.fullmatch(r"([A-G])([#b]?)(.*)", chord).groups()
    return LETTERS[letter.lower()] + {"#": 1, "b": -1, "": 0}[sign], quality


def _root_from(chord: str, *, low: int) -> int:
    """The lowest pitch of the root from `low` up."""
    return low + (_parsed(chord)[0] - low) % 12


def _track(part: Part, *, channel: int) -> Track:
    onset, length, pitch, velocity = zip(*part.rows, strict=True)
    ticks = ([TICKS_PER_STEP * step for step in column] for column in (onset, length))
    return Track(Notes.of(*ticks, pitch, velocity), name=part.name, program=part.program, channel=channel)
