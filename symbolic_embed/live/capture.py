"""What the player plays, captured bar by bar while it is played.

Messages come with the beat at which they were played, a little early and a little late as people play. A note that
begins less than half a sixteenth before a barline belongs to the bar behind it. In its bar it is brought to the metre:
to the sixteenths of its quarter, or to the triplet where all notes of that quarter lie clearly nearer to it. Its end is
rounded to the step. A note that is held, by the key or by the pedal, over a barline is heard again in the next bar, as
held; one that is still held when a bar is asked for sounds to its end.

Whatever else comes in is passed over: controllers, bends, clock, bytes that are no message. Only so many notes are
kept, and a key is down once: however much comes in, this takes no more memory.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.live.notes import HeardBar, Metre, Note

MOST_NOTES = 2048  # that are remembered: a bar of 16 channels, each with a roll of 128 notes
SIXTEENTH, TRIPLET = 3, 4  # steps
CLEARLY = 0.5  # of how far the notes of a quarter lie from sixteenths, so near they lie to triplets
NOTE_OFF, NOTE_ON, CONTROL = 0x80, 0x90, 0xB0
PEDAL, SOUND_OFF, RESET, NOTES_OFF = 64, 120, 121, 123
PEDAL_DOWN = 64


class _Key(NamedTuple):
    """A key that sounds: when it was struck, in quarters, how hard; whether only the pedal holds it."""

    onset: float
    velocity: int
    by_pedal: bool = False


class _Sounded(NamedTuple):
    """A note that has ended; times in quarters."""

    channel: int
    onset: float
    end: float
    pitch: int
    velocity: int


class Capture:
    """What is heard. Beats are quarters from the beginning of bar 0, and never less than before."""

    def __init__(self, metre: Metre) -> None:
        self.metre = metre
        self._keys: dict[tuple[int, int], _Key] = {}
        self._pedals: set[int] = set()
        self._ended: deque[_Sounded] = deque(maxlen=MOST_NOTES)

    def hear(self, message: bytes, *, beat: float) -> None:
        """Takes a message that was played at a beat; what is no message of notes or pedal changes nothing."""
        if len(message) != 3 or message[0] < NOTE_OFF or max(message[1:]) > 127:
            return
        kind, channel, first, second = message[0] & 0xF0, message[0] & 0x0F, message[1], message[2]
        if kind == NOTE_ON and second:
            self._end((channel, first), beat)
            self._keys[channel, first] = _Key(beat, second)
        elif kind in (NOTE_OFF, NOTE_ON):
            self._released((channel, first), beat)
        elif kind == CONTROL:
            self._controlled(channel, first, second, beat)

    def release_all(self, *, beat: float) -> None:
        """Ends all that sounds: the player's port is gone."""
        self._pedals.clear()
        for key in list(self._keys):
            self._end(key, beat)

    def clear(self) -> None:
        """Forgets all."""
        self._keys.clear()
        self._pedals.clear()
        self._ended.clear()

    def bar(self, number: int) -> HeardBar:
        """What has been heard of a bar so far; what still sounds, as if it did to the bar's end."""
        steps = self.metre.steps
        start, end = number * steps, (number + 1) * steps
        begun: list[_Sounded] = []
        held: list[Note] = []
        for note in self._sounding(end / STEPS_PER_QUARTER):
            onset = note.onset * STEPS_PER_QUARTER
            lasts = round(note.end * STEPS_PER_QUARTER) - start
            if start <= onset + SIXTEENTH / 2 < end:
                begun.append(note)
            elif onset + SIXTEENTH / 2 < start and lasts > 1:
                held.append(Note(note.channel, 0, lasts, note.pitch, note.velocity))
        onsets = snapped([note.onset * STEPS_PER_QUARTER - start for note in begun], steps=steps)
        notes = {}
        for step, note in sorted(zip(onsets, begun, strict=True)):
            length = max(round(note.end * STEPS_PER_QUARTER) - start - step, 1)
            notes[note.channel, step, note.pitch] = Note(note.channel, step, length, note.pitch, note.velocity)
        return HeardBar(number, tuple(sorted(notes.values())), tuple(sorted(held)))

    def forget_before(self, number: int) -> None:
        """Forgets what had ended before a bar began."""
        start = number * self.metre.quarters
        self._ended = deque((note for note in self._ended if note.end > start), maxlen=MOST_NOTES)

    def _sounding(self, until: float) -> list[_Sounded]:
        """All that is remembered; what still sounds ends at a beat."""
        keys = self._keys.items()
        still = [_Sounded(channel, key.onset, until, pitch, key.velocity) for (channel, pitch), key in keys]
        return [*self._ended, *still]

    def _released(self, key: tuple[int, int], beat: float) -> None:
        if key in self._keys and key[0] in self._pedals:
            self._keys[key] = self._keys[key]._replace(by_pedal=True)
        else:
            self._end(key, beat)

    def _controlled(self, channel: int, number: int, value: int, beat: float) -> None:
        if number == PEDAL and value >= PEDAL_DOWN:
            self._pedals.add(channel)
        elif number in (PEDAL, RESET):
            self._pedals.discard(channel)
            self._end_where(channel, beat, by_pedal=True)
        elif number in (SOUND_OFF, NOTES_OFF):
            self._end_where(channel, beat, by_pedal=False)

    def _end_where(self, channel: int, beat: float, *, by_pedal: bool) -> None:
        """Ends what sounds on a channel, or only what nothing but the pedal holds."""
        for key, struck in list(self._keys.items()):
            if key[0] == channel and (struck.by_pedal or not by_pedal):
                self._end(key, beat)

    def _end(self, key: tuple[int, int], beat: float) -> None:
        struck = self._keys.pop(key, None)
        if struck is not None:
            self._ended.append(_Sounded(key[0], struck.onset, beat, key[1], struck.velocity))


def snapped(onsets: Sequence[float], *, steps: int) -> list[int]:
    """The steps that onsets, in steps of a bar from half a sixteenth before it on, mean in a bar of so many steps."""
    quarters = [math.floor((onset + SIXTEENTH / 2) / STEPS_PER_QUARTER) for onset in onsets]
    grids = {}
    for quarter in set(quarters):
        inside = [onset for onset, of in zip(onsets, quarters, strict=True) if of == quarter]
        near, nearer = (sum(_off(onset, grid) for onset in inside) for grid in (SIXTEENTH, TRIPLET))
        grids[quarter] = TRIPLET if nearer < CLEARLY * near else SIXTEENTH
    nearest = [round(onset / grids[of]) * grids[of] for onset, of in zip(onsets, quarters, strict=True)]
    return [min(max(step, 0), steps - 1) for step in nearest]


def _off(onset: float, grid: int) -> float:
    """How far an onset lies from a grid, in steps."""
    return abs(onset - round(onset / grid) * grid)
