"""A session as a MIDI file for a DAW: the player on tracks of their own, our parts on theirs, all on one grid.

Our parts keep the channels that they were sent on; the player's keep theirs where none of ours has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symbolic_embed.live.clock import BeatMap
from symbolic_embed.live.notes import CHANNELS, Metre
from symbolic_embed.live.sessions import left_out
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.score import EventList, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.channels import assigned_channels
from symbolic_embed.score.writing.layout import score_to_events

DIVISION = 480
PLAYER, US = "in", "out"
PROGRAMS = {"chords": 0, "bass": 33, "melody": 73, "drums": 0}
NOTE_OFF, NOTE_ON = 0x80, 0x90
Sounding = dict[tuple[str, int, int], tuple[int, int]]


class _Page:
    """Notes as they are collected: of whom and on which channel, rows of onset, length, pitch, velocity in ticks."""

    def __init__(self) -> None:
        self.notes: dict[tuple[str, int], list[tuple[int, int, int, int]]] = {}
        self.tempi: list[Tempo] = []
        self.beats: BeatMap | None = None
        self._down: Sounding = {}

    def map(self, beats: BeatMap) -> None:
        """The beats lie so from here on."""
        self.beats = beats
        tick = max(round(beats.beat * DIVISION), 0)
        self.tempi = [tempo for tempo in self.tempi if tempo.tick < tick]
        self.tempi.append(Tempo(tick, round(60e6 / beats.tempo)))

    def take(self, whose: str, time: float, message: bytes) -> None:
        """Takes a message of somebody's."""
        if self.beats is None or len(message) != 3 or max(message[1:]) > 127:
            return
        if message[0] & 0xF0 not in (NOTE_ON, NOTE_OFF):
            return
        tick = max(round(self.beats.beat_at(time) * DIVISION), 0)
        key = (whose, message[0] & 0x0F, message[1])
        self._end(key, tick)
        if message[0] & 0xF0 == NOTE_ON and message[2]:
            self._down[key] = (tick, message[2])

    def end(self) -> None:
        """Ends what still sounds, a quarter behind its beginning."""
        for key, (onset, _) in list(self._down.items()):
            self._end(key, onset + DIVISION)

    def _end(self, key: tuple[str, int, int], tick: int) -> None:
        if key in self._down:
            onset, velocity = self._down.pop(key)
            row = (onset, max(tick - onset, 1), key[2], velocity)
            self.notes.setdefault((key[0], key[1]), []).append(row)


def session_as_midi(head: dict[str, Any], lines: Iterable[dict[str, Any]]) -> EventList:
    """The events of a file with both players, from the lines of a session. The first tick is the first beat."""
    page = _Page()
    waiting: list[tuple[float, bytes]] = []
    lines, number = list(lines), 0
    late = left_out(lines[-1]) if lines else frozenset()
    for fields in lines:
        match fields:
            case {"map": [time, beat, tempo]}:
                page.map(BeatMap(time, beat, tempo))
                for heard, first in waiting:
                    page.take(PLAYER, heard, first)
                waiting.clear()
            case {"in": message, "at": at}:
                came = fields.get("came", at)
                if page.beats is None:
                    waiting = [(came, bytes.fromhex(message))]
                else:
                    page.take(PLAYER, came, bytes.fromhex(message))
            case {"out": message, "due": due}:
                number += 1
                if number not in late:
                    page.take(US, due, bytes.fromhex(message))
    page.end()
    score, channels = _score(head, page), _own_channels(page)
    return score_to_events(score, addresses=assigned_channels(score.tracks, kept=channels))


def _own_channels(page: _Page) -> dict[int, int]:
    """The channels that our parts were sent on, by the numbers of their tracks."""
    return {number: channel for number, (whose, channel) in enumerate(sorted(page.notes)) if whose == US}


def _score(head: dict[str, Any], page: _Page) -> Score:
    request = LiveRequest(**{**head["request"], "parts": head["parts"]})
    metre = Metre.of(request.metre)
    roles = {CHANNELS[role]: role for role in head["parts"]}
    tracks = []
    for (whose, channel), rows in sorted(page.notes.items()):
        role = roles.get(channel) if whose == US else None
        name = f"Player {channel + 1}" if role is None else role.capitalize()
        program = 0 if role is None else PROGRAMS[role]
        notes = Notes.of(*zip(*rows, strict=True))
        tracks.append(Track(notes, name, program, channel))
    return Score(
        DIVISION,
        tuple(tracks),
        tempi=tuple(page.tempi) or (Tempo(0, round(60e6 / request.tempo)),),
        time_signatures=(TimeSignature(0, metre.numerator, metre.denominator),),
        source="live",
    )
