"""Where drums stand on a staff.

Each drum of General MIDI's channel 10 has a line or space, and a notehead: cymbals have crosses. The feet (bass drum,
pedal hi-hat) are the lower voice, the hands the upper. The places are those of the Percussive Arts Society's guide
(Weinberg, Guidelines for Drumset Notation, 1994), as MuseScore has them; what the guide does not know stands where no
drum of the kit does.
"""

from __future__ import annotations

from typing import NamedTuple

SNARE = 38


class DrumPlace(NamedTuple):
    """The place of a drum: as if the staff had a treble clef, a letter and an octave; and its notehead."""

    step: str
    octave: int
    head: str = "normal"


FEET = frozenset((35, 36, 44))
OTHER = DrumPlace("C", 5, "triangle")
PLACES = {
    35: DrumPlace("E", 4),
    36: DrumPlace("F", 4),
    37: DrumPlace("C", 5, "x"),
    38: DrumPlace("C", 5),
    39: DrumPlace("D", 5, "x"),
    40: DrumPlace("C", 5, "diamond"),
    41: DrumPlace("G", 4),
    42: DrumPlace("G", 5, "x"),
    43: DrumPlace("A", 4),
    44: DrumPlace("D", 4, "x"),
    45: DrumPlace("B", 4),
    46: DrumPlace("G", 5, "circle-x"),
    47: DrumPlace("D", 5),
    48: DrumPlace("E", 5),
    49: DrumPlace("A", 5, "x"),
    50: DrumPlace("F", 5),
    51: DrumPlace("F", 5, "x"),
    52: DrumPlace("C", 6, "x"),
    53: DrumPlace("F", 5, "diamond"),
    54: DrumPlace("B", 4, "x"),
    55: DrumPlace("B", 5, "x"),
    56: DrumPlace("E", 5, "triangle"),
    57: DrumPlace("B", 5, "diamond"),
    59: DrumPlace("E", 5, "x"),
}


def place_of(key: int) -> DrumPlace:
    """Where a key of the drum channel is written."""
    return PLACES.get(key, OTHER)


def key_at(step: str, octave: int, *, is_cross: bool) -> int:
    """The drum that is most likely meant by a place on the staff; a snare where none stands there."""
    wanted = [key for key, place in PLACES.items() if place[:2] == (step, octave)]
    return min(wanted, key=lambda key: (is_cross == (PLACES[key].head == "normal"), key), default=SNARE)
