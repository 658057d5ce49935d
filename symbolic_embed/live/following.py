"""What we take from how the player plays: loudness, density, and whether there is anybody playing.

Loudness is the mean of the last bars, and beats of the bar are a little louder. Density is how much the last two bars
have, measured by the bars before them: twice as much in both asks for more of us too. (One bar says nothing: in tunes
every other bar would ask for much more or much less.) A bar of rest is played through; after two, a last bar closes,
and we wait until the player comes back.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.live.notes import HeardBar

REMEMBERED = 8  # bars
LOUDNESS_BARS = 2
USUAL_LOUDNESS = 80
DOWNBEAT, BEAT, BETWEEN = 6, 2, -4  # louder than the player on average
LEAST, MOST = 0.5, 2.0
NOTICED = 1.4  # times denser or calmer: less is no matter
LATELY, EARLIER = 2, 2  # bars that are compared, at the least
PLAYED_THROUGH = 1  # bars of rest in a row


class Following:
    """How the player played in the last bars."""

    def __init__(self) -> None:
        self.rests = 0
        self.has_played = False
        self._loudness: deque[float] = deque(maxlen=LOUDNESS_BARS)
        self._counts: deque[int] = deque(maxlen=REMEMBERED)

    def after(self, bar: HeardBar) -> Following:
        """The same, when the player has played another bar."""
        later = Following()
        later.rests = self.rests + 1 if bar.is_silent else 0
        later.has_played = self.has_played or not bar.is_silent
        later._loudness.extend(self._loudness)
        later._counts.extend(self._counts)
        if bar.notes:
            later._loudness.append(fmean(note.velocity for note in bar.notes))
            later._counts.append(len({note.step for note in bar.notes}))
        return later

    @property
    def has_paused(self) -> bool:
        """Whether the player has just been silent for so long that the music should close."""
        return self.has_played and self.rests == PLAYED_THROUGH + 1

    @property
    def plays(self) -> bool:
        """Whether there is somebody to play with."""
        return self.has_played and self.rests <= PLAYED_THROUGH

    @property
    def density(self) -> float:
        """How many times denser than before the player plays, 0.5 to 2; 1 where it is hardly another."""
        if len(self._counts) < LATELY + EARLIER:
            return 1.0
        *before, one, two = self._counts
        usual = fmean(before)
        if min(one, two) < NOTICED * usual and max(one, two) > usual / NOTICED:
            return 1.0
        return min(max(fmean((one, two)) / usual, LEAST), MOST)

    def velocity(self, step: int) -> int:
        """How hard a note on a step of the bar is struck."""
        accent = DOWNBEAT if step == 0 else BEAT if step % STEPS_PER_QUARTER == 0 else BETWEEN
        loudness = fmean(self._loudness) if self._loudness else USUAL_LOUDNESS
        return min(max(math.floor(loudness + accent + 0.5), 1), 127)
