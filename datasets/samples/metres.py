"""Bars and their metre, and which notes of a bar a player leans on.

A bar is what lies between two barlines. Its metre says how many beats of which unit fill it; the first bar of a tune
may be shorter, a pick-up, and is then counted from its end, so that its notes lead to the first full bar. A player
leans on the first beat and is lighter between the beats.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from midi_file import Note

Metre = tuple[int, int]
"""Beats in a bar and beat unit: 6/8 is (6, 8)."""

DOWNBEAT_ACCENT, OFFBEAT_ACCENT = 8, -6


@dataclass(frozen=True)
class Bar:
    """What lies between two barlines: onset and length in quarters, and the metre that it belongs to."""

    onset: Fraction
    length: Fraction
    metre: Metre

    @property
    def beat(self) -> Fraction:
        """The beat in quarters: in 6/8, 9/8 and 12/8 it is three eighths, elsewhere the unit of the metre."""
        numerator, unit = self.metre
        return Fraction(4, unit) * (3 if unit == 8 and numerator % 3 == 0 else 1)

    @property
    def is_pickup(self) -> bool:
        """Whether the bar is shorter than its metre."""
        return self.length < full_length(self.metre)


def read_metre(text: str) -> Metre:
    """'6/8' as (6, 8)."""
    numerator, unit = text.split("/")
    return int(numerator), int(unit)


def full_length(metre: Metre) -> Fraction:
    """The length of a whole bar, in quarters."""
    numerator, unit = metre
    return Fraction(4 * numerator, unit)


def accented(notes: list[Note], *, bars: list[Bar]) -> Iterator[Note]:
    """The notes in order of onset: louder on the first beat of a bar, softer between the beats."""
    barlines = [bar.onset for bar in bars]
    for note in sorted(notes, key=lambda note: (note.onset, note.pitch)):
        bar = bars[bisect_right(barlines, note.onset) - 1]
        place = note.onset - bar.onset + full_length(bar.metre) - bar.length
        accent = DOWNBEAT_ACCENT if place == 0 else 0 if place % bar.beat == 0 else OFFBEAT_ACCENT
        yield replace(note, velocity=note.velocity + accent)
