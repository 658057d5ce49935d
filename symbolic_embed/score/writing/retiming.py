"""A file that was recorded without a click, with the bars of its music: other ticks, the same seconds.

Every event goes to the tick at which the beats say that it is, and a tempo at each beat says how long that is played,
so that all sounds when it did, to a millisecond, and a DAW shows bars. Tempi and time signatures that were there go:
they meant nothing. Everything else stays, in its order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.clock import seconds
from symbolic_embed.score.editing.in_place import add_conductor
from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.conductor import TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.walking import Event
from symbolic_embed.score.score import Tempo, TimeSignature

DIVISIONS: Final = (960, 1920, 3840, 7680, 15360)  # the first in which no note is shorter than a tick


@dataclass(frozen=True, eq=False)
class BeatTimes:
    """When beats are: float64 (beats,), seconds from the beginning of the file, increasing; two at least. How many
    quarters one is, 1 or 1.5. `metre`: numerator and denominator of whole bars; `bars`: on which beat each begins,
    int64 (bars,), increasing, but a pick-up, which begins with beat 0."""

    when: NDArray[np.float64]
    quarters: float
    metre: tuple[int, int]
    bars: NDArray[np.int64]

    def from_the_beginning(self) -> BeatTimes:
        """The same with beats put before the first, so that the first of all is at 0. Where less than half a beat is
        missing there, it is the first itself."""
        before = round(self.when[0] / (self.when[1] - self.when[0]))
        lead = np.linspace(0.0, self.when[0], before, endpoint=False)
        when = np.concatenate([lead, self.when])
        when[0] = 0.0
        return replace(self, when=when, bars=self.bars + before)

    @property
    def per_bar(self) -> int:
        """How many beats a whole bar has."""
        return round(4 * self.metre[0] / self.metre[1] / self.quarters)

    def position(self, when: NDArray[np.float64]) -> NDArray[np.float64]:
        """How many quarters from beat 0 each moment is; behind the last beat the tempo is the last."""
        numbers = np.arange(len(self.when))
        last = self.when[-1] - self.when[-2]
        beats = np.interp(when, self.when, numbers) + np.maximum(when - self.when[-1], 0) / last
        position: NDArray[np.float64] = beats * self.quarters
        return position


def retimed(events: EventList, beats: BeatTimes) -> EventList:
    """The events of a file with the bars and the tempo of its beats, and every sound where it was. Raises MidiError
    where they cannot be a piece of music."""
    beats = beats.from_the_beginning()
    count = events.score().note_count
    for division in DIVISIONS:
        moved = _on_the_beats(events, beats, division)
        if moved.score().note_count == count:
            break
    return add_conductor(moved, [*_tempi(beats, division), *_signatures(beats, division)])


def _on_the_beats(events: EventList, beats: BeatTimes, division: int) -> EventList:
    score = events.score()
    chunks = []
    for chunk in events.chunks:
        kept = [event for event in chunk if event.message[:2] not in _MEANT_NOTHING]
        when = seconds(np.array([event.tick for event in kept]), tempi=score.tempi, division=score.division)
        ticks = np.rint(beats.position(when) * division).astype(np.int64).tolist()
        chunks.append(tuple(Event(tick, event.message) for tick, event in zip(ticks, kept, strict=True)))
    return replace(events, division=division, chunks=tuple(chunks))


def _tempi(beats: BeatTimes, division: int) -> list[Tempo]:
    """A tempo at each beat, each such that the next beat is when it is, whatever was rounded before."""
    tempi: list[Tempo] = []
    reached = 0.0
    for beat, until in enumerate(beats.when[1:].tolist()):
        microseconds = max(round((until - reached) * 1e6 / beats.quarters), 1)
        reached += microseconds * beats.quarters / 1e6
        if not tempi or tempi[-1].microseconds != microseconds:
            tempi.append(Tempo(round(beat * beats.quarters * division), microseconds))
    return tempi


def _signatures(beats: BeatTimes, division: int) -> list[TimeSignature]:
    """A time signature wherever bars get another length. What comes before the first bar is whole bars, and a short
    one before them where that is not enough."""
    first = int(beats.bars[0])
    short = first % beats.per_bar
    begins = np.unique([0, *range(short, first, beats.per_bar), *beats.bars.tolist()])
    lengths = np.append(np.diff(begins), beats.per_bar)
    signatures: list[TimeSignature] = []
    for begin, length in zip(begins.tolist(), lengths.tolist(), strict=True):
        numerator = length * beats.metre[0] // beats.per_bar
        if not signatures or signatures[-1].numerator != numerator:
            tick = round(begin * beats.quarters * division)
            signatures.append(TimeSignature(tick, numerator, beats.metre[1]))
    return signatures


_MEANT_NOTHING: Sequence[bytes] = (bytes([0xFF, TEMPO]), bytes([0xFF, TIME_SIGNATURE]))
