"""A session: events go in, each with its time; questions and messages come out, each when it is due.

Bars go round as `cycle.py` has it. Notes are sent on a little before they sound, with the time at which they do.
Nothing here reads a clock, waits, or draws: all follows from the events that come in, in their order. So a session is
played again by giving the same events (`sessions.py`), and tested without waiting.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.live.asking import Answer, Request
from symbolic_embed.live.clock_out import ClockOut
from symbolic_embed.live.conducting import PULSE, STOP, Conductor
from symbolic_embed.live.cycle import CUT, OVER, Cycle
from symbolic_embed.live.events import Event, Incoming, Key, Linked, Port, StandIn
from symbolic_embed.live.notes import CHANNELS, Metre, Note
from symbolic_embed.live.sending import Outgoing, panic
from symbolic_embed.requests.live import LiveRequest

HORIZON = 0.03  # seconds before it sounds that a note is sent on, where it has no way to go
DECIDED = 0.02  # seconds before that in which a bar is decided
BEHIND = 0.02  # seconds behind a barline: what came in on the way is there
MOST_OF_A_BAR = 0.6  # that the next one may take
FIRST_REALTIME = 0xF2  # transport and clock lie from here on


@dataclass(frozen=True)
class Outlets:
    """Where things go: questions, to whoever answers them; messages, with the time at which they are to sound; what was
    decided for a bar, with the seconds that were left when its answer came (None: none did)."""

    ask: Callable[[Request], None]
    send: Callable[[float, bytes], None]
    decided: Callable[[Answer, float | None], None]


class Ahead(NamedTuple):
    """How many seconds before it sounds something is done: `lead`, before a barline the next bar is asked for;
    `horizon`, a note is sent on; `first`, the first bar of ours is asked for, which takes longer (None: as the others).
    """

    lead: float
    horizon: float = HORIZON
    first: float | None = None


def decided_before(request: LiveRequest, *, horizon: float) -> float:
    """How many seconds before its barline a bar is decided."""
    return horizon + DECIDED + max(request.offset_ms, 0) / 1e3


class Performance:
    """One session of `parts`, by role. `now` is the time up to which all is done."""

    def __init__(self, request: LiveRequest, *, parts: tuple[str, ...], ahead: Ahead, outlets: Outlets) -> None:
        self.request, self.ahead, self.outlets = request, ahead, outlets
        self.quarters = Metre.of(request.metre).quarters
        self.channels = tuple(CHANNELS[role] for role in parts)
        self.conductor, self.outgoing = Conductor(request.tempo), Outgoing()
        self.cycle = Cycle(request, parts=parts, ask=outlets.ask)
        self.clock_out = ClockOut(outlets.send, is_on=request.clock_out)
        self.now, self.has_begun = 0.0, False
        self.song_bars = 0  # that a bar of the song has a higher number than ours
        self._came: dict[int, float] = {}
        self._origin: float | None = None  # of Link's beats, in ours

    @property
    def is_over(self) -> bool:
        """Whether the last bar has been played."""
        return self.cycle.is_over

    def take(self, event: Event, *, at: float) -> None:
        """Does all that is due before a time, and then takes what happens at it; no earlier than what came before."""
        self.advance(at)
        match event:
            case Incoming(message, came):
                self._hear(message, came)
            case Answer():
                if self.cycle.deadline.take(event):
                    self._came[event.bar] = self.now
            case StandIn(answer):
                self.cycle.deadline.take_stand_in(answer)
            case Key(name):
                self._press(name)
            case Port(is_input=True, is_there=False):
                self.cycle.capture.release_all(beat=self._beat(self.now))
            case Port(is_input=False, is_there=True):
                self.silence(panics=True)
            case Linked():
                self._link(event)
            case _:
                pass

    def advance(self, until: float) -> None:
        """Does all that is due up to a time, in order."""
        while not self.is_over and (due := self.next_time) is not None and due <= until:
            self.now = max(self.now, due)
            self._do_next()
        self.now = max(self.now, until)

    @property
    def next_time(self) -> float | None:
        """When the next thing is to be done; None while the music does not go on."""
        if self.conductor.map is None:
            return None
        beats = self.outgoing.next_beat, self.clock_out.next_beat
        return min(self._bar_time(), *map(self._sent_on, beats))

    def silence(self, *, panics: bool = False) -> None:
        """Ends all that sounds, now, and plans nothing more; `panics`: also what nobody knows of."""
        self._send_now([*self.outgoing.silenced(), *(panic(sorted(set(self.channels))) if panics else ())])

    def end(self) -> None:
        """Ends all that sounds, and the clock that we send."""
        self.silence()
        self.clock_out.stop(at=self.now + self.ahead.horizon)

    def _sent_on(self, beat: float | None) -> float:
        """When what sounds at a beat is sent on."""
        return math.inf if beat is None else self._sounds(beat) - self.ahead.horizon

    def _sounds(self, beat: float) -> float:
        """When what lies on a beat is to leave us."""
        assert self.conductor.map is not None
        return self.conductor.map.time_of(beat) - self.request.offset_ms / 1e3

    def _bar_time(self) -> float:
        """When the cycle goes on."""
        assert self.conductor.map is not None
        start, end = (self.conductor.map.time_of(bar * self.quarters) for bar in (self.cycle.bar, self.cycle.bar + 1))
        decided = decided_before(self.request, horizon=self.ahead.horizon)
        if self.cycle.stage == OVER:
            return start + BEHIND
        if self.cycle.stage == CUT:
            first = None if self.cycle.has_asked else self.ahead.first
            lead = self.ahead.lead if first is None else first
            return end - max(min(lead, MOST_OF_A_BAR * (end - start)), decided)
        return end - decided

    def _do_next(self) -> None:
        """The first of what is due; of what is due at once, first what ends and begins a bar."""
        beat, pulse = self.outgoing.next_beat, self.clock_out.next_beat
        bar_time, note_time, pulse_time = self._bar_time(), self._sent_on(beat), self._sent_on(pulse)
        if bar_time <= min(note_time, pulse_time):
            self._do_bar()
        elif pulse is not None and pulse_time <= note_time:
            self.clock_out.pulse(at=self._sounds(pulse))
        elif beat is not None:
            sounds = self._sounds(beat)
            for message in self.outgoing.taken():
                self.outlets.send(sounds, message)

    def _do_bar(self) -> None:
        cycle = self.cycle
        if cycle.stage == OVER:
            cycle.over()
            if cycle.is_over:
                self.end()
        elif cycle.stage == CUT:
            cycle.cut()
        else:
            answer = cycle.decide()
            start = cycle.bar * self.quarters
            self._plan(answer.notes, start=start)
            came = self._came.pop(cycle.bar, None)
            assert self.conductor.map is not None
            self.outlets.decided(answer, None if came is None else self.conductor.map.time_of(start) - came)

    def _plan(self, notes: Sequence[Note], *, start: float) -> None:
        """Plans a bar that begins at a beat. A part ends what it still sounds where it begins again; at the barline,
        where it rests."""
        for part, channel in enumerate(self.channels):
            first = min((note.step for note in notes if note.part == part), default=0)
            self.outgoing.end_by(start + first / STEPS_PER_QUARTER, channel=channel)
        self.outgoing.plan(notes, channels=self.channels, start=start)

    def _send_now(self, messages: Iterable[bytes]) -> None:
        """Sends behind all that has been sent on already."""
        for message in messages:
            self.outlets.send(self.now + self.ahead.horizon, message)

    def _beat(self, time: float) -> float:
        return max(self.conductor.beat_at(time) or 0.0, 0.0)

    def _hear(self, message: bytes, came: float) -> None:
        """Takes what the player sent, which came at a time."""
        if not message:
            return
        if message[0] >= FIRST_REALTIME:
            if self.request.sync == "midi":
                self._conducted(message, came)
            return
        is_note = len(message) == 3 and message[0] & 0xF0 == 0x90 and message[2] > 0
        if is_note and not self.has_begun and self.request.sync == "internal":
            self.has_begun = True
            self.conductor.begin(time=came, beat=0.0)
            self.clock_out.begin(0.0, at=self._sounds(0.0))
        if self.conductor.beat_at(came) is not None:
            self.cycle.capture.hear(message, beat=self._beat(came))

    def _conducted(self, message: bytes, came: float) -> None:
        """Takes a message of MIDI clock or transport."""
        if message[0] == PULSE:
            self.conductor.pulse(came)
        elif message[0] == STOP:
            self.conductor.stop()
            self.end()
        elif (position := self.conductor.transport(message)) is not None:
            self.silence()
            bar = self.cycle.bar + 1 if self.has_begun else 0
            self.cycle.jump(bar)
            self.song_bars = int(position // self.quarters) - bar
            beat = bar * self.quarters + position % self.quarters
            self.conductor.await_pulse(beat=beat)
            self.clock_out.begin(beat, at=self.now, song=position)
            self.has_begun = True

    def _link(self, said: Linked) -> None:
        """Takes what Link says of now: its bars are ours."""
        is_first = self._origin is None
        if self._origin is None:
            self._origin = math.floor(said.beat / self.quarters) * self.quarters
            self.has_begun = True
        self.conductor.link(time=self.now, beat=max(said.beat - self._origin, 0.0), tempo=said.tempo)
        if is_first:
            soonest = self.now + self.ahead.horizon + self.request.offset_ms / 1e3
            self.clock_out.begin(self._beat(soonest), at=self.now)

    def _press(self, name: str) -> None:
        if name == "panic":
            self.silence(panics=True)
        elif name == "tap":
            if self.request.sync == "internal":
                self.conductor.tap(self.now)
        elif name == "quit":
            self.cycle.close()
        else:
            self.cycle.press(name)
