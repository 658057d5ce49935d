"""What can be asked of harmony: chords, a scale, an ending.

chords   keep: the seed's own go on; free: whatever comes; or chords as `chord_symbols` reads them
scale    "D dorian", "Am", or the name of a mode, whose tonic is that of the seed's key; free: no scale
ending   the last bar closes with a cadence
"""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from symbolic_embed.requests.base import Request
from symbolic_embed.requests.chord_symbols import LETTERS, Bar, accidental, chords_of
from symbolic_embed.settings import refused

KEEP, FREE = "keep", "free"

# Semitones above the tonic.
MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "double harmonic": (0, 1, 4, 5, 7, 8, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "diminished": (0, 2, 3, 5, 6, 8, 9, 11),
    "chromatic": tuple(range(12)),
}
ALSO = {"ionian": "major", "aeolian": "minor", "natural minor": "minor", "maj": "major", "min": "minor", "m": "minor"}
ALSO |= {"": "major", "pentatonic": "major pentatonic", "hijaz": "phrygian dominant", "octatonic": "diminished"}


class Scale(NamedTuple):
    """A mode of MODES on a tonic; `tonic` None: that of the piece's key."""

    tonic: int | None
    mode: str


def scale_of(text: str) -> Scale:
    """What a scale's name means. Raises ValueError, with a guess, for what is none."""
    words = " ".join(text.split())
    said = re.fullmatch(r"([A-Ga-g])([#b♯♭]?)(?:\s*(m|min|maj)|\s+(.*))?", words)
    if said and (said[4] is None or _mode(said[4])):
        name = _mode((said[3] or said[4] or "").casefold())
        return Scale((LETTERS[said[1].upper()] + accidental(said[2])) % 12, name or "major")
    if words and (name := _mode(words.casefold())):
        return Scale(None, name)
    wanted = said[4] if said and said[4] else words
    near = difflib.get_close_matches(wanted.casefold(), [*MODES, *filter(None, ALSO)], n=1)
    guess = f"did you mean {near[0]}?" if near else f"modes are {', '.join(MODES)}"
    raise ValueError(f"is no scale such as D dorian; {guess}")


def _mode(name: str) -> str | None:
    name = name.strip().casefold()
    name = ALSO.get(name, name)
    return name if name in MODES else None


class HarmonyRequest(Request):
    """What can be asked of the harmony of new music.

    chords   keep: those of the seed go on, in phase; free: whatever comes; else which, as "Am F C G" or "Am G | F"
    scale    "D dorian", or a mode alone, on the seed's own tonic; free: none; None: the seed's own, where it has one
    ending   the last bar closes: dominant, then the tonic, held
    """

    chords: str = Field(KEEP, description="keep: the seed's own go on; free: whatever comes; or which.")
    scale: str | None = Field(None, description="Such as D dorian; a mode alone is on the seed's tonic; free: none.")
    ending: bool = Field(False, description="The last bar closes with a cadence.")

    @model_validator(mode="after")
    def _require_chords_and_scale(self) -> Self:
        for name, read in (("chords", lambda: self.bars_of_chords), ("scale", lambda: self.mode)):
            try:
                read()
            except ValueError as error:
                raise refused(f"`{name}` {error}") from None
        return self

    @property
    def bars_of_chords(self) -> tuple[Bar, ...] | None:
        """The bars of `chords`, which return when they are over; None where they are kept or free."""
        return None if self.chords.strip().casefold() in (KEEP, FREE) else chords_of(self.chords)

    @property
    def keeps_chords(self) -> bool:
        """Whether the seed's own chords go on."""
        return self.chords.strip().casefold() == KEEP

    @property
    def mode(self) -> Scale | None:
        """The scale that was named; None where none was."""
        return None if self.scale is None or self.is_free_of_scales else scale_of(self.scale)

    @property
    def is_free_of_scales(self) -> bool:
        """Whether no scale is to be kept, the seed's own neither."""
        return self.scale is not None and self.scale.strip().casefold() == FREE
