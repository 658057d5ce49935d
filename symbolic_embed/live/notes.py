"""What is played in a bar, by the player and by us, as plain tuples: they go through pipes and into session files."""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.requests.live import LiveRequest

CHANNELS = {"chords": 0, "bass": 1, "melody": 2, "drums": 9}  # where each part is sent; drums where all expect them
MOST_STEPS = 4 * 4 * STEPS_PER_QUARTER  # of a bar


class Metre(NamedTuple):
    """How long a bar is: so many units of a quarter, eighth, ..."""

    numerator: int
    denominator: int

    @property
    def steps(self) -> int:
        """Steps in a bar; a whole number, as the denominator is 16 at most."""
        return self.numerator * 4 * STEPS_PER_QUARTER // self.denominator

    @property
    def quarters(self) -> float:
        """Quarters in a bar."""
        return self.steps / STEPS_PER_QUARTER

    @classmethod
    def of(cls, text: str) -> Metre:
        """The metre that is written "6/8"."""
        numerator, denominator = text.split("/")
        return cls(int(numerator), int(denominator))


class Note(NamedTuple):
    """A note in a bar: its part (what is heard: the channel; what is written: the number of the part), the step it
    begins on, its length in steps, at least 1; pitch and velocity as in MIDI."""

    part: int
    step: int
    length: int
    pitch: int
    velocity: int


class HeardBar(NamedTuple):
    """What the player played in a bar: notes that begin in it, and those held over into it, which have step 0 and the
    length that is left. Bars are numbered from 0."""

    number: int
    notes: tuple[Note, ...] = ()
    held: tuple[Note, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether nothing sounds in it."""
        return not self.notes and not self.held


def parts_of(request: LiveRequest) -> tuple[str, ...]:
    """The parts that we play, by role: as asked for; in a trade the one that is named, or the player's own."""
    if request.trade is None:
        return tuple(request.parts)
    if "parts" in request.model_fields_set:
        return tuple(request.parts[:1])
    return (request.player or "melody",)
