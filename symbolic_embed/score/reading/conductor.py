"""What the conductor says: tempo, metre, key and markers, from meta events to a score.

They may stand in any chunk of a file, though a tidy file has them in the first. At one tick the last one in the file
(later chunk, later event) wins. Legal extremes stay: 16.7 seconds a quarter, 255/4, 1/128. What is not legal (a tempo
of 0, a numerator of 0, a denominator beyond 2**7) is replaced by what was in force before; an impossible key is left
out. Each repair is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from symbolic_embed.score.metre import is_beside, off_barline
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.timebase import TEMPO_120, TimeBase
from symbolic_embed.score.reading.walking import Event, message_payload
from symbolic_embed.score.score import Conducted, KeySignature, Marker, ScoreWarning, Tempo, TimeSignature

MARKER, TEMPO, TIME_SIGNATURE, KEY_SIGNATURE = 0x06, 0x51, 0x58, 0x59
CONDUCTOR_TYPES = (MARKER, TEMPO, TIME_SIGNATURE, KEY_SIGNATURE)
HIGHEST_DENOMINATOR_POWER = 7
FASTEST_TEMPO = 10_000  # microseconds: 6,000 quarters a minute
MANY_EVENTS = 5_000


class ConductorEvent(NamedTuple):
    """A tempo, time signature, key signature or marker as the file has it: meta `type` and data."""

    tick: int
    type: int
    data: bytes
    chunk: int


class Conducting(NamedTuple):
    """The conductor's part of a score, in the types of `score.py`, and what was repaired on the way."""

    tempi: tuple[Tempo, ...]
    time_signatures: tuple[TimeSignature, ...]
    key_signatures: tuple[KeySignature, ...]
    markers: tuple[Marker, ...]
    warnings: tuple[ScoreWarning, ...]


def conductor_events(events: Iterable[Event], *, chunk: int) -> list[ConductorEvent]:
    """The conductor's events among those of one chunk, in their order."""
    return [
        ConductorEvent(tick, message[1], message_payload(message), chunk)
        for tick, message in events
        if message[0] == 0xFF and message[1] in CONDUCTOR_TYPES
    ]


def conducting(events: Sequence[ConductorEvent], *, timebase: TimeBase) -> Conducting:
    """The conductor's part from all conductor events of a file, chunk after chunk."""
    notices = _Notices()
    in_time = sorted(events, key=lambda event: event.tick)  # stable: the file's order within a tick
    of_type = {kind: [event for event in in_time if event.type == kind] for kind in CONDUCTOR_TYPES}
    for kind, name in ((TEMPO, "tempo"), (TIME_SIGNATURE, "time signature"), (KEY_SIGNATURE, "key signature")):
        if len(of_type[kind]) > MANY_EVENTS:
            notices.add("many-conductor-events", of_type[kind][0], f"{len(of_type[kind]):,} {name} events")
    tempi = _one_a_tick(_tempo, of_type[TEMPO], notices)
    signatures = _one_a_tick(_time_signature, of_type[TIME_SIGNATURE], notices)
    keys = _one_a_tick(_key_signature, of_type[KEY_SIGNATURE], notices)
    markers = _one_a_tick(_marker, of_type[MARKER], notices)
    if timebase.is_clock:
        tempi, signatures = [Tempo(0, timebase.microseconds)], []
    return Conducting(tuple(tempi), tuple(signatures), tuple(keys), tuple(markers), notices.warnings())


class _Notices:
    """Collects repairs, one warning a kind, with the place of the first."""

    def __init__(self) -> None:
        self._of_kind: dict[str, tuple[str, int]] = {}  # the first text, and how many there are

    def add(self, kind: str, event: ConductorEvent, what: str) -> None:
        text, count = self._of_kind.get(kind, (f"chunk {event.chunk}, tick {event.tick}: {what}", 0))
        self._of_kind[kind] = text, count + 1

    def warnings(self) -> tuple[ScoreWarning, ...]:
        return tuple(ScoreWarning(kind, text, count) for kind, (text, count) in self._of_kind.items())


InForce = TypeVar("InForce", Tempo, TimeSignature, KeySignature, Marker)


def _one_a_tick(
    read: Callable[[ConductorEvent, InForce | None, _Notices], InForce | None],
    events: Sequence[ConductorEvent],
    notices: _Notices,
) -> list[InForce]:
    """What `read` makes of each event and of what was in force before it (None at the beginning), the last one at a
    tick; None leaves an event out. Two that differ in one chunk are worth a word; between chunks they are two tracks'
    opinions, and common."""
    chosen: list[InForce] = []
    in_force, chunk = None, None
    for event in events:
        new = read(event, in_force, notices)
        if new is None:
            continue
        if chosen and chosen[-1].tick == event.tick:
            if chosen[-1] != new and chunk == event.chunk:
                what = f"{_in_words(chosen[-1])} and {_in_words(new)} at one tick; the last one counts"
                notices.add("conductor-clash", event, what)
            chosen.pop()
        chosen.append(new)
        in_force, chunk = new, event.chunk
    return chosen


def _tempo(event: ConductorEvent, before: Tempo | None, notices: _Notices) -> Tempo | None:
    if len(event.data) < 3:
        notices.add("illegal-tempo", event, f"a tempo of {len(event.data)} bytes, where it has 3; left out")
        return None
    microseconds = int.from_bytes(event.data[:3], "big")
    if microseconds == 0:
        microseconds = before.microseconds if before else TEMPO_120
        what = f"a tempo of 0 microseconds a quarter; the one before, {microseconds}, stays"
        notices.add("illegal-tempo", event, what)
    elif microseconds < FASTEST_TEMPO:
        notices.add("extreme-tempo", event, f"{60e6 / microseconds:,.0f} quarters a minute; kept")
    return Tempo(event.tick, microseconds)


def _time_signature(event: ConductorEvent, before: TimeSignature | None, notices: _Notices) -> TimeSignature | None:
    if len(event.data) < 2:
        notices.add("illegal-metre", event, f"a time signature of {len(event.data)} bytes, where it has 4; left out")
        return None
    numerator, power = event.data[:2]
    if numerator == 0 or power > HIGHEST_DENOMINATOR_POWER:
        old = before or TimeSignature(0, 4, 4)
        what = f"a time signature of {numerator}/2^{power}, where 1/1 to 255/128 are possible"
        notices.add("illegal-metre", event, f"{what}; the one before, {old}, stays")
        return replace(old, tick=event.tick)
    if 0 in event.data[2:4]:
        notices.add("odd-metronome", event, f"a time signature of {event.data[2:4].hex(' ')} clocks; read without them")
    return TimeSignature(event.tick, numerator, 1 << power)


def _key_signature(event: ConductorEvent, before: KeySignature | None, notices: _Notices) -> KeySignature | None:
    sharps = int.from_bytes(event.data[:1], "big", signed=True)
    if len(event.data) < 2 or abs(sharps) > 7 or event.data[1] > 1:
        notices.add("illegal-key", event, f"a key signature of {event.data.hex(' ') or 'no bytes'}; left out")
        return None
    return KeySignature(event.tick, sharps, minor=event.data[1] == 1)


def _marker(event: ConductorEvent, before: Marker | None, notices: _Notices) -> Marker:
    return Marker(event.tick, text_of(event.data))


def _in_words(value: Conducted) -> str:
    """For messages: 120 quarters a minute, 3/4, F# minor, marker 'verse'."""
    if isinstance(value, Tempo):
        return f"{value.per_minute:.6g} quarters a minute"
    return f"marker {value.text!r}" if isinstance(value, Marker) else str(value)


def inside_bars(signatures: Sequence[TimeSignature], *, division: int) -> list[TimeSignature]:
    """The time signatures that stand inside a bar of the one before, and so cut that bar short; those a little beside
    its barline do not."""
    inside = []
    before = TimeSignature(0, 4, 4)
    for signature in signatures:
        distance = off_barline(signature, before, division=division)
        if distance and not is_beside(distance, before, division=division):
            inside.append(signature)
        before = signature
    return inside
