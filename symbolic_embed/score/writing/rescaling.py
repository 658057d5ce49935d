"""Events in another division, and what an event says that a note does not: how fast its key was let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.events import EventList
from symbolic_embed.score.reading.conductor import TEMPO, TIME_SIGNATURE
from symbolic_embed.score.reading.parts import Part
from symbolic_embed.score.reading.walking import Event
from symbolic_embed.score.score import Tempo
from symbolic_embed.score.writing.layout import conductor_event


def in_ticks(ticks: NDArray[np.int64], before: int, after: int) -> NDArray[np.int64]:
    """Ticks in another division, rounded."""
    return (ticks * 2 * after + before) // (2 * before)


def in_division(events: EventList, division: int) -> EventList:
    """The events at `division` ticks a quarter, in their order. Film time becomes quarters of a fitting tempo; tempi
    and metres, which mean nothing in it, go."""
    timebase = events.timebase
    said: list[list[Event]] = []
    for chunk in events.chunks:
        ticks = in_ticks(np.array([event.tick for event in chunk], np.int64), timebase.division, division)
        said.append([Event(tick, event.message) for tick, event in zip(ticks.tolist(), chunk, strict=True)])
    if timebase.is_clock:
        said = [[event for event in chunk if not _counts_beats(event)] for chunk in said]
        said[0].insert(0, conductor_event(Tempo(0, timebase.microseconds)))
    return replace(events, division=division, chunks=tuple(map(tuple, said)))


def _counts_beats(event: Event) -> bool:
    return event.message[0] == 0xFF and event.message[1] in (TEMPO, TIME_SIGNATURE)


def with_releases(laid_out: Sequence[Event], chunk: Sequence[Event], part: Part) -> list[Event]:
    """A part's events with the release velocities that stand in `chunk`, which the part was read from."""
    release: dict[tuple[int, int], int] = {}
    for index in part.off_events[part.off_events >= 0].tolist():
        tick, message = chunk[index]
        if message[0] & 0xF0 == 0x80:
            release[tick, message[1]] = message[2]
    events = []
    for event in laid_out:
        tick, message = event
        velocity = release.get((tick, message[1])) if message[0] & 0xF0 == 0x80 else None
        events.append(event if velocity is None else Event(tick, bytes((*message[:2], velocity))))
    return events
