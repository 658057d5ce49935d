"""A session as a file: a line of JSON for everything that happened, in the order in which it was taken.

    {"symbolic_embed_session": 1, ...}              settings, seed, versions, checkpoint
    {"at": 12.5, "in": "903c50"}                    the player's message; "came": when, if that was earlier
    {"at": 13.1, "answer": 4, "by": "decoder"}      the answer for bar 4 was there
    {"at": 13.1, "stand_in": 4, "by": "library"}    a bar that is played if that is late
    {"at": 13.2, "key": "more"}                     and ports that went and came, Link, an answerer that began anew
    {"at": 13.2, "map": [12.0, 8.0, 120.0]}         seconds, quarters, tempo: where the beats lie from here on
    {"due": 14.0, "out": "992450"}                  what was sent, and when it was to sound
    {"clock": "out", "offset": 3.1, "delay": 0.002} another machine's clock, in seconds (`comparing.py`)
    {"end": 80.0}                                   all was done up to here; "sent": which of it was late and left out

It is written as the session goes on, so after a crash it holds all but the last moment. Lines with "in", "answer",
"key" and the like make all the others: `replay.py` has it so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from symbolic_embed.errors import InputError
from symbolic_embed.live.asking import Answer
from symbolic_embed.live.checking import check_line
from symbolic_embed.live.clock import BeatMap
from symbolic_embed.live.conducting import PULSE
from symbolic_embed.live.events import Event, Incoming, Key, Linked, Port, Renewed, StandIn
from symbolic_embed.live.performance import Performance

VERSION = 1
HEAD = "symbolic_embed_session"
MAPPED_EVERY = 1.0  # seconds, where every pulse of a clock moves the beats


class Recording:
    """A session while it is written to a stream of text."""

    def __init__(self, stream: IO[str], head: dict[str, Any]) -> None:
        self._stream = stream
        self._map: BeatMap | None = None
        self._line({HEAD: VERSION, **head})

    def take(self, performance: Performance, event: Event, *, at: float) -> None:
        """Has a performance take an event, and writes it down: first what was sent before it."""
        performance.advance(at)
        self._line({"at": performance.now, **fields_of(event, at=performance.now)})
        performance.take(event, at=at)
        self._map_if_new(performance, event)

    def sent(self, due: float, message: bytes) -> None:
        """Writes down a message that was sent on."""
        self._line({"due": due, "out": message.hex()})

    def end(self, performance: Performance, **more: Any) -> None:
        """Writes down that all is done; `more`: what else is to be said."""
        self._line({"end": performance.now, **more})
        self.flush()

    def note(self, **fields: Any) -> None:
        """Writes down what is good to know, from which nothing follows."""
        self._line(fields)

    def flush(self) -> None:
        """Puts all lines where they survive this process."""
        self._stream.flush()

    def _map_if_new(self, performance: Performance, event: Event) -> None:
        beats = performance.conductor.map
        if beats is None or beats == self._map:
            return
        is_pulse = isinstance(event, Incoming) and event.message[:1] == bytes((PULSE,))
        if self._map is None or not is_pulse or beats.time - self._map.time >= MAPPED_EVERY:
            self._map = beats
            self._line({"at": performance.now, "map": [beats.time, beats.beat, beats.tempo]})

    def _line(self, fields: dict[str, Any]) -> None:
        self._stream.write(json.dumps(fields, separators=(",", ":")) + "\n")


def fields_of(event: Event, *, at: float) -> dict[str, Any]:
    """An event as a line has it."""
    match event:
        case Incoming(message, came):
            return {"in": message.hex()} | ({} if came == at else {"came": came})
        case Answer():
            return {"answer": event.bar, "by": event.by, "ms": round(event.milliseconds, 1)}
        case StandIn(answer):
            return {"stand_in": answer.bar, "by": answer.by, "ms": round(answer.milliseconds, 1)}
        case Key(name):
            return {"key": name}
        case Port(is_input, is_there):
            return {"port": "in" if is_input else "out", "there": is_there}
        case Linked(tempo, beat):
            return {"tempo": tempo, "beat": beat}
        case Renewed(stands_in):
            return {"renewed": "stand_in" if stands_in else "answer"}


def event_of(fields: dict[str, Any]) -> Event | None:
    """The event that a line tells; an answer has no notes. None for what is no event."""
    match fields:
        case {"in": message, "at": at}:
            return Incoming(bytes.fromhex(message), fields.get("came", at))
        case {"answer": bar, "by": by}:
            return Answer(bar, (), by, fields.get("ms", 0.0))
        case {"stand_in": bar, "by": by}:
            return StandIn(Answer(bar, (), by, fields.get("ms", 0.0)))
        case {"key": name}:
            return Key(name)
        case {"port": which, "there": is_there}:
            return Port(which == "in", is_there)
        case {"tempo": tempo, "beat": beat}:
            return Linked(tempo, beat)
        case {"renewed": who}:
            return Renewed(who == "stand_in")
    return None


def left_out(fields: dict[str, Any]) -> frozenset[int]:
    """The numbers of the messages, from 1, that were left out because they were late; as the last line says."""
    sent = fields.get("sent")
    numbers = sent.get("numbers_left_out") if isinstance(sent, dict) else None
    return (
        frozenset(number for number in numbers if isinstance(number, int)) if isinstance(numbers, list) else frozenset()
    )


def lines_of(stream: Iterable[str], *, source: str) -> Iterator[dict[str, Any]]:
    """The lines of a session, the head first. A last line that was not finished is left out. Raises InputError for
    what is no session, and for a line that tells nothing that can be."""
    number = 0
    for number, text in enumerate(stream, start=1):
        try:
            fields = json.loads(text)
        except ValueError:
            if number > 1 and not text.endswith("\n"):
                return
            raise InputError(source, f"line {number} is no JSON; is it a session of `live`?") from None
        if not _is_told(fields, is_head=number == 1):
            raise InputError(source, f"line {number} is not that of a session (version {VERSION}) of `live`")
        yield fields
    if number == 0:
        raise InputError(source, "is empty; is it a session of `live`?")


def _is_told(fields: object, *, is_head: bool) -> bool:
    """Whether a line can be of a session."""
    if not isinstance(fields, dict):
        return False
    if is_head:
        return bool(fields.get(HEAD) == VERSION)
    try:
        check_line(fields)
    except ValueError:
        return False
    return True
