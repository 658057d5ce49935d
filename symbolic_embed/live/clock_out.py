"""The MIDI clock that we send: 24 pulses a quarter, start, stop, and where in the song it goes on.

A song position counts sixteenths. So music that begins at beat 0 is started; music that goes on anywhere else is said
where, at the next sixteenth that can still be met, and continued there: the first pulse behind either message is that
very place. Between stop and the next beginning there are no pulses.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from symbolic_embed.live.conducting import PULSES

START, CONTINUE, STOP, PULSE, POSITION = b"\xfa", b"\xfb", b"\xfc", b"\xf8", 0xF2
SIXTEENTHS = 4  # a quarter
LAST_POSITION = (1 << 14) - 1  # sixteenths that a message can say
NEARLY = 1e-9  # quarters


class ClockOut:
    """What is sent of clock and transport, to `send`: when it is to leave, and the message. Nothing where not `is_on`.
    Beats are ours."""

    def __init__(self, send: Callable[[float, bytes], None], *, is_on: bool) -> None:
        self._send, self.is_on, self.runs = send, is_on, False
        self._pulse, self._last = 0, 0.0

    @property
    def next_beat(self) -> float | None:
        """The beat of the next pulse; None where none will come."""
        return self._pulse / PULSES if self.runs else None

    def begin(self, beat: float, *, at: float, song: float | None = None) -> None:
        """Goes on at a beat, or at the first sixteenth behind it; said at a time, and where it runs behind a stop, as a
        song position is for what stands. `song`: the quarters of the song that the beat is; None: as many."""
        if not self.is_on:
            return
        self.stop(at=at)
        place = beat if song is None else song
        sixteenth = math.ceil((place - NEARLY) * SIXTEENTHS)
        self._pulse = round((beat + sixteenth / SIXTEENTHS - place) * PULSES)
        if sixteenth > 0:
            position = sixteenth % (LAST_POSITION + 1)
            self._say(bytes((POSITION, position & 0x7F, position >> 7)), at=at)
        self._say(CONTINUE if sixteenth > 0 else START, at=at)
        self.runs = True

    def pulse(self, *, at: float) -> None:
        """Sends the pulse at `next_beat`."""
        self._pulse += 1
        self._say(PULSE, at=at)

    def stop(self, *, at: float) -> None:
        """Stops, where it runs."""
        if self.runs:
            self._say(STOP, at=at)
        self.runs = False

    def _say(self, message: bytes, *, at: float) -> None:
        """Sends a message, not before the last one."""
        self._last = max(self._last, at)
        self._send(self._last, message)
