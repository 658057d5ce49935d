"""What is asked of the next bars: by the request, and by keys while it is played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from symbolic_embed.live.asking import Wish
from symbolic_embed.requests.live import FAR, LiveRequest

TIMES = {"denser": 1.5, "calmer": 1 / 1.5}
SEMITONES = {"higher": 7, "lower": -7}
LEAST, MOST = 0.25, 4.0


@dataclass
class Controls:
    """The wishes in force. density: times as much as would come; higher: semitones; perturb: 0 to 1; trade: bars of a
    turn; holds: the last bar goes on; is_new: the next bar is to be another one."""

    density: float = 1.0
    higher: int = 0
    perturb: float = 0.0
    trade: int | None = None
    holds: bool = False
    is_new: bool = False

    @classmethod
    def of(cls, request: LiveRequest) -> Self:
        """Those a session begins with."""
        toward = request.toward or ""
        return cls(TIMES.get(toward, 1.0), SEMITONES.get(toward, 0), request.perturb, request.trade)

    def press(self, key: str) -> None:
        """Takes a key: more, less, hold, new."""
        if key in ("more", "less"):
            times = TIMES["denser"] if key == "more" else TIMES["calmer"]
            self.density = min(max(self.density * times, LEAST), MOST)
        elif key == "hold":
            self.holds = not self.holds
        elif key == "new":
            self.is_new, self.holds = True, False

    def wish(self, density: float) -> Wish:
        """How the next bar shall be, beside a player who has become so many times denser."""
        return Wish(self.density * density, self.higher, max(self.perturb, FAR) if self.is_new else self.perturb)

    def is_players_turn(self, bar: int) -> bool:
        """Whether the player's bars count: all but our own turns."""
        return self.trade is None or bar // self.trade % 2 == 0

    def is_our_turn(self, bar: int) -> bool:
        """Whether we play in a bar."""
        return self.trade is None or bar // self.trade % 2 == 1
