"""Events that close a file.

Behind the last bar of many files stand messages that end the performance: all notes off, a reset, the end of a loop, a
programme for whatever is played next, a last tempo. Where bars are added they belong behind those.

Of what stands at the seam or after it (`closing_events`) moves by the length of the new bars

* what speaks to a channel as a whole: all sound off, reset all controllers, all notes off, and the like;
* system exclusive messages;
* the ends of loops: markers that say so, controllers 117 and 119, and 111 in files whose loops begin with 110;
* what would take a part, or the tempo, out of the state in which it is to play on; with all others that turn the same
  dial, so that their order stays.

An end of a loop moves also if it stands before the barline but behind the last onset. All else stays: metre and key at
the seam speak of what comes, lyrics and markers are the user's.

End-of-track, where it stands at the seam or behind it, goes to the end of the new bars at least: a clip that is four
bars long because its last one rests is eight bars long with four more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from symbolic_embed.score import EventList, Score
from symbolic_embed.score.reading.conductor import MARKER, TEMPO
from symbolic_embed.score.reading.text import text_of
from symbolic_embed.score.reading.walking import END_OF_TRACK, Event, message_payload
from symbolic_embed.score.sounding.device import exclusive_body
from symbolic_embed.score.sounding.order import Played, in_playing_order
from symbolic_embed.score.sounding.parameters import (
    BANK_COARSE,
    BANK_FINE,
    BEND,
    CHOOSING,
    CONTROLLER,
    DATA_COARSE,
    DATA_FINE,
    DECREMENT,
    FIRST_MODE,
    INCREMENT,
    PRESSURE,
    PROGRAM,
    REGISTERED,
    Parameter,
    Value,
    power_on,
)

LOOP_ENDS = ("loopend", "endloop", "loopstop", "endofloop")
TEXTS = (0x01, MARKER, 0x07)
LOOP_CONTROLLERS = (117, 119)  # ends of the loops that 116 and 118 begin
OTHER_LOOP = (110, 111)  # begin and end in another dialect; 111 alone is a beginning
ENTRY = (DATA_COARSE, DATA_FINE, INCREMENT, DECREMENT, *CHOOSING)
MODES = {120: "all sound off", 121: "reset all controllers", 123: "all notes off"}

Dialled = tuple[int, Parameter]  # address and parameter


class Closing(NamedTuple):
    """An event that moves: its chunk, its place there, its tick, what it is."""

    chunk: int
    place: int
    tick: int
    what: str


def closing_events(
    events: EventList, score: Score, *, seam: int, kept: Mapping[Dialled, Value] | None, tempo: int | None
) -> list[Closing]:
    """What moves behind new bars, in playing order. `kept`: the state in which each part is to play on; dials that it
    does not name are as they were before anything was sent. `tempo`: that of the new bars, in microseconds a quarter.
    With None for both, what turns dials stays."""
    last_onset = max((int(track.notes.onset_ticks.max()) for track in score.tracks), default=0)
    late = [event for event in in_playing_order(events) if event.tick >= min(seam, last_onset)]
    turned = _turned(late, seam=seam, kept=kept) if kept is not None else set()
    slows = tempo is not None and any(
        event.tick >= seam and _tempo_of(event.message) not in (None, tempo) for event in late
    )
    is_loop_end = _loop_ends(events)
    found = []
    for event in late:
        if is_loop_end(event.message) and event.tick >= last_onset:
            found.append(Closing(event.chunk, event.place, event.tick, "end of a loop"))
        elif event.tick >= seam and (what := _closes(event, turned=turned, slows=slows)):
            found.append(Closing(event.chunk, event.place, event.tick, what))
    return found


def moved_behind(events: EventList, closing: Collection[Closing], *, seam: int, end: int) -> EventList:
    """`events` with closing events as far behind `end` as they stand behind `seam` (those before it: at `end`), and
    end-of-track as the head of this page says."""
    chunks = []
    for number, chunk in enumerate(events.chunks):
        moving = {one.place for one in closing if one.chunk == number}
        staying = [event for index, event in enumerate(chunk[:-1]) if index not in moving]
        moved = [Event(max(chunk[index].tick, seam) + end - seam, chunk[index].message) for index in sorted(moving)]
        together = sorted([*staying, *moved], key=lambda event: event.tick)
        last = chunk[-1].tick
        last = max(last, end) if last >= seam else last
        chunks.append((*together, Event(max([last, *(event.tick for event in together[-1:])]), END_OF_TRACK)))
    return replace(events, chunks=tuple(chunks))


def _closes(event: Played, *, turned: Collection[Dialled], slows: bool) -> str:
    """What an event behind the seam is if it moves; nothing where it stays."""
    message = event.message
    if exclusive_body(message):
        return "system exclusive"
    if _tempo_of(message) is not None:
        return "tempo" if slows else ""
    if message[0] >= 0xF0 or (dialled := _dialled(event)) is None:
        return ""
    if dialled.kind == CONTROLLER and dialled.number >= FIRST_MODE:
        return MODES.get(dialled.number, f"mode message {dialled.number}")
    if (event.address, dialled) not in turned:
        return ""
    return dialled.kind if dialled.kind == REGISTERED else str(dialled)


def _turned(late: Collection[Played], *, seam: int, kept: Mapping[Dialled, Value]) -> set[Dialled]:
    """The dials that are taken out of their state behind the seam. What sets programmes, and what sets registered
    parameters, stays together: each is one dial here."""
    turned = set()
    for event in late:
        dialled = _dialled(event) if event.tick >= seam and event.message[0] < 0xF0 else None
        if dialled is None:
            continue
        key = (event.address, dialled)
        state = kept.get(key, power_on(dialled))
        if dialled.kind == REGISTERED or _value(event.message) != (state[-1] if isinstance(state, tuple) else state):
            turned.add(key)
    return turned


def _dialled(event: Played) -> Parameter | None:
    """The dial that a channel message turns; None for notes and the pressure of single keys."""
    kind, number = event.message[0] & 0xF0, event.message[1]
    if kind == 0xB0:
        if number in (BANK_COARSE, BANK_FINE):
            return Parameter(PROGRAM)
        return Parameter(REGISTERED) if number in ENTRY else Parameter(CONTROLLER, number)
    return {0xC0: Parameter(PROGRAM), 0xD0: Parameter(PRESSURE), 0xE0: Parameter(BEND)}.get(kind)


def _value(message: bytes) -> int | None:
    """What a message sets its dial to; None for a bank, which is only half of it."""
    if message[0] & 0xF0 == 0xE0:
        return message[1] | message[2] << 7
    if message[0] & 0xF0 == 0xB0:
        return None if message[1] in (BANK_COARSE, BANK_FINE) else message[2]
    return message[1]


def _tempo_of(message: bytes) -> int | None:
    is_tempo = message[0] == 0xFF and message[1] == TEMPO
    return int.from_bytes(message_payload(message), "big") if is_tempo else None


def _loop_ends(events: EventList) -> Callable[[bytes], bool]:
    """Which messages of a file end a loop."""
    controls = {m[1] for chunk in events.chunks for _, m in chunk if m[0] & 0xF0 == 0xB0 and m[1] in OTHER_LOOP}
    enders = {*LOOP_CONTROLLERS, *([OTHER_LOOP[1]] if OTHER_LOOP[0] in controls else [])}

    def is_loop_end(message: bytes) -> bool:
        if message[0] == 0xFF and message[1] in TEXTS:
            letters = "".join(filter(str.isalpha, text_of(message_payload(message)).lower()))
            return letters in LOOP_ENDS
        return message[0] & 0xF0 == 0xB0 and message[1] in enders

    return is_loop_end
