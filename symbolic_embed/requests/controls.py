"""How much, how thick, how high, how long: what can be asked of what a part plays.

- density: notes a quarter;
- polyphony: notes that sound at once;
- range: how far the part goes: semitones beyond the lowest and the highest note it has in the seed; or from one note to
  another, "C3-C5" or "48-72";
- note_length: how long its notes are on average, in quarters.

Each is `lower`, `same` or `higher` than in the seed, or a number; for all parts or for some (`per_part`). What these
words come to, and how near written music comes, is told by `composing.controls`.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from symbolic_embed.requests.base import Request
from symbolic_embed.requests.chord_symbols import LETTERS, accidental
from symbolic_embed.requests.per_part import Given, per_part
from symbolic_embed.settings import refused

WORDS = ("lower", "same", "higher")
HIGHEST_PITCH = 127
MOST_BEYOND = 60.0  # semitones
NOTE = re.compile(r"([A-Ga-g])([#b]*)(-?\d)|(\d{1,3})")

Wish = str | float  # one of WORDS, or a number
RangeWish = Wish | tuple[int, int]  # or the lowest and the highest pitch


def _wish(*, most: float, least: float = 0.0) -> Callable[[object], Wish]:
    """What reads one of WORDS, or a number above `least` (semitones: from it on) and up to `most`."""

    def read(given: object) -> Wish:
        number = _number(given)
        if number is not None and least <= number <= most and (number or most == MOST_BEYOND):
            return number
        word = str(given).strip().casefold()
        if number is None and word in WORDS:
            return word
        near = difflib.get_close_matches(word, WORDS, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        from_on = "from 0" if most == MOST_BEYOND else "above 0"
        raise refused(f"must be {', '.join(WORDS)} or a number {from_on} and up to {most:g}{guess}")

    return read


def _range(given: object) -> RangeWish:
    """A wish in semitones, or two pitches from text such as "C3-C5", or as two numbers."""
    if isinstance(given, str) and (ends := re.fullmatch(f"({NOTE.pattern})-({NOTE.pattern})", given.strip())):
        low, high = (pitch_of(ends[group]) for group in (1, 6))
    elif isinstance(given, (tuple, list)) and len(given) == 2 and all(isinstance(end, int) for end in given):
        low, high = given
    else:
        return _wish(most=MOST_BEYOND)(given)
    if not 0 <= low < high <= HIGHEST_PITCH:
        raise refused(f"must go up, between 0 and {HIGHEST_PITCH}, as C3-C5 does")
    return low, high


def pitch_of(text: str) -> int:
    """The pitch of a note such as "C4" (60, as everywhere here) or "60"."""
    note = NOTE.fullmatch(text)
    assert note is not None, "what was found by NOTE"
    if note[4]:
        return int(note[4])
    return LETTERS[note[1].upper()] + accidental(note[2]) + 12 * (int(note[3]) + 1)


def _number(given: object) -> float | None:
    """A finite number; None for what is none, truth among it."""
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        return None
    try:
        number = float(given)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _of_parts(read: Callable[[object], Any]) -> BeforeValidator:
    return BeforeValidator(lambda given: per_part(given, read))


Density = Annotated[Given[Wish], _of_parts(_wish(most=48))]
Polyphony = Annotated[Given[Wish], _of_parts(_wish(most=24))]
NoteLength = Annotated[Given[Wish], _of_parts(_wish(most=64))]


def _ranges(given: object) -> Given[RangeWish]:
    """The same for ranges; two numbers alone are one range."""
    is_one = isinstance(given, (tuple, list)) and len(given) == 2 and all(isinstance(end, int) for end in given)
    return per_part([(None, given)] if is_one else given, _range)


Range = Annotated[Given[RangeWish], BeforeValidator(_ranges)]


class ControlsRequest(Request):
    """What can be asked of how parts play.

    density       notes a quarter: lower, same, higher, or how many
    polyphony     notes that sound at once, likewise
    range         lower, same, higher; semitones beyond what the part has in the seed; or two notes, "C3-C5"
    note_length   the mean length in quarters: lower, same, higher, or how long
    """

    density: Density = Field((), description="Notes a quarter; bass=2 is for one track.")
    polyphony: Polyphony = Field((), description="Notes that sound at once.")
    range: Range = Field((), description="How high and low: N semitones beyond the seed's, or from note to note.")
    note_length: NoteLength = Field((), description="How long notes are on average, in quarters.")


class PartTemperatureRequest(Request):
    """A request whose `temperature` may be that of single parts, "bass=.7,1.0".

    part_temperature   of the parts that have their own
    """

    part_temperature: Annotated[Given[float], BeforeValidator(lambda given: per_part(given, _temperature))] = Field(
        (), description="The temperature of tracks that have their own."
    )

    @model_validator(mode="before")
    @classmethod
    def _divide_temperature(cls, values: Any) -> Any:
        """Takes what is said of single parts out of what says all."""
        said = values.get("temperature") if isinstance(values, dict) else None
        if not isinstance(said, dict) and not (isinstance(said, str) and "=" in said):
            return values
        rest = {name: value for name, value in values.items() if name != "temperature"}
        try:
            pairs = per_part(said, lambda value: value)
            own = tuple((track, _temperature(value)) for track, value in pairs if track is not None)
        except PydanticCustomError as error:
            raise refused(f"`temperature` {error.message()}") from None
        general = [("temperature", value) for track, value in pairs if track is None]
        return {**rest, **dict(general), "part_temperature": own}


def _temperature(given: object) -> float:
    number = _number(given)
    if number is None or not 0 <= number <= 5:
        raise refused(f"of a track must be a number from 0 to 5, not {given!r}")
    return number
