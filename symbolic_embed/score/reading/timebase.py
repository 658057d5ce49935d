"""What one tick is.

The last two bytes of a MIDI header say how time is counted. With the top bit clear they are ticks a quarter note, and
the length of a quarter follows from the tempo. With the top bit set they are film time (SMPTE): the upper byte,
negated, is frames a second (24, 25, 29 for 29.97, 30), the lower byte ticks a frame; tempo events then mean nothing.

Film time has no beats. It is read as music at 120 quarters a minute, with as many ticks a quarter as that takes (480
for 24 frames of 40 ticks), so that every tick stays as it is and every second stays a second.
"""

from __future__ import annotations

from dataclasses import dataclass

FRAMES_A_SECOND = {24: 24.0, 25: 25.0, 29: 30000 / 1001, 30: 30.0}
TEMPO_120 = 500_000  # microseconds a quarter; also the tempo before the first tempo event, says the standard


@dataclass(frozen=True)
class TimeBase:
    """`word` is what the header holds; `division` ticks a quarter; `microseconds` a quarter where `is_clock`."""

    word: int
    division: int
    microseconds: int
    is_clock: bool

    @classmethod
    def of(cls, word: int) -> TimeBase:
        """The time base that a header's two bytes mean. Raises ValueError, with a sentence, where they mean none."""
        if 1 <= word <= 0x7FFF:
            return cls(word, word, TEMPO_120, False)
        if word == 0:
            raise ValueError("a division of 0 ticks a quarter, where 1 to 32767 are possible; the file is damaged")
        frames, ticks = 256 - (word >> 8), word & 0xFF
        if frames not in FRAMES_A_SECOND or ticks == 0:
            raise ValueError(
                f"a division of {frames} frames a second and {ticks} ticks a frame, where 24, 25, 29 or 30 frames and "
                "at least 1 tick are possible; the file is damaged"
            )
        rate = FRAMES_A_SECOND[frames] * ticks
        division = max(1, round(rate / 2))
        return cls(word, division, round(division / rate * 1e6), True)

    def __str__(self) -> str:
        if self.is_clock:
            return f"{256 - (self.word >> 8)} frames a second, {self.word & 0xFF} ticks a frame"
        return f"{self.division} ticks a quarter"
