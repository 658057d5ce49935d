"""What a check says of a file, and how it names a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.events import EventList
from symbolic_embed.score.lines import Streams, managers, streams
from symbolic_embed.score.metre import MetreMap, bar_length_ticks, metre_map
from symbolic_embed.score.reading.pairing import PairedNotes, paired_notes
from symbolic_embed.score.score import Score

FAULT, REMARK = "fault", "remark"


@dataclass(frozen=True)
class Finding:
    """Something about a file. A *fault* sounds or shows wrong in some program; a *remark* is a convention not kept, or
    something that may be meant.

    `kind` is a stable word for programs. `chunk` is the file's track chunk, `track` the number that `show` gives to the
    part, None where it concerns no single one. Bars and beats count from 1, beats in the metre's unit; a finding
    without a place in time has bar None. `text` says what, `way_out` what can be done; `count`, how many more of the
    kind there are at that track, this one included.
    """

    level: str
    kind: str
    text: str
    way_out: str
    tick: int = 0
    bar: int | None = None
    beat: float | None = None
    chunk: int | None = None
    track: int | None = None
    name: str = ""
    count: int = 1

    @property
    def place(self) -> str:
        """bar 5 beat 2.5, track 2 bass"""
        words = [] if self.bar is None else [f"bar {self.bar} beat {self.beat:g}"]
        if self.track is not None:
            words.append(f"track {self.track} {self.name}".rstrip())
        elif self.chunk is not None:
            words.append(f"chunk {self.chunk} {self.name}".rstrip())
        return ", ".join(words) or "whole file"

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.place}: {self.text}{times}; {self.way_out}"


class Position(NamedTuple):
    """Where something stands: a tick of a track chunk or, with `channel`, of the part that plays there. In all checks
    a channel is an address (`reading.ports`): channels of two ports have nothing to do with each other."""

    tick: int
    chunk: int
    channel: int | None = None


@dataclass(frozen=True, eq=False)
class Examined:
    """A file under examination: its events and what follows from them."""

    events: EventList
    score: Score

    @classmethod
    def of(cls, events: EventList) -> Examined:
        """Raises MidiError where the events cannot be a piece of music."""
        return cls(events, events.score())

    @cached_property
    def metre(self) -> MetreMap:
        return metre_map(self.score)

    @cached_property
    def notes(self) -> list[tuple[int, int, PairedNotes]]:
        """Chunk, channel and notes of each part, as they stand in the file: durations may be 0."""
        return [
            (chunk, channel, notes)
            for chunk, events in enumerate(self.events.chunks)
            for channel, notes in sorted(paired_notes(events)[0].items())
        ]

    @cached_property
    def numbers(self) -> dict[tuple[int, int], int]:
        """The number of each part by chunk and channel."""
        return {
            (track.chunk, address): number
            for number, track in enumerate(self.score.tracks)
            for address in track.addresses
        }

    @cached_property
    def sent(self) -> Streams:
        """What is sent beside notes, by address; to those with notes at least."""
        return streams(self.events, {channel for _, channel, _ in self.notes})

    @cached_property
    def managers(self) -> dict[int, int]:
        """Of each member of an MPE zone the address that manages it."""
        return managers(self.sent)

    def onsets_on(self, channel: int) -> NDArray[np.int64]:
        """The onsets of all notes on a channel, int64 (n,), in any order."""
        here = [notes.onset_ticks for _, used, notes in self.notes if used == channel]
        return np.concatenate([np.zeros(0, np.int64), *here])

    def finding(self, level: str, kind: str, text: str, way_out: str, position: Position) -> Finding:
        """A finding at a tick of a chunk or, with a channel, of a part."""
        tick, chunk, channel = position
        bar, beat = self.bar_and_beat(tick)
        track = self.numbers.get((chunk, channel)) if channel is not None else None
        name = self.score.tracks[track].name if track is not None else ""
        return Finding(level, kind, text, way_out, tick, bar, beat, chunk, track, name)

    def bar_and_beat(self, tick: int) -> tuple[int, float]:
        """The bar and beat (from 1) that a tick lies in; bars like the last one follow the last."""
        metre, division = self.metre, self.score.division
        bar = int(metre.bar_at(np.array([tick]))[0])
        start = int(metre.barline_ticks[bar])
        signature = metre.signatures[min(bar, len(metre) - 1)]
        if bar == len(metre):
            beyond, into = divmod(tick - start, max(1, round(bar_length_ticks(signature, division=division))))
            bar, start = bar + beyond, tick - into
        return bar + 1, round(1 + (tick - start) * signature.denominator / (4 * division), 2)


def grouped(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for all of a kind at one chunk and track, the first of them, with their count; in order of time."""
    groups: dict[tuple[str, str, int | None, int | None], list[Finding]] = {}
    for finding in in_time(findings):
        groups.setdefault((finding.level, finding.kind, finding.chunk, finding.track), []).append(finding)
    return [replace(group[0], count=sum(finding.count for finding in group)) for group in groups.values()]


def in_time(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings in the order of the piece: those of the whole file first, at one tick by chunk."""
    return iter(
        sorted(findings, key=lambda finding: (finding.bar is not None, finding.tick, finding.chunk or 0, finding.kind))
    )
