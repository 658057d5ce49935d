"""What is going to be sent, beat by beat, and what sounds: for each note that begins there is one that ends it.

A key of a channel sounds once: a note that begins where the last one still sounds ends that first, and the later end of
the earlier note then ends nothing. At one beat notes end before others begin. Whatever happens, `silenced` says the
note-offs of all that sounds, and nothing more is planned.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import NamedTuple

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.live.notes import Note

NOTE_OFF, NOTE_ON, CONTROL = 0x80, 0x90, 0xB0
RELEASE_VELOCITY = 64
ALL_NOTES_OFF, ALL_SOUND_OFF = 123, 120


class _Planned(NamedTuple):
    """An end (0) or a beginning (1) of a note at a beat; `number` counts notes."""

    beat: float
    begins: int
    number: int
    channel: int
    pitch: int
    velocity: int


class Outgoing:
    """What is planned and what sounds."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._sounding: dict[tuple[int, int], int] = {}
        self._number = 0

    @property
    def next_beat(self) -> float | None:
        """The beat of what comes first; None where nothing is planned."""
        return self._planned[0].beat if self._planned else None

    @property
    def sounding(self) -> frozenset[tuple[int, int]]:
        """Channels and pitches that sound."""
        return frozenset(self._sounding)

    def plan(self, notes: Iterable[Note], *, channels: tuple[int, ...], start: float) -> None:
        """Plans the notes of a bar that begins at a beat, each part on its channel."""
        for note in notes:
            begin = start + note.step / STEPS_PER_QUARTER
            end = begin + note.length / STEPS_PER_QUARTER
            key = (self._number, channels[note.part], note.pitch)
            heapq.heappush(self._planned, _Planned(begin, 1, *key, note.velocity))
            heapq.heappush(self._planned, _Planned(end, 0, *key, RELEASE_VELOCITY))
            self._number += 1

    def end_by(self, beat: float, *, channel: int) -> None:
        """Has what is planned on a channel end by a beat."""
        for number, planned in enumerate(self._planned):
            if not planned.begins and planned.channel == channel and planned.beat > beat:
                self._planned[number] = planned._replace(beat=beat)
        heapq.heapify(self._planned)

    def taken(self) -> list[bytes]:
        """Takes what comes first; the messages that are to be sent at its beat, none where the note has ended."""
        planned = heapq.heappop(self._planned)
        key = (planned.channel, planned.pitch)
        if planned.begins:
            ends = [note_off(*key)] if key in self._sounding else []
            self._sounding[key] = planned.number
            return [*ends, bytes((NOTE_ON | planned.channel, planned.pitch, planned.velocity))]
        if self._sounding.get(key) != planned.number:
            return []
        del self._sounding[key]
        return [note_off(*key)]

    def silenced(self) -> list[bytes]:
        """Forgets all that is planned; the note-offs of all that sounds."""
        ends = [note_off(*key) for key in sorted(self._sounding)]
        self._planned.clear()
        self._sounding.clear()
        return ends


def note_off(channel: int, pitch: int) -> bytes:
    """The end of a note."""
    return bytes((NOTE_OFF | channel, pitch, RELEASE_VELOCITY))


def panic(channels: Iterable[int]) -> list[bytes]:
    """Ends everything on some channels, whatever it is: what synthesisers understand that have missed a note-off."""
    return [bytes((CONTROL | channel, what, 0)) for channel in channels for what in (ALL_NOTES_OFF, ALL_SOUND_OFF)]
