"""Whose beat counts: our own, MIDI clock that comes in, Ableton Link, and taps on any of them but the last two.

MIDI clock is 24 pulses a quarter that come early and late by a few milliseconds, from programs more than from drum
machines. A delay-locked loop (as audio servers use it for their own clock) smooths them: each pulse moves phase and
tempo by a share of how far it was off, so a steady clock is met to within a fraction of a millisecond and a change of
tempo is followed within a few beats. Where the clock starts, says the transport: Start from the beginning, Continue
from the song position that was said last; the first pulse behind either is that very place.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from statistics import fmean

from symbolic_embed.live.clock import SECONDS_A_MINUTE, BeatMap

PULSE, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
PULSES = 24  # a quarter
PHASE_SHARE, TEMPO_SHARE = 0.2, 0.02
SLOWEST, FASTEST = 20.0, 400.0  # quarters a minute
TAPS, LONGEST_TAP = 4, 3.0  # so many are averaged, and none so many seconds apart
QUICK = 8  # pulses after which the tempo is measured at once, before the loop takes over


class Conductor:
    """Where the music stands. `map` is None while it does not go on."""

    def __init__(self, tempo: float) -> None:
        self.tempo = tempo
        self.map: BeatMap | None = None
        self._taps: deque[float] = deque(maxlen=TAPS)
        self._position = 0.0  # quarters, where the next Continue goes on
        self._awaited: float | None = None  # the beat of the first pulse to come
        self._pulses: list[float] = []

    def begin(self, *, time: float, beat: float) -> None:
        """Has the music stand at a beat from now on, at the tempo that was said."""
        self.map = BeatMap(time, beat, self.tempo)

    def stop(self) -> None:
        """Has it go on no more."""
        self.map = None
        self._awaited = None

    def transport(self, message: bytes) -> float | None:
        """The place in the song, in quarters, from which the music is to go on; None where the message does not say
        so. A song position is remembered."""
        if message[0] == POSITION and len(message) == 3:
            self._position = ((message[2] & 0x7F) << 7 | message[1] & 0x7F) / 4
        elif message[0] == START:
            self._position = 0.0
        return self._position if message[0] in (START, CONTINUE) else None

    def await_pulse(self, *, beat: float) -> None:
        """The next pulse is at this beat; until it comes the music stands there."""
        self.map, self._awaited, self._pulses = None, beat, []

    def beat_at(self, time: float) -> float | None:
        """Where the music stands at a time; None where it does not go on and is not about to."""
        return self._awaited if self.map is None else self.map.beat_at(time)

    def pulse(self, time: float) -> None:
        """Takes a pulse of MIDI clock."""
        if self._awaited is not None:
            self.map, self._awaited = BeatMap(time, self._awaited, self.tempo), None
            self._pulses = [time]
        elif self.map is not None:
            self._follow(time)
        else:
            return
        if self.map is not None:
            self.tempo = self.map.tempo

    def tap(self, time: float) -> None:
        """Takes a tap on a beat: the mean of the last taps is the tempo, and the nearest beat is now."""
        if self._taps and time - self._taps[-1] > LONGEST_TAP:
            self._taps.clear()
        self._taps.append(time)
        if len(self._taps) > 1:
            apart = fmean(later - earlier for earlier, later in pairwise(self._taps))
            self.tempo = _bounded(SECONDS_A_MINUTE / max(apart, 1e-3))
        if self.map is not None:
            beat = self.map.beat_at(time)
            self.map = BeatMap(time, round(beat) if len(self._taps) > 1 else beat, self.tempo)

    def link(self, *, time: float, beat: float, tempo: float) -> None:
        """Takes what an Ableton Link session says of now."""
        self.tempo = _bounded(tempo)
        self.map = BeatMap(time, beat, self.tempo)

    def _follow(self, time: float) -> None:
        """Moves the map by what the next pulse says."""
        assert self.map is not None
        beat = self.map.beat + 1 / PULSES
        if len(self._pulses) < QUICK:
            self._pulses.append(time)
            apart = (time - self._pulses[0]) / (len(self._pulses) - 1)
            self.map = BeatMap(time, beat, _bounded(SECONDS_A_MINUTE / PULSES / max(apart, 1e-4)))
            return
        expected = self.map.time_of(beat)
        off, period = time - expected, SECONDS_A_MINUTE / PULSES / self.map.tempo
        period = max(period + TEMPO_SHARE * off, 1e-4)
        self.map = BeatMap(expected + PHASE_SHARE * off, beat, _bounded(SECONDS_A_MINUTE / PULSES / period))


def _bounded(tempo: float) -> float:
    return min(max(tempo, SLOWEST), FASTEST)
