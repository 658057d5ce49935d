"""What stands over the bars of music21's streams: metre, key, tempo, rehearsal marks, repeat signs.

A bar lasts as long as the longest of the measures that are written one under the other; an empty one as long as its
metre says. Of signs the first part that has any counts for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from symbolic_embed.notation.reading.sheet import RepeatSigns, SheetBar

if TYPE_CHECKING:
    from music21 import base, stream

JUMPS = {"DaCapo": "capo", "DalSegno": "segno", "AlSegno": "segno"}
"""How the names of music21's commands begin that go back."""


class Placed(NamedTuple):
    """Something in a measure, and where, in quarters from its barline."""

    place: Fraction
    what: base.Music21Object


class Staff(NamedTuple):
    """A part of the stream: the identities and the content of its measures; `player` is the same for the staves of one
    player."""

    part: stream.Stream[base.Music21Object]
    names: list[int]
    measures: list[list[Placed]]
    player: int


def bars_of(staves: Sequence[Staff]) -> tuple[SheetBar, ...]:
    """What all parts share, bar by bar."""
    signs = _repeat_signs(staves)
    bars: list[SheetBar] = []
    metre: tuple[int, int] = (4, 4)
    key: tuple[int, bool] | None = None
    filled = 0  # what music21 puts after the last barline is no bar
    for number, of_bar in enumerate(signs):
        here = [one for staff in staves if number < len(staff.measures) for one in staff.measures[number]]
        metre = next(_metres(here), metre)
        key = next(_keys(here), key)
        length = max(map(_end, here), default=Fraction(0)) or Fraction(4 * metre[0], metre[1])
        bars.append(SheetBar(length, metre, key, tuple(_tempi(here)), tuple(_marks(here)), of_bar))
        if any(map(_end, here)):
            filled = number + 1
    return tuple(bars[:filled])


def _end(one: Placed) -> Fraction:
    """Where a note, chord or rest ends; 0 for what takes no time, as chord symbols."""
    from music21 import harmony, note

    takes_time = isinstance(one.what, note.GeneralNote) and not isinstance(one.what, harmony.Harmony)
    return one.place + Fraction(one.what.quarterLength) if takes_time else Fraction(0)


def _metres(here: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    from music21 import meter

    for _, what in here:
        if isinstance(what, meter.TimeSignature) and what.numerator:
            yield what.numerator, what.denominator


def _keys(here: Sequence[Placed]) -> Iterator[tuple[int, bool]]:
    from music21 import key

    for _, what in here:
        if isinstance(what, key.KeySignature) and what.sharps is not None and abs(what.sharps) <= 7:
            yield what.sharps, isinstance(what, key.Key) and what.mode == "minor"


def _tempi(here: Sequence[Placed]) -> list[tuple[Fraction, float]]:
    from music21 import tempo

    said: dict[Fraction, float] = {}
    for place, what in here:
        if isinstance(what, tempo.MetronomeMark) and (speed := what.getQuarterBPM()):
            said.setdefault(place, float(speed))
    return sorted(said.items())


def _marks(here: Sequence[Placed]) -> list[tuple[Fraction, str]]:
    from music21 import expressions

    said = {(place, what.content or "") for place, what in here if isinstance(what, expressions.RehearsalMark)}
    return sorted((place, text) for place, text in said if text)


def _repeat_signs(staves: Sequence[Staff]) -> list[RepeatSigns]:
    """The signs over each bar."""
    count = max((len(staff.measures) for staff in staves), default=0)
    for staff in staves:
        endings = _endings(staff)
        codas = [number for number, measure in enumerate(staff.measures) if _has(measure, "Coda")]
        signs = [
            _signs(measure, endings.get(number, frozenset()), is_goal=number == codas[-1] if codas else False)
            for number, measure in enumerate(staff.measures)
        ]
        if any(sign != RepeatSigns() for sign in signs):
            return signs + [RepeatSigns()] * (count - len(signs))
    return [RepeatSigns()] * count


def _signs(measure: Sequence[Placed], endings: frozenset[int], *, is_goal: bool) -> RepeatSigns:
    """The signs in a measure. Of several codas the last is where the others lead to (`is_goal`)."""
    from music21 import bar

    repeats = [what for _, what in measure if isinstance(what, bar.Repeat)]
    ends = [repeat for repeat in repeats if repeat.direction == "end"]
    jumps = [jump for begin, jump in JUMPS.items() for _, what in measure if type(what).__name__.startswith(begin)]
    return RepeatSigns(
        starts=any(repeat.direction == "start" for repeat in repeats),
        ends=bool(ends),
        times=max((repeat.times or 0 for repeat in ends), default=0),
        endings=endings,
        segno=_has(measure, "Segno"),
        coda=is_goal,
        to_coda=_has(measure, "Coda") and not is_goal,
        fine=_has(measure, "Fine"),
        jump=jumps[0] if jumps else "",
    )


def _has(measure: Sequence[Placed], name: str) -> bool:
    return any(type(what).__name__ == name for _, what in measure)


def _endings(staff: Staff) -> dict[int, frozenset[int]]:
    """The numbers of the bracket over each measure that has one."""
    from music21 import spanner

    index = {name: number for number, name in enumerate(staff.names)}
    found = {}
    for bracket in staff.part.recurse().getElementsByClass(spanner.RepeatBracket):
        spanned = bracket.getSpannedElements()  # type: ignore[no-untyped-call]  # of music21
        under = [index[id(measure)] for measure in spanned if id(measure) in index]
        for number in range(min(under, default=0), max(under, default=-1) + 1):
            found[number] = frozenset(bracket.numberRange)
    return found
