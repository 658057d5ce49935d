"""Two machines' clocks compared, as NTP does it (Mills 1991, "Internet Time Synchronization").

A question leaves at t0 and arrives at t1, on the other clock; its answer leaves there at t2 and arrives here at t3. If
both ways take as long, the other clock is ahead by ((t1 - t0) + (t2 - t3)) / 2, and is wrong by half of what the ways
differ, so by half of the time that both took together at most. Of several exchanges the quickest counts: it has waited
least. Clocks run apart by some parts in a million, so it is done again and again, and only the last exchanges count.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

REMEMBERED = 16  # exchanges


class Compared(NamedTuple):
    """How far another clock is ahead, and how long it is there and back, in seconds."""

    offset: float
    delay: float

    def __str__(self) -> str:
        return f"clock {self.offset:+.4f} s, there and back {1e3 * self.delay:.1f} ms"


class Comparison:
    """The last exchanges with another clock."""

    def __init__(self) -> None:
        self._exchanges: deque[Compared] = deque(maxlen=REMEMBERED)

    def __len__(self) -> int:
        return len(self._exchanges)

    def take(self, t0: float, t1: float, t2: float, t3: float) -> None:
        """Takes an exchange: t0 and t3 on this clock, t1 and t2 on the other."""
        self._exchanges.append(Compared(((t1 - t0) + (t2 - t3)) / 2, max((t3 - t0) - (t2 - t1), 0.0)))

    @property
    def best(self) -> Compared:
        """What the quickest exchange says; nothing is ahead before the first."""
        return min(list(self._exchanges), key=lambda one: one.delay, default=Compared(0.0, 0.0))
