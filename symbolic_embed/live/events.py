"""What happens in a session: all of it, in the order in which it was taken, makes everything else."""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.live.asking import Answer

KEYS = ("more", "less", "hold", "new", "panic", "tap", "quit")


class Incoming(NamedTuple):
    """A message of the player's, and when it came in, in seconds."""

    message: bytes
    came: float


class Key(NamedTuple):
    """A wish from the keyboard of the terminal, one of KEYS."""

    name: str


class Port(NamedTuple):
    """A port that is gone, or there again."""

    is_input: bool
    is_there: bool


class Linked(NamedTuple):
    """What an Ableton Link session says: quarters a minute, and the beat that it is at."""

    tempo: float
    beat: float


class StandIn(NamedTuple):
    """A bar that is played where the answer itself would be late."""

    answer: Answer


class Renewed(NamedTuple):
    """Whoever answers, or where `stands_in` whoever stands in, has begun anew, and was told again of the last bars."""

    stands_in: bool


Event = Incoming | Answer | StandIn | Key | Port | Linked | Renewed
