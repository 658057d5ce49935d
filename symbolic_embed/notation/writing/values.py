"""Note values: with which symbols a stretch of a bar is written.

Time is counted in units of a 24th of a quarter: a sixteenth has six, a thirty-second three, an eighth triplet eight. A
length that is no single symbol, plain or dotted, is written as several tied ones. And even a length that is one symbol
is divided where it would hide the beat: a metre is a tree (bar, half, beat, half beat), and a note may run over a point
of it that is as strong as the one it begins at, or one step stronger (a syncopation, once), but not over the middle of
4/4 from an off-beat. Rests never hide a beat. (Gould, Behind Bars, 2011, pages 161 to 172, says how players expect it.)

Where three notes stand in the time of two (or six, or twelve) they make a tuplet; in it a symbol lasts two thirds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

UNITS = 24  # a quarter
FINEST = 3  # the shortest plain symbol, a thirty-second
TYPES = {96: "whole", 48: "half", 24: "quarter", 12: "eighth", 6: "16th", 3: "32nd"}
SYMBOLS = {192: ("breve", 0), **{length: (name, 0) for length, name in TYPES.items()}} | {
    length * 3 // 2: (name, 1) for length, name in TYPES.items() if length > FINEST
}
"""Length in units: name in MusicXML, dots."""


class Symbol(NamedTuple):
    """`type` is the name that MusicXML gives it."""

    type: str
    dots: int


class Span(NamedTuple):
    """A stretch of a bar, in units from the barline."""

    start: int
    end: int


def symbol_of(units: int, *, is_tuplet: bool = False) -> Symbol | None:
    """The one symbol that lasts `units`, if there is one; in a tuplet a symbol lasts two thirds of itself."""
    length = units * 3 / 2 if is_tuplet else units
    name = SYMBOLS.get(int(length)) if length == int(length) else None
    return Symbol(*name) if name else None


def is_compound(numerator: int, denominator: int) -> bool:
    """Whether beats are dotted: 6/8, 9/8, 12/8, 6/4."""
    return numerator % 3 == 0 and numerator > 3 and denominator >= 4


@lru_cache(maxsize=256)
def metric_levels(numerator: int, denominator: int) -> tuple[int, ...]:
    """How far apart the points of each level of a metre lie, in units: the bar, its half where it has four beats, the
    beat, and so on down to a thirty-second."""
    unit = max(4 * UNITS // denominator, 1)
    beat, beats = (3 * unit, numerator // 3) if is_compound(numerator, denominator) else (unit, numerator)
    levels = [unit * numerator, *([2 * beat] if beats == 4 else []), beat]
    if beat != unit:
        levels.append(unit)
    while levels[-1] % 2 == 0 and levels[-1] > FINEST:
        levels.append(levels[-1] // 2)
    return tuple(dict.fromkeys(levels))


def strength(place: int, levels: Sequence[int]) -> int:
    """The level of a point of the bar, 0 for the barline; the smaller the stronger."""
    return next((level for level, apart in enumerate(levels) if place % apart == 0), len(levels))


class Metre(NamedTuple):
    """A metre as the writer needs it: the distances of its levels, and which of them is the beat."""

    levels: tuple[int, ...]
    beat: int
    is_compound: bool

    @classmethod
    def of(cls, numerator: int, denominator: int) -> Metre:
        compound = is_compound(numerator, denominator)
        beat = max(4 * UNITS // denominator, 1) * (3 if compound else 1)
        return cls(metric_levels(numerator, denominator), beat, compound)


@lru_cache(maxsize=65536)
def divided(start: int, end: int, metre: Metre, *, is_rest: bool = False) -> tuple[Span, ...]:
    """The stretches, each one symbol, with which a stretch outside tuplets is written."""
    if _is_one_symbol(start, end, metre, is_rest=is_rest):
        return (Span(start, end),)
    points = range(start - start % FINEST + FINEST, end, FINEST)
    strongest = min((strength(point, metre.levels) for point in points), default=None)
    if strongest is None:  # shorter than a thirty-second: nothing plain lasts so long
        return (Span(start, end),)
    ways = (
        divided(start, point, metre, is_rest=is_rest) + divided(point, end, metre, is_rest=is_rest)
        for point in points
        if strength(point, metre.levels) == strongest
    )
    return min(ways, key=len)


def divided_in_tuplet(start: int, end: int, *, unit: int) -> tuple[Span, ...]:
    """The same for a stretch within a tuplet whose notes are `unit` long, counted from where the tuplet begins."""
    if symbol_of(end - start, is_tuplet=True):
        return (Span(start, end),)
    points = [point for point in range(start + 2, end, 2) if point % unit == 0] or list(range(start + 2, end, 2))
    ways = (divided_in_tuplet(start, p, unit=unit) + divided_in_tuplet(p, end, unit=unit) for p in points)
    return min(ways, key=len, default=(Span(start, end),))


def _is_one_symbol(start: int, end: int, metre: Metre, *, is_rest: bool) -> bool:
    """Whether the stretch is one symbol that hides no beat."""
    if symbol_of(end - start) is None:
        return False
    begins = strength(start, metre.levels)
    hidden = [
        level
        for point in range(start - start % FINEST + FINEST, end, FINEST)
        if (level := strength(point, metre.levels)) < begins
    ]
    over_beats = start // metre.beat != (end - 1) // metre.beat
    if metre.is_compound and over_beats:
        return start % metre.beat == 0 and end % metre.beat == 0
    if is_rest:
        return not hidden and (not over_beats or end % metre.beat == 0)
    return len(hidden) <= 1 and all(level >= begins - 1 for level in hidden)
