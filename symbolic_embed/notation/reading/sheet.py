"""Sheet music in memory: bars as they are written, before anybody has played them.

A *sheet* has bars, each with what is printed over it (metre, key, tempo, rehearsal marks, repeat signs), and parts with
the notes of each bar. Places are exact fractions of a quarter note, counted from the barline. All readers of notation
make a sheet; `performing.py` plays it.

A bar may be longer or shorter than its metre: a pick-up, or a bar that a repeat sign divides. `length` is what it
holds, `metre` what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

PLAIN_VELOCITY = 80  # without a dynamic mark: mezzo-forte
VELOCITIES = {"pppp": 10, "ppp": 16, "pp": 33, "p": 49, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 126, "ffff": 127}
"""Of dynamic marks, as MuseScore plays them."""


class SheetNote(NamedTuple):
    """A note as it is printed. `onset` counts from the barline, both in quarters; `tied`: to the next of its pitch."""

    onset: Fraction
    length: Fraction
    pitch: int
    velocity: int = PLAIN_VELOCITY
    tied: bool = False


@dataclass(frozen=True)
class RepeatSigns:
    """What is printed at one bar about the order of playing.

    starts, ends: repeat signs at its left and right barline; `times` the stretch is played where it ends here, 0 where
    that is not said. endings: the numbers of the bracket over the bar. segno, coda: signs where it begins; to_coda,
    fine: words where it ends. jump: "capo" or "segno", where D.C. or D.S. stands at its end.
    """

    starts: bool = False
    ends: bool = False
    times: int = 0
    endings: frozenset[int] = frozenset()
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False
    jump: str = ""


@dataclass(frozen=True)
class SheetBar:
    """What all parts share. `metre` is (numerator, denominator), `key` (sharps, is minor) or None; both hold from here
    on in every bar that says the same. `tempi`: (place, quarters a minute). `marks`: (place, text)."""

    length: Fraction
    metre: tuple[int, int] = (4, 4)
    key: tuple[int, bool] | None = None
    tempi: tuple[tuple[Fraction, float], ...] = ()
    marks: tuple[tuple[Fraction, str], ...] = ()
    repeats: RepeatSigns = field(default=RepeatSigns())


@dataclass(frozen=True)
class SheetPart:
    """One player's part: the notes of each bar, in any order."""

    bars: tuple[tuple[SheetNote, ...], ...]
    name: str = ""
    program: int = 0
    is_drum: bool = False


@dataclass(frozen=True)
class Sheet:
    """A piece on paper. All parts have `len(bars)` bars. `warnings`: (kind, text, count) of what reading left out."""

    bars: tuple[SheetBar, ...]
    parts: tuple[SheetPart, ...]
    warnings: tuple[tuple[str, str, int], ...] = ()
