"""Time as music counts it: beats and seconds, and how each follows from the other.

A `BeatMap` is a straight line from seconds to quarters: at some time the music stands at some beat, and goes on at a
tempo. A change of tempo makes another line that begins where the first is at that time, so nothing drifts, however
long it goes on: a beat is always computed from the anchor, never by adding up. The seconds are those of a clock that
only goes forward, which all processes of a machine share.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

SECONDS_A_MINUTE = 60.0


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> float:
        """Seconds from some beginning; never less than before."""


class Monotonic:
    """The machine's own."""

    def now(self) -> float:
        """Seconds since the machine started, or some such time."""
        return time.monotonic()


class Simulated:
    """A clock that is set by hand; `at` is what it shows."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def now(self) -> float:
        """What it was set to."""
        return self.at


@dataclass(frozen=True)
class BeatMap:
    """At `time`, in seconds, the music stands at `beat`, in quarters, and goes on at `tempo` quarters a minute."""

    time: float
    beat: float
    tempo: float

    def beat_at(self, time: float) -> float:
        """Where the music stands at a time."""
        return self.beat + (time - self.time) * self.tempo / SECONDS_A_MINUTE

    def time_of(self, beat: float) -> float:
        """When it gets to a beat."""
        return self.time + (beat - self.beat) * SECONDS_A_MINUTE / self.tempo

    def at_tempo(self, tempo: float, *, time: float) -> BeatMap:
        """The same up to `time`, and from then on at another tempo."""
        return BeatMap(time, self.beat_at(time), tempo)
