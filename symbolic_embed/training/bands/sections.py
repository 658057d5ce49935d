"""What a section stands on, and loops laid over it.

A *ground* is what all parts of a section share: the key, the chords of each bar, where the bass drum falls. A *figure*
is what one part does with it, loop by loop: patterns as text, in words of the part. A figure is drawn once and used for
the whole section, so the music returns where the chords do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from symbolic_embed.training.bands.harmony import BarChords, Chord, Key
from symbolic_embed.training.bands.instruments import Instrument
from symbolic_embed.training.bands.patterns import Bar, Hit, Metre, Stroke, decided, is_chance, one_of, strokes

LOUD = {"X": 106, "o": 62, "g": 44}
PLAIN = 86


@dataclass(frozen=True)
class Ground:
    """A section's metre and key, the chords of each of its bars, and where the bass drum falls in each."""

    metre: Metre
    key: Key
    chords: tuple[BarChords, ...]
    kicks: tuple[tuple[int, ...], ...]

    @property
    def bars(self) -> int:
        return len(self.chords)

    def next_chord(self, bar: int, at: int) -> Chord:
        """The chord after the one at a place; after the last bar comes the first."""
        later = [chord for begins, chord in self.chords[bar] if begins > at]
        return later[0] if later else self.chords[(bar + 1) % self.bars][0][1]


@dataclass(frozen=True)
class Voice:
    """Who plays: the instrument, and how many tones of a chord it takes."""

    instrument: Instrument
    voices: int = 3

    @property
    def low(self) -> int:
        return self.instrument.low

    @property
    def high(self) -> int:
        return self.instrument.high


Figure = tuple[str, ...]  # a pattern for each bar of the loop


def drawn_figure(random: np.random.Generator, patterns: tuple[str, ...], *, swaps: str) -> Figure:
    """A loop of one or two bars from the patterns of a style, with a stroke of its own here and there: another letter
    of `swaps`, or a rest; what stands first in the bar stays."""
    pattern = one_of(random, patterns)
    first = _turned(random, decided(pattern, random), swaps=swaps)
    if is_chance(random, 0.4):
        return (first,)
    again = decided(pattern, random) if is_chance(random, 0.5) else first
    return (first, _turned(random, again, swaps=swaps))


def _turned(random: np.random.Generator, pattern: str, *, swaps: str) -> str:
    letters = list(pattern)
    struck = [at for at, mark in enumerate(letters) if at and mark not in ".-"]
    for at in struck:
        if is_chance(random, 0.1):
            letters[at] = one_of(random, swaps)
    rests = [at for at, mark in enumerate(letters) if at and mark == "."]
    if rests and is_chance(random, 0.25):
        letters[one_of(random, rests)] = one_of(random, swaps)
    return "".join(letters)


def strokes_over(figure: Figure, bar: int, ground: Ground) -> tuple[Stroke, ...]:
    """The strokes of a figure in a bar of a section."""
    return strokes(figure[bar % len(figure)], units=ground.metre.units)


def loudness(mark: str) -> int:
    """How loud a letter is."""
    return LOUD.get(mark, PLAIN)


def varied_notes(random: np.random.Generator, bar: Bar, *, voice: Voice) -> Bar:
    """The same bar of a pitched part with one change: what sounds at one place falls away, is struck twice, leaps an
    octave, or is left earlier. What begins the bar stays."""
    places = sorted({hit.at for hit in bar if hit.at})
    if not places:
        return bar
    at = one_of(random, places)
    here = [hit for hit in bar if hit.at == at]
    others = [hit for hit in bar if hit.at != at]
    change = one_of(random, ("less", "twice", "octave", "short"))
    lengths = [hit.length for hit in here]
    if change == "twice" and min(lengths) >= 6:
        half = min(lengths) // 2 // 3 * 3
        later = [replace(hit, at=at + half, length=hit.length - half) for hit in here]
        return ordered([*others, *(replace(hit, length=half) for hit in here), *later])
    if change == "octave" and len(here) == 1:
        moved = [pitch for pitch in (here[0].pitch + 12, here[0].pitch - 12) if voice.low <= pitch <= voice.high]
        if moved:
            return ordered([*others, replace(here[0], pitch=moved[0])])
    if change == "less" and len(places) > 2:
        return ordered(others)
    return ordered([*others, *(replace(hit, length=max(hit.length // 2, 2)) for hit in here)])


def ordered(hits: list[Hit]) -> Bar:
    """A bar from hits in any order."""
    return tuple(sorted(hits, key=lambda hit: (hit.at, hit.pitch)))
